"""Schemas of partners and of what is exchanged with them."""

from typing_extensions import TypedDict

from chalicelib.actions.partners.schemas import OrdersRead, PassedLine
from chalicelib.domain.schemas import NamedFile


class PartnerShown(TypedDict):
    """A partner as the desk sees it."""

    name: str
    title: str
    source: str
    upward: bool
    has_interface: bool


class Received(TypedDict):
    """What a partner sent, by its own number, our ticket, and how it was taken."""

    received: str
    ticket: str
    how: str


class OrdersBegun(OrdersRead):
    """A file of orders, and the job that takes them in."""

    job: str


class ExchangeShown(TypedDict):
    """往来: what was exchanged about an order; `copy`: the words to be entered there by hand."""

    id: str
    partner: str
    partner_title: str
    number: str
    name: str
    ticket_id: str
    ticket_number: str
    state: str
    at: str
    act: str
    code: str
    unit: str
    note: str
    reason: str
    report: dict[str, str]
    due_at: str | None
    attempts: int
    detail: str
    to_check: str
    retry_at: str | None
    done_at: str | None
    done_by: str
    copy: str


class AnswerFile(NamedFile):
    """A partner's 回复文件, and the ids of the exchanges whose rows are in it."""

    exchanges: list[str]


class StatusesTaken(TypedDict):
    """What a file of answers held, said back: how many rows, how many of them were news, and how many were known."""

    rows: int
    taken: int
    same: int
    first: str
    last: str
    passed_over: list[PassedLine]
    other_sheets: list[str]
