"""Refusals. `code` is stable English for programs; the message is Chinese for the person and says what to do next."""

UNKNOWN_TICKET = "没有这张工单，请核对编号"  # also of one that may not be seen: in the same words


class Refusal(Exception):
    """A request that is refused and has changed nothing. `http_status` is the answer's status."""

    http_status = 409
    code = "refused"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    @property
    def fields(self) -> tuple[object, ...]:
        """What it is about, in their order: names of fields, or rows of a file that are wrong."""
        given = self.details.get("fields")
        return tuple(given) if isinstance(given, list | tuple) else ()


class BadRequest(Refusal):
    """What was sent cannot be understood."""

    http_status = 400
    code = "bad_request"


class NotSignedIn(Refusal):
    """No session, or one that has ended."""

    http_status = 401
    code = "not_signed_in"


class Locked(Refusal):
    """The screen is locked: the session goes on with the PIN, and answers nothing before."""

    http_status = 401
    code = "locked"


class WrongPin(Refusal):
    """Not this person's PIN at this computer; `tries_left` says how often it may be tried still."""

    http_status = 403
    code = "wrong_pin"


class NotAllowed(Refusal):
    """This role may not do this."""

    http_status = 403
    code = "not_allowed"


class NeedsConfirmation(Refusal):
    """What makes power waits for a second person's yes (rule 93); `confirmation` is what was asked."""

    code = "needs_confirmation"


class NotYours(Refusal):
    """The role may do this, but not to this ticket."""

    http_status = 403
    code = "not_yours"


class ConflictOfInterest(Refusal):
    """A confidential ticket may not go to the party it concerns."""

    http_status = 403
    code = "conflict_of_interest"


class NotFound(Refusal):
    """No such thing, or none that the caller may know of."""

    http_status = 404
    code = "not_found"


class WrongStage(Refusal):
    """The ticket's stage does not allow this act."""

    code = "wrong_stage"


class TooLate(Refusal):
    """The window for this act has passed."""

    code = "too_late"


class NoMoreReturns(Refusal):
    """Returned as often as rule 12 allows."""

    code = "no_more_returns"


class StillOpen(Refusal):
    """Something that must end first is still open (an assisting unit, a pending request)."""

    code = "still_open"


class FollowUpMissing(Refusal):
    """The follow-up policy is not met (rule 5)."""

    code = "follow_up_missing"


class Stale(Refusal):
    """Somebody else changed the ticket in between; `changes` says what."""

    code = "stale"


class AskFirst(Refusal):
    """It can be done, but is worth a second look: sent again with what `fields` names, it is done."""

    code = "ask_first"


class AlreadyDone(Refusal):
    """The act has been done and cannot be done twice."""

    code = "already_done"


class Overlap(Refusal):
    """Somebody has that time already."""

    code = "overlap"


class HoldsOpenTickets(Refusal):
    """Someone who holds open tickets may not leave without `hand_over_to`."""

    code = "holds_open_tickets"


class PlanOver(Refusal):
    """A yes to a plan that holds no more: time, the files or what is in force have moved on."""

    code = "plan_over"


class Invalid(Refusal):
    """Well-formed, but the content is not acceptable; `fields` names what."""

    http_status = 422
    code = "invalid"


class TooMuch(Refusal):
    """A ticket holds only so much of one kind (rule 94)."""

    code = "too_much"


class TooMany(Refusal):
    """Over a limit; `retry_after_seconds` says when to try again, `phone` where to call instead."""

    http_status = 429
    code = "too_many"


class TryAgain(Refusal):
    """A passing fault of a part we need; nothing was changed."""

    http_status = 503
    code = "try_again"
