"""Schemas of trends with what is behind them, and of weekly bulletins."""

from typing_extensions import TypedDict

from chalicelib.actions.tickets.schemas import TicketLine
from chalicelib.domain.figures.schemas import AlertShown
from chalicelib.domain.schemas import Named, Span


class Alerts(TypedDict):
    """A page of alerts, and the areas whose alerts the caller may ask for."""

    items: list[AlertShown]
    next: str | None
    areas: list[Named]


class AlertWithTickets(AlertShown):
    """An alert with the tickets behind it; `hidden`: how many the caller may not see."""

    items: list[TicketLine]
    hidden: int


class BulletinShown(Span):
    """周报 of an area: a page to print and a sheet, by links that work for five minutes."""

    area: str
    area_name: str
    made_at: str
    page: str
    sheet: str
