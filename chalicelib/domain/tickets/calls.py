"""回访电话: what became of a call. Only some of it is an attempt, and only one of it is the resident's word."""

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.model import Frozen, Instant

LATEST_CALL = timedelta(days=14)  # a resident may ask to be called later, but not for ever


class CallOutcome(StrEnum):
    ANSWERED = "answered"  # the resident said whether it is solved
    NOT_ANSWERED = "not_answered"
    SOMEBODY_ELSE = "somebody_else"  # the right number, not the resident: not his or her word
    WRONG_NUMBER = "wrong_number"
    CALL_LATER = "call_later"  # asked to be called at another time

    @property
    def counts(self) -> bool:
        """Whether it is one of the attempts after which somebody counts as unreached."""
        return self in (CallOutcome.NOT_ANSWERED, CallOutcome.SOMEBODY_ELSE)


class CallAttempt(Frozen):
    round: int
    at: Instant
    by: str
    outcome: CallOutcome
    note: str = ""
    of: str = ""  # the merged ticket whose reporter was called; "" for the ticket's own


def tries(attempts: tuple[CallAttempt, ...], round_: int) -> list[CallAttempt]:
    """The attempts of a round that count: none that rang at a number which turned out to be wrong."""
    of_the_round = [attempt for attempt in attempts if attempt.round == round_]
    wrong = [n for n, attempt in enumerate(of_the_round) if attempt.outcome is CallOutcome.WRONG_NUMBER]
    since = wrong[-1] + 1 if wrong else 0
    return [attempt for attempt in of_the_round[since:] if attempt.outcome.counts]


def may_be_called_at(call_at: datetime | None, now: datetime) -> bool:
    return call_at is not None and now < call_at <= now + LATEST_CALL
