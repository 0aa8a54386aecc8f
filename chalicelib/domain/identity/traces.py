"""A trace 留痕: who looked at what, when, by whose sign-in, why. What the person looked at reads of it is in `views.looks`.

A trace is kept for good and holds ids, kinds and a digest; its words lie in the vault with the digest's salt, and go when
the subject is erased: then nobody can find out any more what they were, and the trace still says that they were there.
"""

import hashlib
import hmac
from datetime import datetime

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import Staff


class Trace(Frozen):
    """Who looked at what, when. `fields` only of a reveal; `reason` of domain.identity.reasons, `why` words beside it.

    `through`: whose code the viewer's session began with (由…代为登录), where not the viewer's own phone.
    `said`: the digest of the words, in the line as it is kept; `why` is never in it.
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
    said: str = ""


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


class Words(Frozen):
    """What the viewer said, as it lies in the vault."""

    salt: str
    words: str


def digest_of(said: Words) -> str:
    """The salted digest that a trace holds of its words."""
    return hashlib.sha256(f"{said.salt}\0{said.words}".encode()).hexdigest()


def parted(trace: Trace, salt: str) -> tuple[Trace, Words | None]:
    """A trace as it is kept, and its words for the vault; None where nothing was said."""
    if not trace.why:
        return trace, None
    said = Words(salt=salt, words=trace.why)
    return trace.model_copy(update={"why": "", "said": digest_of(said)}), said


def with_words(trace: Trace, said: Words | None) -> Trace:
    """A trace with its words; without them where they were erased, or are not those that were said."""
    if said is None or not hmac.compare_digest(digest_of(said), trace.said):
        return trace
    return trace.model_copy(update={"why": said.words, "said": ""})
