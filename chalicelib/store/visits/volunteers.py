"""Volunteers who signed up: a document each, listed by station and state, and the one way from a resident to it.

Nothing here leads from a volunteer to the resident: who it is lies in `identities`.
"""

from collections.abc import Callable

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.model import stamp
from chalicelib.domain.visits.volunteers import State, Volunteer
from chalicelib.store.identity.identities import Contact
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, get, put_op, query, transact
from chalicelib.store.table import put as put_item
from chalicelib.store.tickets import alarms

PAGE = 50
_TRIES = 5


def find_of(resident: str) -> Volunteer | None:
    """What a resident signed up as."""
    pointer = get(Table.WORK, f"VOLUNTEEROF#{resident}", "VOLUNTEER", consistent=True)
    return find(pointer["volunteer_id"]) if pointer else None


def find(volunteer_id: str) -> Volunteer | None:
    item = get(Table.WORK, f"VOLUNTEER#{volunteer_id}", "VOLUNTEER", consistent=True)
    return Volunteer.model_validate_json(item["document"]) if item else None


def get_volunteer(volunteer_id: str) -> Volunteer:
    """Raises NotFound."""
    found = find(volunteer_id)
    if found is None:
        raise NotFound("没有这位志愿者，请刷新列表")
    return found


def list_volunteers(
    station: str, state: State, *, after: str | None = None
) -> tuple[list[Volunteer], str | None]:
    """A station's volunteers in one state, those longest in it first."""
    page = query(
        Table.WORK, f"VOLUNTEERS#{station}", begins=f"{state.value}#", index="GSI1", limit=PAGE, after=after
    )
    return [Volunteer.model_validate_json(item["document"]) for item in page], page.next


def sign_up(volunteer: Volunteer, resident: str, contact: Contact) -> None:
    """Write a sign-up with name and phone, which go to `identities`. Raises TryAgain when it was written meanwhile."""
    pointer = {"PK": f"VOLUNTEEROF#{resident}", "SK": "VOLUNTEER", "volunteer_id": volunteer.id}
    same = "attribute_not_exists(PK) OR #volunteer_id = :id"
    operations = [
        _op(volunteer),
        put_op(Table.WORK, pointer, condition=same, id=volunteer.id),
        put_op(Table.IDENTITIES, _contact_item(volunteer.id, contact) | {"expires": _kept_until(volunteer)}),
    ]
    try:
        transact(operations)
    except ConditionFailed as taken:
        raise TryAgain("您刚刚报过名，请刷新后再看") from taken


def change(volunteer_id: str, decide: Callable[[Volunteer], Volunteer]) -> Volunteer:
    """Load, decide, save; again when somebody else came between. Raises NotFound, TryAgain, what `decide` raises."""
    for _ in range(_TRIES):
        after = decide(get_volunteer(volunteer_id))
        try:
            transact([_op(after)])
        except ConditionFailed:
            continue
        return after
    raise TryAgain("这位志愿者正被多人同时处理，请稍后再试")


def erase_contact(volunteer_id: str) -> None:
    """Name and phone are overwritten by nothing: the API may only put into `identities`."""
    put_item(Table.IDENTITIES, _contact_item(volunteer_id, Contact()))


def find_contact(volunteer_id: str) -> Contact:
    """For `reveal` alone; empty where it was erased."""
    item = get(Table.IDENTITIES, f"VOLUNTEER#{volunteer_id}", "CONTACT", consistent=True) or {}
    return Contact(name=item.get("name", ""), phone=item.get("phone", ""))


def forget(resident: str) -> None:
    """The resident is no volunteer any more and nobody knows who it was; the walks and tickets keep the call sign's id."""
    found = find_of(resident)
    if found is None:
        return
    batch_write(Table.IDENTITIES, deletes=[(f"VOLUNTEER#{found.id}", "CONTACT")])
    batch_write(Table.WORK, deletes=[(f"VOLUNTEER#{found.id}", "VOLUNTEER")])
    batch_write(
        Table.WORK, deletes=[(f"VOLUNTEEROF#{resident}", "VOLUNTEER")]
    )  # last: the others are found by it


def _op(volunteer: Volunteer) -> Item:
    listed = {
        "GSI1PK": f"VOLUNTEERS#{volunteer.station}",
        "GSI1SK": f"{volunteer.state.value}#{stamp(volunteer.at)}#{volunteer.id}",
    }
    item = {
        "PK": f"VOLUNTEER#{volunteer.id}",
        "SK": "VOLUNTEER",
        "version": volunteer.version,
        "document": volunteer.model_dump_json(exclude_defaults=True),
    }
    if volunteer.version == 1:
        return put_op(Table.WORK, item | listed, if_absent=True)
    return put_op(Table.WORK, item | listed, condition="#version = :seen", seen=volunteer.version - 1)


def _kept_until(volunteer: Volunteer) -> int:
    """Name and phone are for the station's decision; a year later nobody needs them, and they go by themselves."""
    return int((volunteer.consented_at + alarms.keep_identity()).timestamp())


def _contact_item(volunteer_id: str, contact: Contact) -> Item:
    keys = {"PK": f"VOLUNTEER#{volunteer_id}", "SK": "CONTACT"}
    return keys | {"name": contact.name, "phone": contact.phone}
