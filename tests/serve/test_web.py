"""HTTP on a town hall's own machine becomes the event that API Gateway sends, and the answer comes back whole."""

import io
import json
from types import SimpleNamespace

import pytest

from infra.serve import web
from infra.serve.web import MOST_BYTES, Web

PHOTOS = "mslj-town-photos"


class App:
    """A Chalice application's face: it answers with what it was sent."""

    api = SimpleNamespace(binary_types=["multipart/form-data"])
    routes = ("/api/points/{code}", "/s/{document}", "/api/tickets", "/")

    def __init__(self):
        self.answer = {}

    def __call__(self, event, context):
        self.event = event
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": "{}",
        } | self.answer


@pytest.fixture
def app(home, monkeypatch):
    served = Web.__new__(Web)
    from chalice.local import RouteMatcher

    served._home, served._app = home, App()
    served._matcher = RouteMatcher(list(App.routes))
    return served


def ask(app, uri, method="GET", body=b"", **environ):
    seen = {}

    def start(status, headers):
        seen.update(status=int(status.split()[0]), headers=dict(headers))

    given = {
        "REQUEST_METHOD": method,
        "RAW_URI": uri,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    seen["body"] = b"".join(app(given, start))
    return SimpleNamespace(**seen)


def test_a_request_becomes_the_event_of_api_gateway(app):
    ask(
        app,
        "/api/points/AB2?after=x&after=y",
        HTTP_AUTHORIZATION="Bearer t",
        HTTP_X_FORWARDED_FOR="192.0.2.7",
    )
    event = app._app.event
    assert event["requestContext"]["resourcePath"] == "/api/points/{code}"
    assert event["requestContext"]["identity"] == {"sourceIp": "127.0.0.1"}
    assert event["pathParameters"] == {"code": "AB2"}
    assert event["multiValueQueryStringParameters"] == {"after": ["x", "y"]}
    assert event["headers"] == {"authorization": "Bearer t", "x-forwarded-for": "192.0.2.7"}
    assert event["requestContext"]["requestId"]


def test_an_escaped_slash_or_chinese_in_a_path_belongs_to_its_name(app):
    ask(app, "/api/points/a%2Fb%E6%A5%BC")
    assert app._app.event["pathParameters"] == {"code": "a/b楼"}


@pytest.mark.parametrize("uri", ["/nowhere", "/api/points/a/b", "/api//tickets", "//evil.example/x"])
def test_an_address_that_no_route_has_is_not_found(app, uri):
    found = ask(app, uri)
    assert (found.status, json.loads(found.body)["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "uri",
    [
        "//[",
        "//[x]/api/tickets",
        "//desk/api/tickets",
        "///api/tickets",
        "http://[/nowhere",
        "//\u2100.x/api/tickets",
    ],
)
def test_a_path_that_begins_like_a_host_is_no_host_and_no_fault(app, uri):
    found = ask(app, uri)
    assert (found.status, json.loads(found.body)["code"]) == (404, "not_found")
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "uri", ["http://evil.example/api/tickets", "HTTPS://a@b:1/api/tickets?x", "/api/tickets#//"]
)
def test_an_address_in_the_form_of_proxies_is_its_path(app, uri):
    assert ask(app, uri).status == 200
    assert app._app.event["requestContext"]["path"] == "/api/tickets"


def test_what_follows_a_semicolon_belongs_to_its_name(app):
    ask(app, "/api/points/AB2;x=1")
    assert app._app.event["pathParameters"] == {"code": "AB2;x=1"}


def test_a_body_is_text_but_a_form_with_files_is_bytes(app):
    ask(app, "/api/tickets", "POST", "楼".encode(), CONTENT_TYPE="application/json")
    assert (app._app.event["body"], app._app.event["isBase64Encoded"]) == ("楼", False)
    ask(app, "/api/tickets", "POST", b"\xff", CONTENT_TYPE="multipart/form-data; boundary=B")
    assert (app._app.event["body"], app._app.event["isBase64Encoded"]) == ("/w==", True)


def test_an_answer_in_bytes_comes_back_as_bytes_with_every_header(app):
    app._app.answer = {
        "body": "/w==", "isBase64Encoded": True, "multiValueHeaders": {"Vary": ["a"]}, "headers": {"ETag": "1"},
    }  # fmt: skip
    found = ask(app, "/api/tickets")
    assert found.body == b"\xff"
    assert found.headers == {"ETag": "1", "Vary": "a", "Content-Length": "1"}


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "-1", "x"])
def test_a_request_that_is_too_long_is_refused_before_it_is_read(app, length):
    assert ask(app, "/api/tickets", "POST", b"", CONTENT_LENGTH=length).status == 413


# --- files ---


def form(fields, file=b"picture", name="photo.jpg"):
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + file + b"\r\n--B--\r\n"


def upload(app, files, file=b"picture", most=100, **changes):
    fields = {"Content-Type": "image/jpeg", "success_action_status": "201"}
    conditions = [*({name: value} for name, value in fields.items()), ["content-length-range", 1, most]]
    made = files.generate_presigned_post(
        PHOTOS, "incoming/01", Fields=fields, Conditions=conditions, ExpiresIn=900
    )
    path = made["url"].removeprefix("http://127.0.0.1:18080")
    body = form(made["fields"] | changes, file)
    return ask(app, path, "POST", body, CONTENT_TYPE="multipart/form-data; boundary=B")


def test_what_a_phone_uploads_is_kept_and_shown_by_its_link(app, files):
    assert upload(app, files).status == 201
    link = files.generate_presigned_url(
        "get_object", Params={"Bucket": PHOTOS, "Key": "incoming/01"}, ExpiresIn=300
    )
    found = ask(app, link.removeprefix("http://127.0.0.1:18080"))
    assert (found.status, found.body, found.headers["Content-Type"]) == (200, b"picture", "image/jpeg")


def test_nothing_in_a_file_runs_in_our_name(app, files):
    upload(app, files)
    link = files.generate_presigned_url(
        "get_object", Params={"Bucket": PHOTOS, "Key": "incoming/01"}, ExpiresIn=300
    )
    headers = ask(app, link.removeprefix("http://127.0.0.1:18080")).headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("file", "changes", "status", "code"),
    [
        (b"x" * 101, {}, 400, "EntityTooLarge"),
        (b"", {}, 400, "EntityTooSmall"),
        (b"x", {"key": "photos/02.jpg"}, 403, "AccessDenied"),
        (b"x", {"Content-Type": "text/html"}, 403, "AccessDenied"),
        (b"x", {"acl": "public-read"}, 403, "AccessDenied"),
    ],
)
def test_what_the_form_does_not_allow_is_refused_and_nothing_is_kept(
    app, files, home, file, changes, status, code
):
    found = upload(app, files, file, **changes)
    assert found.status == status
    assert f"<Code>{code}</Code>".encode() in found.body
    assert list(home.files.iterdir()) == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_files_are_reached_by_links_and_forms_alone(app, method):
    assert ask(app, f"/files/{PHOTOS}/photos/01.jpg", method).status == 405


@pytest.mark.parametrize(
    "uri", [f"/files/{PHOTOS}/photos/01.jpg", "/files/", "/files/../secrets.json", "/files//etc/passwd"]
)
def test_without_a_signature_nothing_is_shown(app, uri):
    assert ask(app, uri).status == 403


def test_a_link_to_what_is_gone_says_so(app, files):
    link = files.generate_presigned_url(
        "get_object", Params={"Bucket": PHOTOS, "Key": "photos/01.jpg"}, ExpiresIn=300
    )
    found = ask(app, link.removeprefix("http://127.0.0.1:18080"))
    assert (found.status, b"NoSuchKey" in found.body) == (404, True)


def test_two_fields_of_one_name_are_refused(app, files):
    body = form({"key": "incoming/01"}).replace(
        b"--B\r\n", b'--B\r\nContent-Disposition: form-data; name="KEY"\r\n\r\nx\r\n--B\r\n', 1
    )
    found = ask(app, f"/files/{PHOTOS}", "POST", body, CONTENT_TYPE="multipart/form-data; boundary=B")
    assert (found.status, web.IN_JSON in found.headers.values()) == (400, False)
