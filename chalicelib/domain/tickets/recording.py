"""录音 of a report that was spoken: a voice tells who speaks, so it is kept like an identity and no longer than it is needed."""

from datetime import datetime, timedelta

from chalicelib.domain.model import Frozen, Instant

LONGEST = 60  # seconds
MOST_BYTES = 3 * 1024 * 1024  # a minute at 384 kbit/s; phones record at a tenth to a third of that
KEPT_AFTER_TEXT = timedelta(days=30)  # then the written words stand alone
# What phones and browsers record; a type's parameters (codecs=opus) say nothing that is needed to play it.
AUDIO_TYPES = frozenset(
    {"audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/aac", "audio/x-m4a", "audio/wav"}
)


class Recording(Frozen):
    """What a ticket knows of its recording. `seconds` as the phone said. `heard_at`: when its words were written down."""

    id: str
    seconds: int
    heard_at: Instant | None = None
    heard_by: str = ""

    @property
    def is_unheard(self) -> bool:
        """Nobody knows what it says: the machine keeps its hands off."""
        return self.heard_at is None

    def is_kept(self, now: datetime) -> bool:
        """Whether the sound is still there; the night that follows takes it."""
        return self.heard_at is None or now < self.heard_at + KEPT_AFTER_TEXT
