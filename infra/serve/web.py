"""What gunicorn serves: the Chalice application by its own event format, and the signed links to files. One request at a time.

A proxy stands before it (infra/serve/mslj.nginx.conf), which takes TLS, slow phones and the caller's address.
"""

import base64
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from infra.serve import functions, secrets, signed
from infra.serve.beginning import begin
from infra.serve.files import Files, NoSuchKey
from infra.serve.home import FILES, Home, from_environment

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
Headers = list[tuple[str, str]]
MOST_BYTES = 6 * 1024 * 1024  # of a request to a function, as on AWS
MOST_FORM_BYTES = 20 * 1024 * 1024  # of a form with a file; its policy says less
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
IN_JSON = "application/json; charset=utf-8"
# A file is shown or played by itself; whatever was uploaded, nothing in it runs in our name.
GUARDED = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"),
    ("Strict-Transport-Security", "max-age=31536000"),
]
_log = logging.getLogger("mslj")


class Web:
    """A WSGI application."""

    def __init__(self, home: Home) -> None:
        from chalice.local import RouteMatcher

        import app

        self._home = home
        self._app = app.app
        self._matcher = RouteMatcher(list(self._app.routes))

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path, query = _asked(environ)
        if path.startswith(f"/{FILES}/"):
            status, headers, body = self._file(environ, path, query)
        else:
            status, headers, body = self._function(environ, path, query)
        headers.append(("Content-Length", str(len(body))))
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    # --- routes

    def _function(self, environ: Environ, path: str, query: str) -> tuple[int, Headers, bytes]:
        try:
            if path.startswith("//"):
                raise ValueError("no route begins so; the matcher would read a host")
            found = self._matcher.match_route(f"{path.replace(';', '%3B')}?{query}")
        except ValueError:
            return _told(404, "not_found", "没有这个地址")
        body = _body(environ, MOST_BYTES)
        if body is None:
            return _told(413, "too_large", "请求太大，请减少内容后重试")
        context = functions.Context("api")
        event = self._event(environ, found, body, context.aws_request_id)
        with functions.timed("api_handler"):
            answer = self._app(event, context)
        return answer["statusCode"], list(_headers(answer)), _content(answer)

    def _event(self, environ: Environ, found: Any, body: bytes, request_id: str) -> dict[str, Any]:
        """What API Gateway sends. The caller's address is the one that the connection comes from: the proxy's."""
        kind = environ.get("CONTENT_TYPE", "")
        is_binary = kind.partition(";")[0].strip().lower() in self._app.api.binary_types
        return {
            "requestContext": {
                "httpMethod": environ["REQUEST_METHOD"],
                "resourcePath": found.route,
                "identity": {"sourceIp": environ.get("REMOTE_ADDR", "")},
                "path": unquote(_asked(environ)[0]),
                "requestId": request_id,
            },
            "headers": _request_headers(environ),
            "pathParameters": {name: unquote(value) for name, value in found.captured.items()},
            "multiValueQueryStringParameters": found.query_params or None,
            "stageVariables": {},
            "body": base64.b64encode(body).decode() if is_binary else body.decode(errors="replace"),
            "isBase64Encoded": is_binary,
        }

    # --- files

    def _file(self, environ: Environ, path: str, query: str) -> tuple[int, Headers, bytes]:
        """As S3 answers; a refusal as its XML."""
        key, now = secrets.read(self._home.keys)["files"], datetime.now(UTC)
        named, at = signed.bucket_and_key(path, f"/{FILES}/")
        try:
            if environ["REQUEST_METHOD"] == "GET":
                more = signed.check_link("GET", self._home.files_address, path, query, key, now)
                return self._shown(named, at, more)
            if environ["REQUEST_METHOD"] == "POST" and not at:
                return self._taken(environ, named, key, now)
            raise signed.Refused(405, "MethodNotAllowed", "不支持这样访问")
        except NoSuchKey:
            return _refused(signed.Refused(404, "NoSuchKey", "没有这个文件，可能已经删除"))
        except signed.Refused as refusal:
            return _refused(refusal)

    def _shown(self, named: str, key: str, more: dict[str, str]) -> tuple[int, Headers, bytes]:
        found = Files(self._home).get_object(Bucket=named, Key=key)
        caching = more.get("response-cache-control", "private, max-age=300")
        kind = found["ContentType"] or "application/octet-stream"
        return 200, [("Content-Type", kind), ("Cache-Control", caching), *GUARDED], found["Body"].read()

    def _taken(self, environ: Environ, named: str, key: str, now: datetime) -> tuple[int, Headers, bytes]:
        body = _body(environ, MOST_FORM_BYTES)
        if body is None:
            raise signed.Refused(400, "EntityTooLarge", "文件太大")
        fields, file = _form(environ.get("CONTENT_TYPE", ""), body)
        signed.check_upload(signed.Upload(named, fields, len(file)), key, now)
        Files(self._home).put_object(
            Bucket=named, Key=fields["key"], Body=file, ContentType=fields.get("content-type", "")
        )
        status = fields.get("success_action_status", "204")
        return int(status) if status in ("200", "201", "204") else 204, list(GUARDED), b""


def _form(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """Fields with names in lower case, and the file. Raises Refused."""
    from chalicelib.api import multipart
    from chalicelib.domain.errors import BadRequest

    try:
        pairs, files = multipart.parts_of(kind, body)
    except BadRequest:
        raise signed.Refused(400, "MalformedPOSTRequest", "上传的表单不完整，请重试") from None
    fields = {name.lower(): value for name, value in pairs}
    if len(files) > 1 or len(fields) != len(pairs) or "key" not in fields:
        raise signed.Refused(400, "InvalidArgument", "上传的表单里应有一个文件，字段不重复")
    return fields, files[0] if files else b""


def _refused(refusal: signed.Refused) -> tuple[int, Headers, bytes]:
    _log.info("file refused %s", refusal.code)
    text = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>"
    return refusal.status, [("Content-Type", "application/xml; charset=utf-8"), *GUARDED], text.encode()


def _told(status: int, code: str, message: str) -> tuple[int, Headers, bytes]:
    from chalicelib.api import http

    return (
        status,
        [("Content-Type", IN_JSON), *http.GUARDED.items()],
        http.dumped({"code": code, "message": message}).encode(),
    )


# --- HTTP -------------------------------------------------------------------------------------------------------------


def _asked(environ: Environ) -> tuple[str, str]:
    """Path and query as they arrived: a slash that was escaped belongs to a name.

    Parted by hand: what begins with two slashes is a path here and names no host, whatever stands in it.
    """
    asked: str = environ.get("RAW_URI") or environ["PATH_INFO"]
    if (
        of_a_proxy := _ABSOLUTE.match(asked)
    ) is not None:  # http://host/path, the form that proxies are asked in
        asked = asked[of_a_proxy.end() :]
    path, _, query = asked.partition("#")[0].partition("?")
    return path or "/", query


def _body(environ: Environ, most: int) -> bytes | None:
    """None for one that is too long."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _request_headers(environ: Environ) -> dict[str, str]:
    found = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if kind := environ.get("CONTENT_TYPE"):
        found["content-type"] = kind
    return found


def _headers(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, str(value)) for name, value in (answer.get("headers") or {}).items())
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        yield from ((name, str(value)) for value in values)


def _content(answer: dict[str, Any]) -> bytes:
    body = answer.get("body") or ""
    return base64.b64decode(body) if answer.get("isBase64Encoded") else str(body).encode()


def application() -> Web:
    """For gunicorn: `infra.serve.web:application()`."""
    home = from_environment()
    begin("web", home, watching=False)
    return Web(home)
