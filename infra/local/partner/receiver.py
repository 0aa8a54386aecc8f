"""The partner's side of an exchange: checks our signature, acknowledges each id once, and fails as it is told."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Asked, Signed, Way

MODES = ("ok", "down", "error", "garbage", "refuse", "silent")


class Receiver:
    """`skew` seconds its clock is ahead. `asked` holds every try that was signed rightly, `taken` what it did.

    `down` is for the server to play. What was taken lies in `file` and outlives kill -9.
    """

    def __init__(
        self, key: bytes, now: Callable[[], datetime] | None = None, file: Path | None = None
    ) -> None:
        self.key, self.mode, self.skew, self.file = key, "ok", 0, file
        self.now = now or (lambda: datetime.now(SHANGHAI))
        self.asked: list[dict[str, Any]] = []
        self.taken: dict[str, dict[str, Any]] = _kept(file)
        self.nonces: set[str] = set()
        self.refused = 0

    def answer(self, headers: Message, body: bytes, target: str) -> tuple[int, bytes]:
        """What it answers to a POST to `target`, path and query as they came. `silent` does what was asked and says nothing that can be understood: the lost answer."""
        given = _given(headers)
        asked = Asked(way=Way.FROM_TOWN, method="POST", target=target)
        try:
            signatures.check(
                given, self.key, body, asked=asked, now=self.now() + timedelta(seconds=self.skew)
            )
        except NotSignedIn:
            self.refused += 1
            return 401, b'{"message": "signature"}'
        if given.nonce in self.nonces:
            self.refused += 1
            return 409, b'{"message": "nonce"}'
        self.nonces.add(given.nonce)
        return self._done(json.loads(body))

    def _done(self, said: dict[str, Any]) -> tuple[int, bytes]:
        self.asked.append(said)
        if self.mode in ("error", "garbage"):
            return (500, b'{"message": "down"}') if self.mode == "error" else (200, b"<html>ok")
        if self.mode == "refuse":
            return 422, json.dumps({"message": "办理结果不能为空"}, ensure_ascii=False).encode()
        if said["id"] not in self.taken:
            self._take(said)
        return 200, b"{}" if self.mode == "silent" else json.dumps({"received": said["id"]}).encode()

    def _take(self, said: dict[str, Any]) -> None:
        self.taken[said["id"]] = said
        if self.file:
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(said, ensure_ascii=False) + "\n")


def _given(headers: Message) -> Signed:
    return Signed(
        timestamp=headers.get(signatures.TIMESTAMP, ""),
        nonce=headers.get(signatures.NONCE, ""),
        signature=headers.get(signatures.SIGNATURE, ""),
        signature_v2=headers.get(signatures.SIGNATURE_V2, ""),
    )


def _kept(file: Path | None) -> dict[str, dict[str, Any]]:
    """A last line that a kill cut short was not acknowledged: it comes again."""
    found: dict[str, dict[str, Any]] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file and file.exists() else ():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        found[said["id"]] = said
    return found
