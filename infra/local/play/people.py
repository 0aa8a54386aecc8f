"""Staff who are signed in, and the photos that people take."""

from datetime import datetime
from functools import cache
from io import BytesIO

from infra.local.play.caller import Answer, Caller


class People:
    """Sessions by staff code, minted at the door that only the local cloud has (infra/local/sign_ins.py)."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    def sign_in_all(self) -> None:
        """Everyone at once, so that nobody has to sign in while the tables are down."""
        from chalicelib.store.town import directory

        for person in directory.town().staff:
            self.token(person.code)

    def held(self) -> list[tuple[str, str]]:
        """Whose token is whose, of those who are signed in."""
        return list(self._tokens.items())

    def token(self, code: str) -> str:
        from chalicelib.store.identity import sessions

        if code not in self._tokens:
            self._tokens[code] = sessions.start(sessions.Kind.STAFF, code, channel="console", now=now())
        return self._tokens[code]


def now() -> datetime:
    from chalicelib import clock

    return clock.now()


def take_photo(caller: Caller, token: str, shade: int = 90) -> tuple[str, Answer]:
    """Ask for a place, upload a real JPEG there. Answers the photo's id and what S3 said (201)."""
    data = jpeg(shade)
    granted = caller.post("/api/uploads", {"content_type": "image/jpeg", "size": len(data)}, token)
    if not granted.ok:
        return "", granted
    given = granted.body
    return given["photo_id"], caller.upload(given["url"], given["fields"], data, "image/jpeg")


@cache
def jpeg(shade: int) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (640, 480), (shade, 120, 200 - shade % 200)).save(out, "JPEG", quality=80)
    return out.getvalue()
