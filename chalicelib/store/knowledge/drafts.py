"""Questions without an entry and drafts of entries, for half a year; the same question again only counts."""

from contextlib import suppress
from datetime import timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.knowledge.drafts import Draft
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Table, delete, get, put, query_all, update

KEPT = timedelta(days=180)


def add(draft: Draft, *, of: str) -> None:
    """One more time for a question that is known, whose words stay as they were. `of` says which asking it was: the same one
    that comes again counts once.
    """
    key = keys.knowledge_draft(draft.id)
    item = {"document": draft.model_dump_json(), "n": 1, "of": of, "expires": _expires(draft)}
    if put(Table.WORK, keys.attributes(key) | item, if_absent=True):
        return
    with suppress(ConditionFailed):
        update(Table.WORK, *key, "SET #of = :of ADD #n :one", condition="#of <> :of", of=of, one=1)


def replace(draft: Draft) -> None:
    """Raises NotFound for one that was done meanwhile."""
    try:
        update(
            Table.WORK,
            *keys.knowledge_draft(draft.id),
            "SET #document = :document",
            condition="attribute_exists(PK)",
            document=draft.model_dump_json(),
        )
    except ConditionFailed as gone:
        raise NotFound("这条已经处理过了，请刷新列表") from gone


def get_draft(draft_id: str) -> Draft:
    item = get(Table.WORK, *keys.knowledge_draft(draft_id), consistent=True)
    if item is None:
        raise NotFound("没有这条，可能已经处理过了，请刷新列表")
    return _read(item)


def remove(draft_id: str) -> None:
    """Gone, also when it was gone before."""
    delete(Table.WORK, *keys.knowledge_draft(draft_id))


def list_drafts() -> list[Draft]:
    """Of all keepers, the most asked first."""
    found = [_read(item) for item in query_all(Table.WORK, keys.KNOWLEDGE_DRAFTS_PK)]
    return sorted(found, key=lambda draft: (-draft.times, draft.at))


def _read(item: dict[str, object]) -> Draft:
    draft = documents.read(Draft, str(item["document"]))
    return draft.model_copy(update={"times": int(str(item["n"]))})


def _expires(draft: Draft) -> int:
    return int((draft.at + KEPT).timestamp())
