"""A trace 留痕: who looked at what, when, by whose sign-in, why. What the person looked at reads of it is in `views.looks`."""

from datetime import datetime

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import Staff


class Trace(Frozen):
    """Who looked at what, when. `fields` only of a reveal; `reason` of domain.identity.reasons, `why` words beside it.

    `through`: whose code the viewer's session began with (由…代为登录), where not the viewer's own phone.
    """

    at: Instant
    viewer: str
    role: str
    unit: str
    what: str  # of domain.views.looks.LOOKS, or code_handed_out, removed, and what duty and power note
    fields: tuple[str, ...] = ()
    why: str = ""
    reason: str = ""
    through: str = ""


def trace_of(
    by: Staff, what: str, now: datetime, *, fields: tuple[str, ...] = (), why: str = "", reason: str = ""
) -> Trace:
    """The trace of what somebody does now."""
    return Trace(
        at=now,
        viewer=by.code,
        role=by.roles[0],
        unit=by.unit,
        what=what,
        fields=fields,
        why=why,
        reason=reason,
        through=by.signed_in_by,
    )
