"""The printed URL and what its page asks for, over the app's own routes."""

import io
import re
from random import Random
from urllib.parse import quote

import boto3
import pytest
from PIL import Image

from chalicelib.actions import photos as photo_actions
from chalicelib.actions.town import points as point_actions
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.town.codes import new_point_code
from chalicelib.settings import settings
from chalicelib.store.town import outages, points
from chalicelib.web import files
from tests.moto_cloud import ENVIRONMENT

DESK = "gglw-fc1"
NOBODY_HAS = new_point_code(Random(0))


def staff_with(role):
    from chalicelib.store.town import directory

    return next(person.code for person in directory.town().staff if role in person.roles)


def uploaded(service, token, name="image/jpeg"):
    """A photo as a browser sends it: granted, posted, taken in by the photos function."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    answer = service.post("/api/uploads", {"content_type": name, "size": len(picture.getvalue())}, token)
    assert answer.status == 201, answer.raw
    key = answer.body["fields"]["key"]
    boto3.client("s3").put_object(Bucket=ENVIRONMENT["PHOTOS_BUCKET"], Key=key, Body=picture.getvalue())
    return answer.body["photo_id"]


# --- the pages and their files -------------------------------------------------------------------------------------

CLIENTS = ("s", "console")
HTML = '<!doctype html><html lang="zh-CN"><title>码上就来</title><meta name="photo-origins" content=""><!-- practice --><a href="#?code=<!-- code -->"></a><!-- gas --><!-- station --><script type="module" src="./app-1a2b.js"></script>'


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Clients as infra/clients.py leaves them; what Vite makes of the real ones: tests/local/test_clients.py."""
    for client in ("browser", "desk"):
        folder = tmp_path / client
        folder.mkdir()
        (folder / "index.html").write_text(HTML)
        (folder / "app-1a2b.js").write_text(f"'{client}'")
        (folder / "app-3c4d.css").write_text("p{}")
        (folder / "sources.sha256").write_text("0")
    monkeypatch.setattr(files, "HERE", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "document", ["7K3QX9A", "abc", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "..%2f..%2fsettings.py", "码上就来"]
)
@pytest.mark.parametrize("client", CLIENTS)
def test_any_name_opens_the_page_and_none_is_echoed(service, built, client, document):
    answer = service.get(f"/{client}/{document}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"alert(1)" not in answer.raw
    assert "码上就来".encode() in answer.raw


@pytest.mark.parametrize("client", CLIENTS)
def test_a_page_runs_under_a_strict_policy(service, built, client):
    policy = service.get(f"/{client}/7K3QX9A").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "mslj-test-photos" in policy  # where photos go


@pytest.mark.parametrize(
    ("name", "kind"), [("sw.js", "text/javascript"), ("app.webmanifest", "application/manifest+json")]
)
def test_what_keeps_its_name_is_asked_for_each_time(service, built, name, kind):
    (built / "browser" / name).write_text("{}")
    answer = service.get(f"/s/{name}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_page_says_whom_to_call_before_any_script_has_come(service, built):
    html = service.get(f"/s/{service.point('SHJY-4-1')}").raw.decode()
    assert 'href="tel:962777"' in html
    assert 'href="tel:021-00000001"' in html  # the station's
    assert f'href="#?code={service.point("SHJY-4-1")}"' in html


@pytest.mark.parametrize("name", [NOBODY_HAS, "app", "<b>"])
def test_a_page_of_no_code_names_no_station_and_echoes_nothing(service, built, name):
    html = service.get(f"/s/{quote(name)}").raw.decode()
    assert ('href="tel:962777"' in html, "打电话" in html) == (True, False)
    assert 'href="#?code="' in html


def test_a_page_opens_while_nothing_can_be_read(service, built, monkeypatch):
    def gone(*_):
        raise TryAgain("今天不行")

    monkeypatch.setattr(points, "find", gone)
    assert service.get(f"/s/{service.point('SHJY-4-1')}").status == 200


def test_a_page_is_told_where_photos_may_go(service, built):
    assert re.search(
        r'"photo-origins" content="https://[^"]*mslj-test-photos', service.get("/s/7K3QX9A").raw.decode()
    )


@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_may_be_kept_for_ever_because_its_name_changes_with_it(service, built, client):
    for name, content_type in (("app-1a2b.js", "text/javascript"), ("app-3c4d.css", "text/css")):
        answer = service.get(f"/{client}/{name}")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith(content_type)
        assert "immutable" in answer.headers["Cache-Control"]


def test_each_client_has_its_own_files(service, built):
    assert service.get("/s/app-1a2b.js").raw == b"'browser'"
    assert service.get("/console/app-1a2b.js").raw == b"'desk'"


@pytest.mark.parametrize("name", ["app-0000.js", "..%2fdesk%2fapp-1a2b.js", "%2fetc%2fx.js", ".js.js"])
def test_a_file_that_is_gone_or_outside_is_refused_and_not_answered_by_a_page(service, built, name):
    answer = service.get(f"/s/{name}")
    assert (answer.status, answer.code) == (404, "not_found")


def test_what_is_no_file_of_a_page_is_never_served(service, built):
    assert service.get("/s/sources.sha256").headers["Content-Type"].startswith("text/html")


def test_where_nothing_was_built_the_page_says_whom_to_ask(service, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "HERE", tmp_path)
    answer = service.get("/s/7K3QX9A")
    assert answer.status == 503
    assert "民情快办工作站" in answer.raw.decode()


def test_the_console_has_a_short_address(service):
    answer = service.get("/console")
    assert (answer.status, answer.headers["Location"]) == (302, "console/index.html")


def test_wechats_verification_file_is_answered_verbatim(service, built, monkeypatch):
    monkeypatch.setenv("WECHAT_VERIFY_NAME", "MP_verify_AbC123.txt")
    monkeypatch.setenv("WECHAT_VERIFY_CONTENT", "AbC123")
    settings.cache_clear()
    answer = service.get("/s/MP_verify_AbC123.txt")
    assert (answer.raw, answer.headers["Content-Type"]) == (b"AbC123", "text/plain; charset=utf-8")
    assert b"<html" in service.get("/s/MP_verify_other.txt").raw


# --- what a code opens ---------------------------------------------------------------------------------------------


def test_a_code_opens_its_place_with_station_emergency_numbers_and_outages(service):
    outages.put_outage("SHJY", "停水到 6 点", by=DESK, now=service.now, known_as="B1")
    code = service.point()
    page = service.get(f"/api/points/{code.lower()}").body
    assert page["state"] == "active"
    assert page["place"]["code"] == "SHJY-4-1"
    assert page["place"]["point"] == code
    assert page["station"]["phone"]
    assert [one["number"] for one in page["emergency"]] == ["110", "119", "120", "962777", "962740", "95598"]
    assert [outage["text"] for outage in page["outages"]] == ["停水到 6 点"]
    assert {"code", "name", "parent"} == set(page["categories"][0])
    assert points.list_scans(code) == {"2026-11-23": 1}


def test_neighbours_see_category_stage_date_who_has_it_and_by_when_only(service):
    service.report("四号楼一单元楼道灯不亮，请来修")
    (matter,) = service.get(f"/api/points/{service.point()}").body["open"]
    seen = {
        "ticket_id",
        "category",
        "stage",
        "stage_name",
        "received_on",
        "public_text",
        "standing",
        "reports",
    }
    assert set(matter) == seen
    assert matter["received_on"] == "2026-11-23"
    assert matter["public_text"] == ""
    assert matter["standing"].startswith("已派给盛华景苑物业服务处，最迟")


def test_a_row_of_neighbours_goes_on_with_its_ticket(service):
    ticket_id = service.report("四号楼一单元楼道灯不亮，请来修").body["id"]

    def row():
        (matter,) = service.get(f"/api/points/{service.point()}").body["open"]
        return matter["standing"]

    promised = row()
    assert service.staff_act(ticket_id, "take", service.ticket(ticket_id).handler_id).status == 200
    assert row() == promised.replace("已派给盛华景苑物业服务处", "盛华景苑物业服务处正在办")


@pytest.mark.parametrize(
    ("typed", "state"), [("ABCDEFG", "mistyped"), ("x", "mistyped"), (NOBODY_HAS, "unknown")]
)
def test_a_code_that_opens_no_place_says_so_and_the_place_can_be_typed(service, typed, state):
    page = service.get(f"/api/points/{typed}").body
    assert (page["place"], page["state"], page["open"]) == (None, state, [])
    assert page["message"]
    assert page["station"]["phone"]
    assert page["categories"]
    assert points.list_scans(typed) == {}


def test_a_torn_code_still_opens_its_place_and_a_retired_one_does_not(service):
    torn = service.point()
    answer = service.post(f"/admin/points/{torn}/replace", {}, service.staff(staff_with("admin")))
    assert answer.status == 201, answer.raw
    new = answer.body["code"]
    assert answer.body["url"] == f"https://msjl.example.cn/s/{new}"
    page = service.get(f"/api/points/{torn}").body
    assert (page["state"], page["place"]["point"]) == ("replaced", new)
    points.retire(new, "admin", service.now)
    assert service.get(f"/api/points/{new}").body["place"] is None
    assert service.get(f"/api/points/{torn}").body["place"] is None


def test_a_code_is_replaced_once_and_only_by_the_admin(service):
    code, admin = service.point(), service.staff(staff_with("admin"))
    assert service.post(f"/admin/points/{code}/replace", {}).status == 401
    assert service.post(f"/admin/points/{code}/replace", {}, service.resident()).status == 403
    assert (
        service.post(f"/admin/points/{code}/replace", {}, service.staff(staff_with("grid_worker"))).status
        == 403
    )
    assert service.post(f"/admin/points/{code}/replace", {}, admin).status == 201
    assert service.post(f"/admin/points/{code}/replace", {}, admin).code == "already_done"
    assert service.post(f"/admin/points/{NOBODY_HAS}/replace", {}, admin).status == 404


# --- labels --------------------------------------------------------------------------------------------------------


def test_the_desk_prints_the_labels_of_any_subtree(service):
    desk = service.staff(staff_with("first_contact"))
    answer = service.get("/desk/labels?place=SHJY-4&per_page=9", desk)
    assert answer.status == 200, answer.raw
    html = answer.raw.decode()
    assert f"msjl.example.cn/s/{service.point()}" in html
    assert html.count("码上就来</text>") == len(point_actions.directory.list_points_under("SHJY-4"))
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Next" not in answer.headers


def test_the_address_that_a_label_prints_opens_the_point_when_it_is_typed(service):
    html = service.get(
        "/desk/labels?place=SHJY-4&per_page=4", service.staff(staff_with("first_contact"))
    ).raw.decode()
    typed = next(line for line in re.findall(r">([^<>]+)</text>", html) if service.point() in line)
    assert typed.startswith(settings().public_url)
    assert service.get(typed.removeprefix(settings().public_url).lower()).status == 200


def test_many_labels_come_in_batches(service, monkeypatch):
    monkeypatch.setattr(point_actions, "MOST_LABELS", 30)
    desk, after, seen = service.staff(staff_with("first_contact")), "", []
    for _ in range(10):
        answer = service.get(f"/desk/labels?place=HJ&per_page=6&after={after}", desk)
        seen += re.findall(r"/s/([0-9A-Z]{7})</text>", answer.raw.decode())
        after = answer.headers.get("X-Next")
        if after is None:
            break
    assert len(seen) == len(set(seen)) == len(point_actions.directory.list_points())


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("place=SHJY-4&per_page=16", 422),
        ("place=SHJY-4&per_page=x", 422),
        ("place=SHJY-4&per_page=-4", 422),
        ("place=nowhere", 404),
        ("", 404),
    ],
)
def test_a_sheet_that_cannot_be_printed_is_refused(service, query, status):
    assert service.get(f"/desk/labels?{query}", service.staff(staff_with("first_contact"))).status == status


def test_no_code_is_printed_before_the_town_has_its_own_address(service, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "")
    settings.cache_clear()
    answer = service.get("/desk/labels?place=SHJY-4", service.staff(staff_with("first_contact")))
    assert (answer.status, answer.code) == (409, "no_public_address")


def test_labels_are_for_the_desk_and_the_admin(service):
    assert service.get("/desk/labels?place=SHJY-4").status == 401
    assert service.get("/desk/labels?place=SHJY-4", service.resident()).status == 403
    assert service.get("/desk/labels?place=SHJY-4", service.staff(staff_with("grid_worker"))).status == 403
    assert service.get("/desk/labels?place=SHJY-4", service.staff(staff_with("admin"))).status == 200


# --- photos --------------------------------------------------------------------------------------------------------


def test_a_photo_is_seen_by_its_reporter_and_the_handler_and_by_no_neighbour(service):
    mine, neighbour = service.resident(), service.resident("neighbour")
    photo_id = uploaded(service, mine)
    assert service.get(f"/api/photos/{photo_id}", mine).code == "not_ready"
    photo_actions.take_in(photo_id)
    assert service.get(f"/api/photos/{photo_id}", mine).status == 200
    ticket_id = service.report("四号楼一单元楼道灯不亮，请来修", token=mine, photos=[photo_id]).body["id"]
    in_ticket = f"/api/photos/{photo_id}?ticket_id={ticket_id}"
    assert "/thumbs/" in service.get(f"{in_ticket}&size=thumb", mine).body["url"]
    assert service.get(in_ticket, service.staff(service.ticket(ticket_id).handler_id)).status == 200
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, neighbour).status == 200
    assert service.get(in_ticket, neighbour).status == 404
    assert service.get(f"/api/photos/{photo_id}", neighbour).status == 404
    assert service.get(in_ticket).status == 401
    outsider = next(p.code for p in point_actions.directory.town().staff if p.unit == "PM-LWY")
    assert service.get(in_ticket, service.staff(outsider)).status == 404


def test_a_place_to_upload_to_needs_a_session_and_a_still_photo(service):
    good = {"content_type": "image/png", "size": 10}
    assert service.post("/api/uploads", good).status == 401
    resident = service.resident()
    assert service.post("/api/uploads", good, resident).status == 201
    for wrong in (
        {"content_type": "image/svg+xml"},
        {"size": 0},
        {"size": 10**9},
        {"size": "big"},
        {"key": "x"},
    ):
        assert service.post("/api/uploads", good | wrong, resident).status == 422
    assert service.post("/api/uploads", b"{", resident).status == 400


def test_uploads_are_limited_per_person(service):
    resident, body = service.resident(), {"content_type": "image/png", "size": 10}
    answers = [service.post("/api/uploads", body, resident).status for _ in range(61)]
    assert answers == [201] * 60 + [429]


def matter(ticket_id, category="楼道照明", day="2026-11-23", text=""):
    return {"ticket_id": ticket_id, "category": category, "received_on": day, "public_text": text}


@pytest.mark.parametrize(
    ("matters", "rows"),
    [
        ([], []),
        ([matter("A"), matter("B", day="2026-11-22"), matter("C")], [("B", 3)]),
        ([matter("A"), matter("B", "电梯故障")], [("A", 1), ("B", 1)]),
        ([matter("A", ""), matter("B", "")], [("A", 1), ("B", 1)]),  # nobody has said that they are the same
        ([matter("A", text="二楼"), matter("B", text="五楼")], [("A", 1), ("B", 1)]),
    ],
)
def test_what_reads_the_same_to_a_neighbour_is_one_row_with_how_many(matters, rows):
    assert [(row["ticket_id"], row["reports"]) for row in point_actions.folded(matters)] == rows
