"""A reading 解读 as a line of history keeps it: what one text says of danger and of whom it complains (rule 80)."""

from enum import StrEnum
from typing import Literal

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.danger_signs import Danger, DangerKind


class Grievance(StrEnum):
    """What is said of somebody who might come to hold, supervise or read the ticket."""

    NONE = "none"
    SERVICE = "service"  # unhappy with the service: a person sees it first
    # It may tell of misconduct: a person sees it first, and nobody who may be meant does
    POSSIBLE = "possible"
    MISCONDUCT = "misconduct"  # 避开: the matter is kept from them


class Concerned(Frozen):
    """`parties`: codes of units and people, the narrowest known. `words` decided."""

    grievance: Grievance = Grievance.NONE
    parties: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


NOBODY = Concerned()


class Candidate(Frozen):
    """A category the text may be about. `share`: how often such a guess was right, 0 to 1."""

    category: str
    share: float


class Reading(Frozen):
    """What a text says. It only raises care: a person lowers it, with a reason.

    `words`: the pieces of the flat text that decided on danger, `signs` the rows of the town's lexicon. `lexicon`: the version of the town's data that read it.
    `matters`: how many things are spoken of, at least 1.
    """

    danger: Danger = Danger.NONE
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    category: str = ""  # what such a danger is filed under
    doubt: bool = False  # it sounds unlike an ordinary matter: a person sees it first, nobody is rung
    concerned: Concerned = NOBODY
    candidates: tuple[Candidate, ...] = ()
    matters: int = 1
    lexicon: str = ""


class Answer(StrEnum):
    """The resident's, to "现在有人有危险吗？"."""

    YES = "yes"  # 有，现在就有
    NO = "no"  # 没有，是隐患或已经过去
    UNSURE = "unsure"  # 说不清，请打给我


class DangerCase(Frozen):
    """危险 of a ticket: the highest that any of its texts spoke of, and what people have said of it since.

    `answer` is the resident's to "is somebody in danger now?": yes, no, unsure, or "" so far. `decided` is a person's of the
    town: yes, no, or "" so far; `reason` why not. Both stand for the level that they were said of.
    """

    level: Danger
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()  # the rows of danger.csv that heard it, for how often each is right
    since: Instant
    unheard: bool = False  # all that is known is that a recording waits to be heard
    answer: Answer | Literal[""] = ""
    decided: Answer | Literal[""] = ""
    by: str = ""  # who decided
    agreed_by: str = ""  # the second person who says no: only then is it learned from
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Somebody may be in danger, and nobody has said yes or no: the machine keeps its hands off."""
        return self.level is Danger.POSSIBLE and not self.decided


NOT_READ = Reading()
