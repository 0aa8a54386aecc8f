"""The built clients (infra/clients.py makes them) with the security policy they are served under."""

from functools import cache
from html import escape
from pathlib import Path

from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.practice import WARNING

HERE = Path(__file__).parent / "clients"
HTML = "text/html; charset=utf-8"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}  # text alone: the API's host would need to be told of every binary type
UNTIL_CHANGED = "public, max-age=31536000, immutable"  # a file's name holds its digest
ASKED_EACH_TIME = "no-cache"
UNNAMED = frozenset({"sw.js", "app.webmanifest"})  # these alone keep their names when they change
ORIGINS = '<meta name="photo-origins" content="">'  # the page refuses other addresses before the browser does
NOT_BUILT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>码上就来</title><!-- practice -->'
    "<p>码上就来的网页还没有装上，请联系维护人员。要反映问题，请到居民区的民情快办工作站；紧急情况请拨打 110、119、120。</p>"
)


class FirstScreen(Frozen):
    """What the page of a code can be used for before any script has come: whom to call."""

    code: str = ""
    gas: str = ""
    station: str = ""  # its phone


class WebFile(Frozen):
    content: str
    content_type: str
    headers: dict[str, str]
    status: int = 200


def asset(client: str, name: str) -> WebFile | None:
    """A script, style sheet or drawing of a client; None for what no client has. `client`: browser or desk."""
    file = _files(HERE / client).get(name)
    if file is None or file.suffix not in TYPES:
        return None
    headers = {"Cache-Control": ASKED_EACH_TIME if name in UNNAMED else UNTIL_CHANGED}
    return WebFile(content=_text(file), content_type=TYPES[file.suffix], headers=headers)


def is_asset(name: str) -> bool:
    """Whether only a file can be meant: one that is gone since the last deployment is refused, not answered by a page."""
    return Path(name).suffix in TYPES


def page(
    client: str,
    upload_origins: tuple[str, ...],
    *,
    practice: bool = False,
    first: FirstScreen = FirstScreen(),  # noqa: B008
) -> WebFile:
    """The one page of a client: what it shows it asks from the API. `upload_origins`: where photos and recordings go and come from.

    `practice`: a stage for drills, which the page says on every view, also to whoever runs no scripts (rule 55).
    """
    file = _files(HERE / client).get("index.html")
    headers = {
        "Cache-Control": ASKED_EACH_TIME,
        "Content-Security-Policy": _policy(upload_origins),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    banner = f'<p class="practice" role="note">{WARNING}</p>' if practice else ""
    html = (_text(file) if file else NOT_BUILT).replace("<!-- practice -->", banner)
    for mark, filled in _first(first).items():
        html = html.replace(mark, filled)
    html = html.replace(ORIGINS, ORIGINS.replace('""', f'"{" ".join(upload_origins)}"'))
    return WebFile(content=html, content_type=HTML, headers=headers, status=200 if file else 503)


def _first(known: FirstScreen) -> dict[str, str]:
    gas, station = escape(known.gas), escape(known.station)
    call = f'<a class="first__way" href="tel:{station}">打电话 {station}</a>'
    return {
        "<!-- code -->": escape(known.code),
        "<!-- gas -->": f'<a href="tel:{gas}"><b>燃气</b>{gas}</a>' if gas else "",
        "<!-- station -->": call if station else "",
    }


@cache
def _files(folder: Path) -> dict[str, Path]:
    """What lies in the folder, by name: whoever asks for a file can name no other place."""
    return {file.name: file for file in folder.iterdir() if file.is_file()} if folder.is_dir() else {}


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _policy(origins: tuple[str, ...]) -> str:
    uploads = " ".join(origins)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {uploads}",
            f"media-src blob: {uploads}",
            f"connect-src 'self' {uploads}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
