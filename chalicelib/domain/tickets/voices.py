"""Whose words or report something is, kept without saying who that is."""

from hashlib import sha256

NOBODY = "-"  # the voice of what staff found themselves: it counts as a report, not as a reporter


def voice_of(reporter_id: str | None) -> str:
    """The same for all that one person says and reports; whoever has forgotten the reporter's id cannot lead it back (rule 56)."""
    return sha256(reporter_id.encode()).hexdigest()[:20] if reporter_id else NOBODY
