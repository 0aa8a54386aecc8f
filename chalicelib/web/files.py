"""The files of the resident's page, with the security policy they are served under."""

import hashlib
from functools import cache
from pathlib import Path

from chalicelib.domain.model import Frozen
from chalicelib.domain.practice import WARNING

HERE = Path(__file__).parent / "page"
HTML = "text/html; charset=utf-8"
TYPES = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8"}
SCRIPT = (
    "tools",
    "api",
    "cards",
    "photos",
    "report",
    "submit",
    "tickets",
    "ticket",
    "views",
)  # joined: one request, one scope
UNTIL_CHANGED = "public, max-age=31536000, immutable"  # the page names each file with its digest


class WebFile(Frozen):
    content: str
    content_type: str
    headers: dict[str, str]


def asset(name: str) -> WebFile | None:
    """The script or the style sheet of the page; None for any other name."""
    if name not in TYPES:
        return None
    return WebFile(content=_text(name), content_type=TYPES[name], headers={"Cache-Control": UNTIL_CHANGED})


def page(picture_origins: tuple[str, ...], *, practice: bool = False) -> WebFile:
    """The page of every code: what it shows it asks from the API. `picture_origins`: where photos go and come from.

    `practice`: a stage for drills, which the page says on every view, also to whoever runs no scripts (rule 55).
    """
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _policy(picture_origins),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    banner = f'<p class="practice" role="note">{WARNING}</p>' if practice else ""
    html = _html().replace("<!-- practice -->", banner)
    return WebFile(content=html, content_type=HTML, headers=headers)


@cache
def _text(name: str) -> str:
    if name != "page.js":
        return (HERE / name).read_text(encoding="utf-8")
    parts = "\n".join((HERE / "script" / f"{part}.js").read_text(encoding="utf-8") for part in SCRIPT)
    return f'(function () {{\n"use strict";\n{parts}}})();\n'


@cache
def _html() -> str:
    html = _text("page.html")
    for name in TYPES:
        digest = hashlib.sha256(_text(name).encode()).hexdigest()[:12]
        html = html.replace(f'"{name}"', f'"{name}?v={digest}"')
    return html


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
