"""Schemas of orders of partners, as lists and as files that were read."""

from typing_extensions import TypedDict

from chalicelib.domain.jobs import Trouble


class OrderRow(TypedDict):
    """外部派单: an order with both deadlines, and how it stands with its partner."""

    number: str
    at: str
    ticket_id: str
    ticket_number: str
    stage: str
    stage_name: str
    category_name: str
    place: str
    their_due_at: str | None
    due_at: str | None
    to_check: str
    standing: str
    detail: str


class PassedLine(TypedDict):
    """A line of a file that was passed over, and why."""

    line: int
    why: str


class OrdersRead(TypedDict):
    """读到的: what a file of orders holds, said back."""

    rows: int
    taken: int
    first: str
    last: str
    to_check: list[Trouble]
    troubles: list[Trouble]
    passed_over: list[PassedLine]
    other_sheets: list[str]
