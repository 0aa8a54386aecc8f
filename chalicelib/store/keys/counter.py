"""Keys of what stands at the counter, in the work table: drafts of policy knowledge, slips, precedents."""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, stands_in

KNOWLEDGE_DRAFTS_PK = "KNOWLEDGEDRAFTS"


@stands_in("work")
def knowledge_draft(draft_id: str) -> Key:
    """A question that no entry answers, with the answer given by hand, until an entry is made of it; half a year."""
    return Key(KNOWLEDGE_DRAFTS_PK, draft_id)


@stands_in("work")
def slip(ticket_id: str, holder: str) -> Key:
    """The slip of a ticket that was entered at the counter: of whoever it is about, or of the proxy."""
    return Key(f"SLIP#{ticket_id}", holder)


def precedents_pk(category: str) -> str:
    return f"PRECEDENTS#{category}"


@stands_in("work")
def precedent(category: str, at: datetime, ticket_id: str) -> Key:
    """A ruling on whose duty something of a category was, five years."""
    return Key(precedents_pk(category), f"{stamp(at)}#{ticket_id}")
