"""The files of the resident's page, with the security policy they are served under."""

import hashlib
from functools import cache
from pathlib import Path

from chalicelib.domain.model import Frozen

HERE = Path(__file__).parent / "page"
HTML = "text/html; charset=utf-8"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
UNTIL_CHANGED = "public, max-age=31536000, immutable"  # the page names each file with its digest


class WebFile(Frozen):
    content: str
    content_type: str
    headers: dict[str, str] = {}


@cache
def asset(name: str) -> WebFile | None:
    """A script or style sheet of the page; None for any other name."""
    if name not in _names():
        return None
    text = (HERE / name).read_text(encoding="utf-8")
    return WebFile(
        content=text, content_type=TYPES[Path(name).suffix], headers={"Cache-Control": UNTIL_CHANGED}
    )


def page(picture_origins: tuple[str, ...]) -> WebFile:
    """The page of every code: what it shows it asks from the API. `picture_origins`: where photos go and come from."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _policy(picture_origins),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    return WebFile(content=_html(), content_type=HTML, headers=headers)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in HERE.iterdir() if path.suffix in TYPES)


@cache
def _html() -> str:
    text = (HERE / "page.html").read_text(encoding="utf-8")
    for name in _names():
        digest = hashlib.sha256((HERE / name).read_bytes()).hexdigest()[:12]
        text = text.replace(f'"{name}"', f'"{name}?v={digest}"')
    return text


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
