"""An entry as it is cited in an answer: which one, and which version of its words (rule 82)."""

from datetime import date

from chalicelib.domain.errors import NotFound
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry


def cited(code: str, town: Town, today: date) -> KnowledgeEntry:
    """Raises NotFound for an entry that does not exist, has no source, or is over."""
    entry = next((each for each in town.knowledge if each.code == code), None)
    if entry is None or not entry.is_in_force(today):
        raise NotFound("没有这条政策知识，或已过有效期，请重新选择", fields=["knowledge"])
    return entry


def citation(code: str, town: Town, today: date) -> dict[str, str]:
    """What a line of history keeps of the entry that an answer cites; nothing without a code. Raises as `cited`."""
    if not code:
        return {}
    entry = cited(code, town, today)
    return {
        "knowledge": entry.code,
        "knowledge_version": entry.version,
        "knowledge_source": entry.source_title,
    }
