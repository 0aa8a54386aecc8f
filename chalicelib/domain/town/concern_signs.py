"""Who may be complained about and how, as the town's data: concerns.csv (rule 21)."""

from enum import StrEnum

from chalicelib.domain.model import Frozen

NAMELESS = "nameless"


class ConcernRow(StrEnum):
    """What a row of concerns.csv says."""

    GROUP = "group"  # 词组: only names words, which other rows use as {name}
    ALIAS = "alias"  # 称呼: how people call a party
    OUTSIDER = "outsider"  # 外人: whose misconduct is an ordinary matter
    PRAISE = "praise"  # 好评: thanks, an apology, a question about work
    MISCONDUCT = "misconduct"  # 失德: an act done to the writer or to others
    SERVICE = "service"  # 不满: unhappy with what was done, or not done


class ConcernSign(Frozen):
    """One row of concerns.csv. `words` and `unless` are patterns (`phrases`); what stands in `unless` over it takes it back.

    `party` of an alias: a unit's code, or `property`, `committee`, `grid`, `station`, `police`, `office` or `unknown`,
    which the place of the report makes into codes.
    """

    code: str
    kind: ConcernRow
    name: str = ""
    party: str = ""
    words: str
    unless: str = ""

    @property
    def is_nameless(self) -> bool:
        """无名: a sign although nobody is named, for only whoever handles such things can have done it."""
        return self.party == NAMELESS
