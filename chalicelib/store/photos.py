"""What is known of an uploaded photo: whose it is and whether it may be shown. The pictures themselves lie in S3.

A photo is granted (a place to upload to), then ready or refused; it changes state once, so a second upload to the same
place cannot replace what the desk has already seen. Until a ticket takes it, it stands among those that the night removes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Invalid, NotFound, NotYours
from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.ids import new_id
from chalicelib.store import documents, keys, table
from chalicelib.store.table import Table

MOST_PHOTOS = 9


class PhotoState(StrEnum):
    GRANTED = "granted"
    READY = "ready"
    REFUSED = "refused"


class Photo(Frozen):
    """`owner` is the session's subject, "" once forgotten. `reason`: why it was refused, in Chinese.

    `ticket_id`: the last ticket that took it. `covered_as`: the picture that everybody but its owner and the desk is shown
    in its place, "" where nothing of it is covered; `covered_by`: who covered it.
    """

    id: str
    owner: str
    content_type: str
    state: PhotoState = PhotoState.GRANTED
    reason: str = ""
    granted_at: Instant
    ticket_id: str = ""
    covered_as: str = ""
    covered_by: str = ""

    @property
    def shown_as(self) -> str:
        """The id of the picture that a unit, neighbours or the public may see."""
        return self.covered_as or self.id


def grant(owner: str, content_type: str, now: datetime) -> Photo:
    """A new photo that `owner` may upload."""
    photo = Photo(id=new_id(), owner=owner, content_type=content_type, granted_at=now)
    item = keys.attributes(key(photo.id), keys.photo_unused(now, photo.id))
    table.put(Table.WORK, item | photo.model_dump(mode="json"))
    return photo


def key(photo_id: str) -> keys.Key:
    return keys.photo(photo_id)


def find(photo_id: str) -> Photo | None:
    item = table.get(Table.WORK, *key(photo_id), consistent=True)
    return load(item) if item else None


def get(photo_id: str) -> Photo:
    photo = find(photo_id)
    if photo is None:
        raise NotFound("没有这张照片")
    return photo


def get_many(photo_ids: Iterable[str]) -> dict[str, Photo]:
    """The photos that exist among `photo_ids`, by id."""
    found = table.batch_get(Table.WORK, map(key, photo_ids), consistent=True)
    return {photo.id: photo for photo in map(load, found)}


def mark(photo_id: str, state: PhotoState, reason: str = "") -> bool:
    """Record what became of an upload. False, and nothing changed, when that was recorded before.

    What a ticket took before it was refused is missed there.
    """
    is_new = _change(
        photo_id,
        "SET #state = :state, #reason = :reason",
        "#state = :granted",
        state=state.value,
        reason=reason,
        granted=PhotoState.GRANTED.value,
    )
    if state is PhotoState.REFUSED:
        _miss(photo_id)
    return is_new


def check_owner(photo_ids: Iterable[str], owner: str) -> tuple[str, ...]:
    """The ids, once each, when `check` has nothing against them."""
    wanted = tuple(dict.fromkeys(photo_ids))
    return check(wanted, get_many(wanted[: MOST_PHOTOS + 1]), owner)


def check(photo_ids: Iterable[str], known: Mapping[str, Photo], owner: str) -> tuple[str, ...]:
    """The ids, once each, when all are known as `owner`'s and none was refused.

    One that is still being looked at passes: the report does not wait for it. Raises Invalid for more than nine, an
    unknown or a refused one, NotYours for somebody else's.
    """
    wanted = tuple(dict.fromkeys(photo_ids))
    if len(wanted) > MOST_PHOTOS:
        raise Invalid(f"照片最多 {MOST_PHOTOS} 张", fields=["photos"])
    if any(photo_id not in known for photo_id in wanted):
        raise Invalid("有照片没有上传成功，请删掉后重新添加", fields=["photos"])
    taken = [known[photo_id] for photo_id in wanted]
    if any(photo.owner != owner for photo in taken):
        raise NotYours("只能使用自己上传的照片", fields=["photos"])
    refused = [photo for photo in taken if photo.state is PhotoState.REFUSED]
    if refused:
        raise Invalid(refused[0].reason, fields=["photos"], photo_id=refused[0].id)
    return wanted


def take(photo_ids: Iterable[str], ticket_id: str) -> None:
    """A ticket holds these now, so the night leaves them alone. Twice is as once; one that is gone is left out.

    One that was refused meanwhile is missed by its ticket from now on.
    """
    taken = tuple(photo_ids)
    for photo_id in taken:
        _change(photo_id, "SET #ticket_id = :ticket REMOVE #GSI1PK, #GSI1SK", ticket=ticket_id)
    for photo in get_many(taken).values():
        if photo.state is PhotoState.REFUSED:
            _miss(photo.id)


def list_missed(*, limit: int) -> list[Photo]:
    """Photos that a ticket took and that were refused since: somebody is to hear of it, and no list shows them."""
    page = table.query(Table.WORK, keys.PHOTOS_MISSED_PK, index="GSI1", limit=limit)
    return list(get_many(keys.photo_id_of(item["PK"]) for item in page).values())


def put_right(photo_id: str) -> None:
    """Its ticket knows that there is no such photo. Twice is as once."""
    _change(photo_id, "REMOVE #GSI1PK, #GSI1SK", "#state = :refused", refused=PhotoState.REFUSED.value)


def _miss(photo_id: str) -> None:
    """Listed as missed, where it was refused and a ticket has it; whichever of the two came last sees both."""
    listed = keys.photo_missed(photo_id)
    _change(
        photo_id,
        "SET #GSI1PK = :missed, #GSI1SK = :photo",
        "#state = :refused AND #ticket_id <> :none",
        missed=listed.pk,
        photo=listed.sk,
        refused=PhotoState.REFUSED.value,
        none="",
    )


def list_unused(until: datetime, *, limit: int) -> list[str]:
    """Photos granted until this instant that no ticket took, oldest first; one page."""
    page = table.query(Table.WORK, keys.PHOTOS_UNUSED_PK, index="GSI1", until=f"{stamp(until)}~", limit=limit)
    return [keys.photo_id_of(item["PK"]) for item in page]


def give_up(photo_id: str) -> bool:
    """Nobody may use it any more. False, and nothing changed, when a ticket took it meanwhile."""
    reason = "照片存放太久没有提交，请重新添加"
    return _change(
        photo_id,
        "SET #state = :refused, #reason = :reason",
        "attribute_exists(#GSI1PK)",
        refused=PhotoState.REFUSED.value,
        reason=reason,
    )


def cover(photo: Photo, covered_as: str, *, by: str) -> bool:
    """From now on `covered_as` is shown in its place; "": the photo itself. False where it was covered meanwhile."""
    return _change(
        photo.id,
        "SET #covered_as = :new, #covered_by = :by",
        "#covered_as = :old" if photo.covered_as else "attribute_exists(PK)",
        new=covered_as,
        by=by,
        **({"old": photo.covered_as} if photo.covered_as else {}),
    )


def disown(photo_ids: Iterable[str], owners: Iterable[str]) -> None:
    """Of the photos that are one of these people's, nobody knows any more whose they are."""
    people = frozenset(owners)
    for photo in get_many(photo_ids).values():
        if photo.owner in people:
            _change(photo.id, "SET #owner = :nobody", nobody="")


def remove(photo_id: str) -> None:
    table.delete(Table.WORK, *key(photo_id))


def _change(photo_id: str, expression: str, condition: str = "attribute_exists(PK)", **values: str) -> bool:
    try:
        table.update(Table.WORK, *key(photo_id), expression, condition=condition, **values)
    except table.ConditionFailed:
        return False
    return True


def load(item: table.Item) -> Photo:
    return documents.built(Photo, {name: item[name] for name in Photo.model_fields if name in item})
