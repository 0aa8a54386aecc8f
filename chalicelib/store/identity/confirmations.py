"""Confirmations of what makes power: a short list of the whole town, asked, decided once, used once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.errors import NotFound, WrongStage
from chalicelib.domain.identity.confirmations import Confirmation
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Table, get, put, query, query_all, update

KEPT_FOR = timedelta(days=400)
MOST_LISTED = 50


def ask(asked: Confirmation) -> None:
    item = keys.attributes(keys.confirmation(asked.id)) | {
        "document": asked.model_dump_json(),
        "decision": asked.decision.value,
        "expires": int((asked.at + KEPT_FOR).timestamp()),
    }
    put(Table.WORK, item, if_absent=True)


def get_confirmation(confirmation_id: str) -> Confirmation:
    """Raises NotFound."""
    item = get(Table.WORK, *keys.confirmation(confirmation_id), consistent=True)
    if item is None:
        raise NotFound("没有这件待确认的事，请刷新列表")
    return documents.read(Confirmation, item["document"])


def decided(before: Confirmation, after: Confirmation) -> None:
    """The next state of one, once. Raises WrongStage when somebody was faster."""
    try:
        update(
            Table.WORK,
            *keys.confirmation(after.id),
            "SET #document = :document, #decision = :after",
            condition="#decision = :before",
            document=after.model_dump_json(),
            before=before.decision.value,
            after=after.decision.value,
        )
    except ConditionFailed as faster:
        raise WrongStage("这件事刚刚有人处理过了，请刷新列表") from faster


def list_since(oldest: datetime) -> Iterator[Confirmation]:
    """Every one asked since then, newest first, however many."""
    for item in query_all(Table.WORK, keys.CONFIRMATIONS, newest_first=True, consistent=True):
        asked = documents.read(Confirmation, item["document"])
        if asked.at < oldest:
            return
        yield asked


def list_latest() -> list[Confirmation]:
    """The latest, newest first."""
    page = query(Table.WORK, keys.CONFIRMATIONS, newest_first=True, limit=MOST_LISTED, consistent=True)
    return [documents.read(Confirmation, item["document"]) for item in page]
