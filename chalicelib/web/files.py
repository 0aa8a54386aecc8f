"""The built clients (infra/clients.py makes them) with the security policy they are served under."""

from functools import cache
from pathlib import Path

from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.practice import WARNING

HERE = Path(__file__).parent / "clients"
HTML = "text/html; charset=utf-8"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}  # text alone: the API's host would need to be told of every binary type
UNTIL_CHANGED = "public, max-age=31536000, immutable"  # a file's name holds its digest
ORIGINS = '<meta name="photo-origins" content="">'  # the page refuses other addresses before the browser does
NOT_BUILT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>码上就来</title><!-- practice -->'
    "<p>码上就来的网页还没有装上，请联系维护人员。要反映问题，请到居民区的民情快办工作站；紧急情况请拨打 110、119、120。</p>"
)


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
    headers = {"Cache-Control": UNTIL_CHANGED}
    return WebFile(content=_text(file), content_type=TYPES[file.suffix], headers=headers)


def is_asset(name: str) -> bool:
    """Whether only a file can be meant: one that is gone since the last deployment is refused, not answered by a page."""
    return Path(name).suffix in TYPES


def page(client: str, picture_origins: tuple[str, ...], *, practice: bool = False) -> WebFile:
    """The one page of a client: what it shows it asks from the API. `picture_origins`: where photos go and come from.

    `practice`: a stage for drills, which the page says on every view, also to whoever runs no scripts (rule 55).
    """
    file = _files(HERE / client).get("index.html")
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _policy(picture_origins),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    banner = f'<p class="practice" role="note">{WARNING}</p>' if practice else ""
    html = (_text(file) if file else NOT_BUILT).replace("<!-- practice -->", banner)
    html = html.replace(ORIGINS, ORIGINS.replace('""', f'"{" ".join(picture_origins)}"'))
    return WebFile(content=html, content_type=HTML, headers=headers, status=200 if file else 503)


@cache
def _files(folder: Path) -> dict[str, Path]:
    """What lies in the folder, by name: whoever asks for a file can name no other place."""
    return {file.name: file for file in folder.iterdir() if file.is_file()} if folder.is_dir() else {}


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _policy(origins: tuple[str, ...]) -> str:
    pictures = " ".join(origins)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {pictures}",
            f"connect-src 'self' {pictures}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
