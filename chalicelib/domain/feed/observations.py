"""观测: what sensors saw, and when so many of them within so long are a ticket (sensor_rules.csv)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.partners.signatures import WINDOW
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.sensor_rules import SensorRule

OLDEST = timedelta(days=1)  # a sensor that was cut off for longer tells of what nobody can look at any more
MOST_NAMED = 20  # in the text of a ticket


class Observation(Frozen):
    """One thing that one sensor saw. `id` is the sensor's own; the same again, at the same instant, is the same."""

    id: str
    sensor: str
    kind: str
    at: Instant
    value: float | None = None
    note: str = ""  # scrubbed
    evidence: str = ""  # a link, never fetched


def check(found: Iterable[Observation], now: datetime) -> None:
    """Raises Invalid, naming them, for what is further ahead of our clock than any partner may be, or over a day old.

    The last instant of either still counts.
    """
    wrong = [each.id for each in found if not now - OLDEST <= each.at <= now + WINDOW]
    if wrong:
        raise Invalid(
            "观测时间早于一天前，或晚于现在五分钟以上，一条都没有收下；请校准传感器时钟", fields=wrong[:100]
        )


def counts(observation: Observation, rule: SensorRule) -> bool:
    """Whether an observation is one that a rule counts. A rule with a least value does not count what has none."""
    if observation.kind != rule.kind or rule.sensor not in ("", observation.sensor):
        return False
    return rule.least is None or (observation.value is not None and observation.value >= rule.least)


def exceeding(found: Iterable[Observation], rule: SensorRule) -> tuple[Observation, ...]:
    """The observations of the first window that holds more than the rule allows; none where no window does.

    Both ends of a window belong to it.
    """
    known = sorted(found, key=lambda each: (each.at, each.id))
    for first, opening in enumerate(known):
        within = [each for each in known[first:] if each.at <= opening.at + rule.window]
        if len(within) > rule.more_than:
            return tuple(within)
    return ()


def text_of(rule: SensorRule, evidence: Sequence[Observation]) -> str:
    """What the ticket says: how many within how long, and each with its instant, value and link."""
    first, last = evidence[0].at, evidence[-1].at
    head = f"{rule.name}：{first:%-m月%-d日 %H:%M}至{last:%H:%M}观测到{len(evidence)}次，超过{rule.minutes}分钟{rule.more_than}次。"
    rest = len(evidence) - MOST_NAMED
    lines = [_line(each) for each in evidence[:MOST_NAMED]] + ([f"另有{rest}次。"] if rest > 0 else [])
    return "\n".join([head, *lines])


def ended_at(ticket: Ticket) -> datetime:
    """Only what was observed after it counts again."""
    return ticket.closed_at or ticket.received_at


def cleaned(observation: Observation) -> Observation:
    """Without what identifies a person, such as a plate that a camera read."""
    return observation.model_copy(update={"note": scrub(observation.note)})


def _line(one: Observation) -> str:
    value = f" {one.value:g}" if one.value is not None else ""
    return f"{one.at:%H:%M:%S}{value} {one.sensor} {one.note} {one.evidence}".rstrip()
