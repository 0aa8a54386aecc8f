"""A life as it is played: every alarm rings when its time has come, every line is kept."""

from chalicelib.domain.acts import closing, dispatching, following_up
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.clocks.clocks import next_alarm
from infra.what_if.lives import Life
from tests.domain.life import NOW, TOWN, person, received_with


class Played:
    def __init__(self, text="小区门口乱糟糟", *, at=NOW, number=1, **report):
        self.ticket, line = received_with(text, now=at, **report)
        self.ticket = self.ticket.model_copy(update={"id": f"{number:026d}"})
        self.lines = [line]

    def ring(self, until):
        while (alarm := next_alarm(self.ticket)) is not None and alarm.at <= until:
            self.keep(escalate(self.ticket, alarm, town=TOWN, now=alarm.at))
        return self

    def do(self, act, at, **how):
        self.ring(at)
        return self.keep(act(self.ticket, town=TOWN, now=at, **how))

    def keep(self, made):
        self.ticket, line = made
        self.lines.append(line)
        return self

    @property
    def life(self):
        return Life(self.ticket, tuple(self.lines))


def dispatched(played, at, track=None, unit="OFF", handler="handler-a"):
    how = {"unit_id": unit, "handler_id": handler, "track": track, "note": ""}
    return played.do(dispatching.dispatch, at, by=person("desk-a"), **how)


def resolved(played, at, by="handler-a"):
    return played.do(closing.resolve, at, by=person(by), note="好了", photos=("P1",), feedback="已处理")


def rated(played, at, *, solved=True):
    given = {"solved": solved, "satisfied": None, "words": "", "is_reporter": True}
    return played.do(following_up.rate, at, **given)
