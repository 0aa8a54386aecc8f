"""How often each sign of danger was right, by what people said of the tickets that it heard."""

from chalicelib.domain.figures import signs
from chalicelib.domain.figures.counts import added, as_read, count_day
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.danger_signs import Danger, DangerKind, DangerSign
from tests.domain.life import NOW, life_town, received

TOWN = life_town(
    danger=(DangerSign(code="fire2", kind=DangerKind.FIRE, name="冒烟", sure=False, words="冒烟"),)
)


def heard(*codes, stage=Stage.RECEIVED, **case):
    case = DangerCase(level=Danger.POSSIBLE, signs=codes, since=NOW, **case)
    closed_at = NOW if stage is Stage.CLOSED else None
    return fact_of(received().model_copy(update={"danger": case, "stage": stage, "closed_at": closed_at}))


def test_each_sign_of_a_ticket_was_right_or_wrong_with_it_and_what_nobody_decided_is_apart():
    day = [
        heard("fire2", decided="no"),
        heard("fire2", "lift1", decided="yes"),
        heard("fire2", answer="yes"),
        heard("fire2", answer="no"),
        heard("model", decided="no"),
        fact_of(received()),
    ]
    counted = added([count_day(day[:3], []), count_day(day[3:], [])])
    lines = signs.lines(counted, TOWN)
    told = [(line["code"], line["said"], line["right"], line["wrong"], line["open"]) for line in lines]
    assert told == [("fire2", 4, 2, 1, 1), ("model", 1, 0, 1, 0), ("lift1", 1, 1, 0, 0)]
    assert [line["name"] for line in lines] == ["冒烟", "没有一条说法，模型听着像", "已不在表里的说法"]


def test_an_accusation_is_in_no_figure_of_whom_it_accuses():
    """A suspicion: who is named stands in the name of what is counted apart, and in no key, nor in what anybody reads (rule 21)."""
    accusing = received("网格员收了黑钱，保安骂我")
    assert set(accusing.concerns) == {"grid", "PM"}
    counted = count_day([fact_of(accusing)], [])
    keys = {key for keys in counted.values() for key in keys}
    assert keys
    assert keys.isdisjoint({"grid", "PM"})
    read = as_read(counted, lambda _: True)
    assert not {"grid", "PM"} & {*read, *(key for keys in read.values() for key in keys)}
    assert as_read(counted, lambda out: not {"grid", "PM"} & set(out)).get("all", {}) == {}
