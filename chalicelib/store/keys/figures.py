"""Keys of what is counted, in the work table: facts by day and area, counts, alerts, bulletins."""

from datetime import date

from chalicelib.store.keys.shapes import Key, shelved, stands_in

FACTS_RECEIVED = "IN#"
FACTS_ENDED = "END#"
COUNTED_AREAS_PK = "COUNTS"
DAYS_COUNTED = "DAY#"
DAYS_OPEN = "OPEN#"
ALERTS = "AT#"
ALERTS_RUNNING = "NOW#"


def facts_pk(day: date, area: str) -> str:
    return f"DAY#{day}#{area}"


@stands_in("work")
def fact_received(day: date, area: str, ticket_id: str) -> Key:
    """What figures count of a ticket, under the day it was received."""
    return Key(facts_pk(day, area), f"{FACTS_RECEIVED}{ticket_id}")


@stands_in("work")
def fact_ended(day: date, area: str, ticket_id: str) -> Key:
    """A copy under the day it ended."""
    return Key(facts_pk(day, area), f"{FACTS_ENDED}{ticket_id}")


@stands_in("work")
def facts_gone(day: date, area: str) -> Key:
    """Counts of the cases that were removed."""
    return Key(facts_pk(day, area), "GONE")


def to_count_pk(shelf: int = 0) -> str:
    return shelved("MARKS", shelf)


@stands_in("work")
def to_count(day: date, area: str, shelf: int = 0) -> Key:
    """Changed, and not counted yet; by shelf of the ticket, the first without a number."""
    return Key(to_count_pk(shelf), f"{day}#{area}")


def counts_pk(area: str) -> str:
    return f"COUNTS#{area}"


def counted_area_of(pk: str) -> str:
    return pk.removeprefix("COUNTS#")


@stands_in("work")
def counts(area: str, day: date) -> Key:
    """What figures read of a day and area."""
    return Key(counts_pk(area), f"{DAYS_COUNTED}{day}")


def counted_day_of(sk: str) -> date:
    return date.fromisoformat(sk.removeprefix(DAYS_COUNTED))


@stands_in("work")
def still_open(area: str, day: date) -> Key:
    """What was received that day and is open."""
    return Key(counts_pk(area), f"{DAYS_OPEN}{day}")


@stands_in("work")
def counted_area(area: str) -> Key:
    """An area that was ever counted, among all of them."""
    return Key(COUNTED_AREAS_PK, f"AREA#{area}")


def alerts_pk(area: str) -> str:
    return f"ALERTS#{area}"


@stands_in("work")
def alert(area: str, alert_id: str) -> Key:
    """A trend or a first sign; its id is <day>~<kind>~<area>~<place>~<category>."""
    return Key(alerts_pk(area), f"{ALERTS}{alert_id}")


@stands_in("work")
def alert_running(area: str, kind: str, place: str, category: str) -> Key:
    """The same while it goes on: the claim by which it is told once."""
    return Key(alerts_pk(area), f"{ALERTS_RUNNING}{kind}#{place}#{category}")


@stands_in("work")
def thresholds() -> Key:
    """What an alert takes, as the town set it."""
    return Key("THRESHOLDS", "THRESHOLDS")


def bulletins_pk(area: str) -> str:
    return f"BULLETINS#{area}"


@stands_in("work")
def bulletin(area: str, monday: date) -> Key:
    """A bulletin that was made; page and sheet lie in S3 under bulletins/."""
    return Key(bulletins_pk(area), f"{monday}")


SAID_OFTEN_PK = "SAID"


def said_pk(mark: str) -> str:
    return f"SAID#{mark}"


@stands_in("work")
def said(mark: str, ticket_id: str) -> Key:
    """A ticket on which these words were said, for sixty days."""
    return Key(said_pk(mark), ticket_id)


@stands_in("work")
def said_often(mark: str) -> Key:
    """The mark of words that were said on many tickets."""
    return Key(SAID_OFTEN_PK, mark)


def handled_pk(area: str, category: str) -> str:
    return f"HANDLED#{area}#{category}"


@stands_in("work")
def handled(area: str, category: str, ticket_id: str) -> Key:
    """A closed ticket's unit, track and working hours, for a year after its closing."""
    return Key(handled_pk(area, category), ticket_id)
