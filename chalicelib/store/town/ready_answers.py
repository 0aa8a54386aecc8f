"""Reusable answers 常用答复 of a station: what its desk says often, ready to be put into an answer."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import Frozen, Instant
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Table, delete, get, put, query, update

PAGE = 100
_GONE = "没有这条常用答复，可能已被同事删除，请刷新列表"


class Answer(Frozen):
    """One ready text. `by` is who wrote it last."""

    id: str
    title: str
    text: str
    category: str | None = None
    by: str
    at: Instant


def add(station: str, answer: Answer) -> None:
    put(
        Table.WORK,
        keys.attributes(keys.ready_answer(station, answer.id)) | {"document": answer.model_dump_json()},
    )


def replace(station: str, answer: Answer) -> None:
    """Raises NotFound for one that the station does not have (any more)."""
    document = answer.model_dump_json()
    try:
        update(
            Table.WORK,
            *keys.ready_answer(station, answer.id),
            "SET #document = :document",
            condition="attribute_exists(PK)",
            document=document,
        )
    except ConditionFailed as gone:
        raise NotFound(_GONE) from gone


def get_answer(station: str, answer_id: str) -> Answer:
    """Raises NotFound for one that the station does not have (any more)."""
    item = get(Table.WORK, *keys.ready_answer(station, answer_id), consistent=True)
    if item is None:
        raise NotFound(_GONE)
    return documents.read(Answer, item["document"])


def remove(station: str, answer_id: str) -> None:
    """Gone, also when it was gone before."""
    delete(Table.WORK, *keys.ready_answer(station, answer_id))


def list_answers(station: str, *, after: str | None = None) -> tuple[list[Answer], str | None]:
    """A page of a station's answers, oldest first."""
    page = query(Table.WORK, keys.ready_answers_pk(station), limit=PAGE, after=after)
    return [documents.read(Answer, item["document"]) for item in page], page.next
