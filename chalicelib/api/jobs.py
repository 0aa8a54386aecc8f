"""How far a job is: /desk for whoever's unit began it, /admin for all."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api import auth, http
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.errors import NotFound
from chalicelib.domain.jobs import Progress
from chalicelib.store import jobs

if TYPE_CHECKING:
    from chalicelib.api.schemas import JobRow, JobShown
    from chalicelib.domain.schemas import Page

job_routes = Blueprint(__name__)


@job_routes.route("/desk/jobs", methods=["GET"])
@responds(200, DESK | LEADERS, asks=("after",))
def list_jobs() -> "Page[JobRow]":
    """Those that the caller's unit began, newest first."""
    found, following = jobs.list_of_unit(auth.caller().unit, after=http.cursor())
    return {"items": [_row(progress) for progress in found], "next": following}


@job_routes.route("/desk/jobs/{job_id}", methods=["GET"])
@responds(200, DESK | LEADERS, asks=("after",))
def get_job(job_id: str) -> "JobShown":
    """One of the caller's own unit."""
    progress = jobs.find(job_id)
    if progress.job.unit != auth.caller().unit:
        raise NotFound("没有这个作业，或已超过保存期限")
    return _view(progress)


@job_routes.route("/admin/jobs/{job_id}", methods=["GET"])
@responds(200, ADMIN, asks=("after",))
def get_any_job(job_id: str) -> "JobShown":
    """A job of any unit."""
    return _view(jobs.find(job_id))


def _view(progress: Progress) -> "JobShown":
    troubles, following = jobs.list_troubles(progress.job.id, after=http.cursor())
    return {**_row(progress), "troubles": list(troubles), "next": following}


def _row(progress: Progress) -> "JobRow":
    job, finished_at = progress.job, progress.finished_at
    return {
        "id": job.id,
        "kind": job.kind,
        "about": job.about,
        "by": job.by,
        "at": job.at.isoformat(timespec="seconds"),
        "total": job.total,
        "chunks": job.chunks,
        "chunks_done": len(progress.done),
        "counts": progress.counts,
        "finished_at": finished_at.isoformat(timespec="seconds") if finished_at else None,
    }
