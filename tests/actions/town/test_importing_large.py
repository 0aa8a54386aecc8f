"""A large town is checked at once and put in force by a job; a kill in the middle leaves the old one, and the job goes on."""

import base64
from datetime import timedelta

import boto3
import pytest

from chalicelib.actions import jobs
from chalicelib.actions.job_kinds import KINDS
from chalicelib.actions.town import importing_large
from chalicelib.domain.errors import Invalid, Stale
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.settings import settings
from chalicelib.store import jobs as store
from chalicelib.store.town import directory, points
from tests.moto_cloud import moto_cloud
from tests.service import MONDAY, running_service
from tests.towns import SMALL, edited, sample_files, small_files

POINTS = 3  # of the small town


@pytest.fixture
def cloud(monkeypatch):
    directory.forget()
    with moto_cloud(monkeypatch):
        monkeypatch.setenv("JOBS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="jobs")["QueueUrl"])
        settings.cache_clear()
        monkeypatch.setattr(importing_large, "MOST_AT_ONCE", POINTS - 1)
        yield
    directory.forget()


ADMIN = Staff(code="admin1", name="管理员", unit="OF", roles=(Role.ADMIN,), places=())


def begun(files=None, now=MONDAY):
    return importing_large.import_or_begin(files or small_files(), by=ADMIN, hand_over_to={}, now=now)


def run(job, now=MONDAY):
    directory.forget()
    return jobs.run_chunk(job.id, 0, KINDS, now=now)


@pytest.mark.parametrize(("most", "is_job"), [(POINTS - 1, True), (POINTS, False), (POINTS + 1, False)])
def test_a_job_is_begun_where_more_points_are_to_be_written_than_one_request_takes(
    cloud, monkeypatch, most, is_job
):
    monkeypatch.setattr(importing_large, "MOST_AT_ONCE", most)
    report, job = begun()
    assert (job is not None, report.points) == (is_job, POINTS)
    assert (directory.find_pointer() is None) is is_job


def test_the_job_puts_the_town_in_force_and_says_what_it_did(cloud):
    _, job = begun()
    progress = run(job)
    assert (progress.finished_at, progress.counts) == (MONDAY, {"points": POINTS, "new_codes": POINTS})
    assert len(points.active_codes(["P41", "P42", "SP"])) == POINTS


def test_a_town_of_many_points_of_which_few_have_changed_is_imported_at_once(cloud):
    run(begun()[1])
    report, job = begun(edited("places", "1单元楼道", "一单元楼道"), now=MONDAY + timedelta(hours=1))
    assert (job, report.unchanged, directory.find_pointer().version) == (None, False, report.version)


def test_the_same_files_again_begin_no_job(cloud):
    run(begun()[1])
    report, job = begun(now=MONDAY + timedelta(hours=1))
    assert (job, report.unchanged) == (None, True)


def test_bad_files_are_refused_at_once_and_no_job_is_begun(cloud):
    with pytest.raises(Invalid):
        begun(edited("places", "A,T,area", "A,X,area"))
    assert store.list_of_unit("OF") == ([], None)


def test_a_kill_before_the_switch_leaves_the_old_town_and_the_job_goes_on(cloud, monkeypatch):
    report, job = begun()
    with monkeypatch.context() as dying:
        dying.setattr(directory, "switch", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(job)
    assert directory.find_pointer() is None
    assert [late.job.id for late in store.list_late(MONDAY + timedelta(minutes=10))] == [job.id]
    assert run(job, MONDAY + timedelta(minutes=10)).finished_at is not None
    assert directory.find_pointer().digest
    assert len(points.active_codes(["P41", "P42", "SP"])) == report.points


def test_what_is_refused_meanwhile_stands_in_the_job_in_words(cloud, monkeypatch):
    _, job = begun()

    def busy(*_):
        raise Stale("另一次导入正在进行，请等它完成后再试")

    monkeypatch.setattr(directory, "claim", busy)
    progress = run(job)
    assert progress.counts == {"refused": 1}
    assert [trouble.message for trouble in store.list_troubles(job.id)[0]] == [
        "另一次导入正在进行，请等它完成后再试"
    ]
    assert directory.find_pointer() is None


def test_the_job_takes_along_who_hands_over_to_whom(cloud, monkeypatch):
    monkeypatch.setattr(importing_large, "MOST_AT_ONCE", 0)
    run(begun()[1])
    staff = SMALL["staff"].replace("gw1,网格员甲,ST,grid_worker,G,", "gw3,网格员丙,ST,grid_worker,G,")
    places = SMALL["places"].replace("1单元楼道", "一单元楼道")
    files = small_files(staff=staff, duty=SMALL["duty"].replace("gw1", "gw3"), places=places)
    later = MONDAY + timedelta(hours=1)
    _, job = importing_large.import_or_begin(files, by=ADMIN, hand_over_to={"gw1": "gw3"}, now=later)
    assert "refused" not in run(job, later).counts
    assert directory.town().find_staff("gw1") is None


def test_the_administrator_is_told_the_job_and_the_town_holds_until_it_is_through(monkeypatch):
    with running_service(monkeypatch) as service:
        monkeypatch.setattr(importing_large, "MOST_AT_ONCE", 0)
        files, admin = sample_files(), service.staff("town-admin")
        files["places.csv"] = files["places.csv"].replace("1单元楼道".encode(), "一单元楼道".encode(), 1)
        sent = {name: base64.b64encode(content).decode() for name, content in files.items()}
        before = service.get("/admin/town", admin).body["version"]
        plan = service.post("/admin/town/plan", {"files": sent}, admin).body["id"]
        told = service.post("/admin/town", {"files": sent, "plan": plan}, admin)
        assert (told.status, told.body["unchanged"]) == (201, False), told.raw
        shown = service.get(f"/admin/jobs/{told.body['job']}", admin).body
        assert (shown["kind"], shown["chunks"], shown["finished_at"]) == ("town", 1, None)
        assert service.get("/admin/town", admin).body["version"] == before
        jobs.run_chunk(told.body["job"], 0, KINDS, now=service.now)
        directory.forget()
        assert service.get("/admin/town", admin).body["version"] != before
