"""留痕封存: what was written goes, as digests, where nobody can change it; by night the days that are over get their roots."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from chalicelib.domain.identity.chain import root_of
from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways import kept_lines
from chalicelib.store.identity import chain

MOST_DAYS_A_NIGHT = 400


def keep(records: Iterable[chain.Record], *, now: datetime) -> int:
    """The lines of a stream's batch as one object of today. The same batch again is the same object."""
    lines = [chain.kept_of(record).model_dump_json() for record in records]
    if lines:
        kept_lines.put_lines(_day(now), "\n".join(lines).encode())
    return len(lines)


def seal(*, now: datetime) -> int:
    """The root of each day that is over and has none yet, hung on the one before. Answers how many.

    Into the bucket first: a root that is noted lies there.
    """
    last, sealed = chain.find_last_root(), 0
    for day in _over(last.day if last else None, _day(now)):
        last = root_of(day, last.root if last else "", kept_lines.objects(day))
        kept_lines.put_root(last)
        chain.note_root(last)
        sealed += 1
    return sealed


def _over(last: date | None, today: date) -> list[date]:
    """Every day since the last root, also one on which nobody wrote; at first, since the first object."""
    days = kept_lines.days(last)
    if last is None and not days:
        return []
    first = last + timedelta(days=1) if last else days[0]
    count = min((today - first).days, MOST_DAYS_A_NIGHT)
    return [first + timedelta(days=each) for each in range(count)]


def _day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
