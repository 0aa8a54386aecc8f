"""The whole chain on the deployed local cloud: report, stream, message, workflow, photo; and what a crash between does."""

import io

import pytest
import urllib3
from PIL import Image

from infra.local import deploy
from infra.local.place import REGION
from infra.local.processes import wait_until
from infra.local.town import SAMPLE
from tests.local.commands import call, import_town, report

pytestmark = pytest.mark.local_cloud

GPS = 0x8825  # the EXIF block that says where a photo was taken


@pytest.fixture
def token(town):
    status, answer = call(town, "POST", "api/sessions", {})
    assert status == 201
    return answer["token"]


def inbox(cloud, token, ticket_id):
    status, answer = call(cloud, "GET", "api/inbox", None, token)
    return [item for item in answer["items"] if item["ticket_id"] == ticket_id] if status == 200 else []


def executions(cloud, workflow):
    arn = f"arn:aws:states:{REGION}:000000000000:stateMachine:mslj-local-{workflow}"
    listed = deploy.client("stepfunctions", cloud.place).list_executions(stateMachineArn=arn)["executions"]
    return {each["name"]: each["status"] for each in listed}


def a_photo():
    """A JPEG that says where it was taken."""
    image = Image.new("RGB", (800, 600), (90, 120, 150))
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "a phone"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_folder_without_a_town_is_refused_and_named(cloud, tmp_path):
    done = import_town(cloud, tmp_path)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


def test_every_bad_row_of_a_town_is_printed_and_nothing_is_imported(town, tmp_path):
    for file in SAMPLE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    staff = (tmp_path / "staff.csv").read_text(encoding="utf-8-sig").splitlines()
    broken = [
        staff[0],
        *(line.replace(line.split(",")[2], "no-such-unit") for line in staff[1:3]),
        *staff[3:],
    ]
    (tmp_path / "staff.csv").write_text("\n".join(broken), encoding="utf-8")
    done = import_town(town, tmp_path)
    assert done.returncode == 1
    assert "没有导入任何内容" in done.stderr
    assert done.stderr.count("staff.csv") >= 2
    assert "未改动" in import_town(town, SAMPLE).stdout


def test_a_report_is_told_once_and_watched_by_a_workflow(town, token):
    ticket_id = report(town, token)
    assert wait_until(lambda: bool(inbox(town, token, ticket_id)), seconds=30, step=0.5)
    assert wait_until(
        lambda: executions(town, "escalation").get(f"{ticket_id}-1") == "RUNNING", seconds=30, step=0.5
    )


@pytest.mark.nightly
def test_what_a_crash_left_in_the_stream_is_told_afterwards_and_once(town, token):
    ticket_id = report(town, token)
    town.kill("pump")
    town.kill("cloud")
    assert wait_until(lambda: town.wait_ready(1), seconds=90)
    assert wait_until(lambda: bool(inbox(town, token, ticket_id)), seconds=60, step=0.5)
    templates = [item["template"] for item in inbox(town, token, ticket_id)]
    assert len(templates) == len(set(templates))


def test_a_photo_is_shown_without_where_it_was_taken(town, token):
    photo = a_photo()
    assert Image.open(io.BytesIO(photo)).getexif()
    status, form = call(
        town, "POST", "api/uploads", {"content_type": "image/jpeg", "size": len(photo)}, token
    )
    assert status == 201, form
    fields = [*form["fields"].items(), ("file", ("photo.jpg", photo, "image/jpeg"))]
    assert urllib3.request("POST", form["url"], fields=fields).status == 201
    path = f"api/photos/{form['photo_id']}"
    assert wait_until(lambda: call(town, "GET", path, None, token)[0] == 200, seconds=30, step=0.5)
    shown = urllib3.request("GET", call(town, "GET", path, None, token)[1]["url"]).data
    assert not Image.open(io.BytesIO(shown)).getexif()


def test_an_upload_larger_than_was_asked_for_is_refused_by_s3(town, token):
    photo = a_photo()
    _, form = call(town, "POST", "api/uploads", {"content_type": "image/jpeg", "size": 10}, token)
    fields = [*form["fields"].items(), ("file", ("photo.jpg", photo, "image/jpeg"))]
    assert urllib3.request("POST", form["url"], fields=fields).status in (400, 403)


@pytest.mark.nightly
def test_the_sweep_runs_every_minute(town):
    logs = deploy.client("logs", town.place)

    def has_run():
        group = "/aws/lambda/mslj-local-sweep"
        return bool(logs.filter_log_events(logGroupName=group)["events"])

    assert wait_until(has_run, seconds=90, step=2)
