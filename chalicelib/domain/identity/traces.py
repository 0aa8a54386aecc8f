"""A trace 留痕: who looked at what, when, by whose sign-in, why. What the person looked at reads of it is in `views.looks`."""

from datetime import datetime

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import Staff


class Trace(Frozen):
    """Who looked at what, when. `fields` only for a reveal; `why` its reason.

    `through`: whose code the viewer's session began with (由…代为登录), where not the viewer's own phone.
    """

    at: Instant
    viewer: str
    role: str
    unit: str
    what: str  # of domain.views.looks.LOOKS, or code_handed_out, removed, and what duty and power note
    fields: tuple[str, ...] = ()
    why: str = ""
    through: str = ""


def trace_of(by: Staff, what: str, now: datetime, *, fields: tuple[str, ...] = (), why: str = "") -> Trace:
    """The trace of what somebody does now."""
    return Trace(
        at=now,
        viewer=by.code,
        role=by.roles[0],
        unit=by.unit,
        what=what,
        fields=fields,
        why=why,
        through=by.signed_in_by,
    )
