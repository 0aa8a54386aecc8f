"""What a resident is offered before sending, and when the machine is silent (rule 82)."""

from collections.abc import Sequence

from chalicelib.domain.knowledge.finding import Found
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry


def offered(found: Sequence[Found], reading: Reading) -> KnowledgeEntry | None:
    """The one entry that a resident is asked about: "这条答复了您吗？" Silence where the words are not sure enough.

    What shows danger, or complains of somebody, is never answered so: a person reads it.
    """
    if reading.danger is not Danger.NONE or reading.concerned.grievance is not Grievance.NONE:
        return None
    return found[0].entry if found and found[0].is_sure else None
