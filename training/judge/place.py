"""Where and when sentences are judged: a stairwell of the sample town, a weekday at 14:00. Deciding only, nothing is stored."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from chalicelib.actions.tickets import listening
from chalicelib.domain.acts.dispatching import dispatch
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.acts.words import Spoken, said_by_resident
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ResidentChannel, Role, Source, UnitKind
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.options import EVERY_FILE

TOWN_FILES = Path(__file__).resolve().parents[2] / "town"
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=SHANGHAI)  # a Wednesday
STAIRWELL = "SHJY-4-1"
ORDINARY = "楼道灯不亮，麻烦换一只"  # what a later word is added to


@cache
def town() -> Town:
    """The sample town. Raises ValueError where its files have faults."""
    files = {f"{name}.csv": TOWN_FILES / f"{name}.csv" for name in EVERY_FILE}
    read = read_town(
        {name: file.read_bytes() for name, file in files.items() if file.exists()},
        version="judge",
        today=date(NOW.year, NOW.month, NOW.day),
    )
    if read.town is None:
        raise ValueError(f"示例镇的资料有错：{read.errors[:3]}")
    return read.town


@cache
def where() -> Where:
    building = town().find_place(STAIRWELL.rpartition("-")[0])
    assert building is not None
    return Where(
        place=STAIRWELL,
        path=(*building.path, STAIRWELL),
        name=f"{building.full_name or building.name} 1单元楼道",
        inside_wall=building.inside_wall,
        point_code=STAIRWELL,
    )


def reported(text: str) -> Changed:
    """A resident's report of this text by the printed code, read and received as every report is."""
    report = Report(
        id="01JUDGE",
        number="MS261125-JUDGED-0",
        source=Source.QR,
        reporter_id="judge",
        reachable=ResidentChannel.IN_APP,
        where=where(),
        text=text,
        reading=listening.read(text, where(), town()),
    )
    return receive(report, town=town(), now=NOW)


@cache
def an_ordinary_ticket() -> Ticket:
    """A lamp that was reported and is with the property manager."""
    ticket, _ = reported(ORDINARY)
    if ticket.lead_unit_id:
        return ticket
    clerk = town().on_duty(ticket.station_id, Role.FIRST_CONTACT, NOW, ticket.where.path)
    unit = next(
        unit for unit in town().units if unit.kind is UnitKind.PROPERTY and unit.area in ticket.where.path
    )
    assert clerk is not None
    return dispatch(
        ticket, unit_id=unit.code, handler_id=None, by=clerk, track=None, note="", town=town(), now=NOW
    )[0]


def commented(text: str) -> Changed:
    """The same text as a later comment on it: what follows of its danger, else the line of the comment itself."""
    ticket, reading = an_ordinary_ticket(), listening.read(text, where(), town())
    spoken = Spoken(text, reading=reading)
    line = said_by_resident(ticket, spoken, by=Actor.REPORTER, town=town(), now=NOW)
    return listening.decided(ticket, reading, by=Actor.REPORTER, town=town(), now=NOW) or (ticket, line)
