"""Volunteers who signed up: a document each, listed by station and state, and the one way from a resident to it.

Nothing here leads from a volunteer to the resident: who it is lies in `identities`.
"""

from collections.abc import Callable

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.visits.volunteers import State, Volunteer
from chalicelib.store import documents, keys
from chalicelib.store.identity.identities import Contact
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, get, put_op, query, transact
from chalicelib.store.table import put as put_item
from chalicelib.store.tickets import alarms

PAGE = 50
_TRIES = 5


def find_of(resident: str) -> Volunteer | None:
    """What a resident signed up as."""
    pointer = get(Table.WORK, *keys.volunteer_of(resident), consistent=True)
    return find(pointer["volunteer_id"]) if pointer else None


def find(volunteer_id: str) -> Volunteer | None:
    item = get(Table.WORK, *keys.volunteer(volunteer_id), consistent=True)
    return documents.read(Volunteer, item["document"]) if item else None


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
    pk, begins = keys.volunteers_pk(station), keys.volunteers_in(state)
    page = query(Table.WORK, pk, begins=begins, index="GSI1", limit=PAGE, after=after)
    return [documents.read(Volunteer, item["document"]) for item in page], page.next


def sign_up(volunteer: Volunteer, resident: str, contact: Contact) -> None:
    """Write a sign-up with name and phone, which go to `identities`. Raises TryAgain when it was written meanwhile."""
    pointer = keys.attributes(keys.volunteer_of(resident)) | {"volunteer_id": volunteer.id}
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
    item = get(Table.IDENTITIES, *keys.volunteer_contact(volunteer_id), consistent=True) or {}
    return Contact(name=item.get("name", ""), phone=item.get("phone", ""))


def forget(resident: str) -> None:
    """The resident is no volunteer any more and nobody knows who it was; the walks and tickets keep the call sign's id."""
    found = find_of(resident)
    if found is None:
        return
    batch_write(Table.IDENTITIES, deletes=[keys.volunteer_contact(found.id)])
    batch_write(Table.WORK, deletes=[keys.volunteer(found.id)])
    # last: the others are found by it
    batch_write(Table.WORK, deletes=[keys.volunteer_of(resident)])


def _op(volunteer: Volunteer) -> Item:
    listed = keys.volunteer_at(volunteer.station, volunteer.state, volunteer.at, volunteer.id)
    document = volunteer.model_dump_json(exclude_defaults=True)
    item = keys.attributes(keys.volunteer(volunteer.id), listed)
    item |= {"version": volunteer.version, "document": document}
    if volunteer.version == 1:
        return put_op(Table.WORK, item, if_absent=True)
    return put_op(Table.WORK, item, condition="#version = :seen", seen=volunteer.version - 1)


def _kept_until(volunteer: Volunteer) -> int:
    """Name and phone are for the station's decision; a year later nobody needs them, and they go by themselves."""
    return int((volunteer.consented_at + alarms.keep_identity()).timestamp())


def _contact_item(volunteer_id: str, contact: Contact) -> Item:
    who = {"name": contact.name, "phone": contact.phone}
    return keys.attributes(keys.volunteer_contact(volunteer_id)) | who
