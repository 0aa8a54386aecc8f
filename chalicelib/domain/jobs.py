"""大批量作业: many rows taken in as one job, chunk by chunk, each chunk once."""

from typing import Any

from pydantic import Field

from chalicelib.domain.model import Frozen, Instant

Row = dict[str, Any]  # what the kind of job makes of it; JSON only


class Trouble(Frozen):
    """A row that was not taken in, and why, in Chinese."""

    row: int  # as the sender counts: the line of the file
    message: str


class Outcome(Frozen):
    """What one chunk came to: how many rows ended how (`made`, `updated`, …), and what each refused row lacks."""

    counts: dict[str, int] = Field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


class Job(Frozen):
    """A job; its `total` of rows, and its cuts, are there once it was begun. `cuts` are where its chunks begin and end in its file, in bytes."""

    id: str
    kind: str
    by: str  # staff code, or "command"
    unit: str = ""  # whose job it is: who may look at it
    at: Instant
    total: int = 0  # rows
    about: dict[str, str] = Field(
        default_factory=dict
    )  # what the kind needs beside the rows: a partner's name
    cuts: tuple[int, ...] = (0,)

    @property
    def chunks(self) -> int:
        return len(self.cuts) - 1


class Progress(Frozen):
    """How far a job is."""

    job: Job
    done: frozenset[int] = frozenset()  # chunks
    counts: dict[str, int] = Field(default_factory=dict)
    finished_at: Instant | None = None
    correlation_id: str = ""  # of the request that began it, for the log

    @property
    def left(self) -> tuple[int, ...]:
        return tuple(chunk for chunk in range(self.job.chunks) if chunk not in self.done)
