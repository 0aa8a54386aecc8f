"""Keys of jobs and nights, of uploaded photos and recordings and of what the knowledge answered, in the work table."""

from datetime import date, datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

JOBS_OPEN_PK = "JOBS#OPEN"
JOB_ROWS = "ROW#"
PHOTOS_UNUSED_PK = "UNUSED#PHOTOS"
RECORDINGS_DUE_PK = "DUE#RECORDINGS"
PHOTOS_MISSED_PK = "MISSED#PHOTOS"
SELF_HELP_PK = "SELFHELP"


def job_pk(job_id: str) -> str:
    return f"JOB#{job_id}"


@stands_in("work")
def job(job_id: str) -> Key:
    """A job: its chunks that are done, and counts."""
    return Key(job_pk(job_id), "JOB")


@lists(job)
def job_open(look_again_at: datetime, job_id: str) -> Key:
    """The jobs that are not through, by when the sweep looks at them."""
    return Key(JOBS_OPEN_PK, f"{stamp(look_again_at)}#{job_id}")


@stands_in("work")
def job_row(job_id: str, row: int) -> Key:
    """A row that was not taken in, and why."""
    return Key(job_pk(job_id), f"{JOB_ROWS}{row:07d}")


def jobs_pk(unit: str) -> str:
    return f"JOBS#OF#{unit}"


@stands_in("work")
def job_of(unit: str, job_id: str) -> Key:
    """That a job is a unit's."""
    return Key(jobs_pk(unit), job_id)


@stands_in("work")
def night(day: date) -> Key:
    """How far the work of a night is, part by part; 30 days."""
    return Key(f"NIGHT#{day}", "NIGHT")


@stands_in("work")
def photo(photo_id: str) -> Key:
    """An uploaded photo: whose, and whether it may be shown."""
    return Key(f"PHOTO#{photo_id}", "PHOTO")


def photo_id_of(pk: str) -> str:
    return pk.removeprefix("PHOTO#")


@lists(photo)
def photo_unused(granted_at: datetime, photo_id: str) -> Key:
    """The photos that no ticket has taken yet."""
    return Key(PHOTOS_UNUSED_PK, f"{stamp(granted_at)}#{photo_id}")


@lists(photo)
def photo_missed(photo_id: str) -> Key:
    """The photos that were refused after a ticket had taken them, until it is put right."""
    return Key(PHOTOS_MISSED_PK, photo_id)


@stands_in("work")
def recording(recording_id: str) -> Key:
    """An uploaded recording: whose; its sound lies in a vault of S3."""
    return Key(f"RECORDING#{recording_id}", "RECORDING")


def recording_id_of(pk: str) -> str:
    return pk.removeprefix("RECORDING#")


@lists(recording)
def recording_due(at: datetime, recording_id: str) -> Key:
    """The recordings by when their sound goes: that no ticket took, or that were written down."""
    return Key(RECORDINGS_DUE_PK, f"{stamp(at)}#{recording_id}")


@stands_in("work")
def answered_person(person: str, entry: str) -> Key:
    """A resident whom an entry of the knowledge answered, seven days."""
    return Key(f"ANSWEREDBY#{person}", entry)


@stands_in("work")
def self_help(day: str, entry: str) -> Key:
    """How many an entry answered on a day."""
    return Key(SELF_HELP_PK, f"{day}#{entry}")
