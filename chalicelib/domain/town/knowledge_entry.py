"""Policy knowledge 政策知识 as the town's data: knowledge.csv, one row an answer with its source; everyday_words.csv, how people say it."""

import hashlib
from datetime import date

from chalicelib.domain.model import Frozen


class KnowledgeEntry(Frozen):
    """One answer of an office. Never shown without a source, nor after its last day (rule 82)."""

    code: str
    title: str
    answer: str
    steps: str = ""
    source_title: str = ""
    source_url: str = ""
    source_date: date | None = None
    valid_until: date | None = None
    owner: str = ""  # a unit's code, or an office's free name
    keeper: str = ""  # the unit that looks after it where the owner is none of the town's
    phone: str = ""
    audience: str = ""
    category: str = ""  # a topic of its own, beside the town's categories
    aliases: tuple[str, ...] = ()
    verified: bool = False

    @property
    def version(self) -> str:
        """Changes with every word that a resident may have been given: what was sent cites it."""
        cited = (self.answer, self.steps, self.source_title, self.source_url, str(self.source_date))
        return hashlib.sha256("\n".join(cited).encode()).hexdigest()[:8]

    def is_in_force(self, today: date) -> bool:
        """Sourced, and its last day has not passed; that day still counts. Else it is shown to nobody."""
        return bool(self.source_title) and (self.valid_until is None or today <= self.valid_until)


class EverydayWords(Frozen):
    """A term of the offices, and the patterns (`understanding.phrases`) by which people mean it."""

    term: str
    everyday: str
