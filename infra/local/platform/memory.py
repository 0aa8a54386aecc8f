"""What the stand-in remembers: phones, consents, tokens, moods. Messages and consents lie in a file and outlive kill -9."""

import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from infra.local.partner.board import Board

PLATFORMS = ("wechat", "wecom")
MODES = ("ok", "down", "slow", "garbage", "html", "errcode")


class Memory:
    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.file = file
        self.phones: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.consents: Counter[str] = Counter()  # "<openid>|<template id>"
        self.calls: Counter[str] = Counter()  # by path
        self.dropped: Counter[str] = Counter()  # beyond what WeCom shows in a minute, by phone
        self.used_codes: set[str] = set()
        self.tokens: dict[str, tuple[str, float]] = {}  # platform -> token, until when
        self.moods: dict[str, dict[str, Any]] = {name: {"mode": "ok"} for name in PLATFORMS}
        self.partners = Board()
        self.callbacks: dict[str, str] = {}  # platform -> URL of ours that it pushes to
        if file and file.exists():
            self._remember(file)

    # messages and consents

    def show(self, phone: str, message: dict[str, Any]) -> None:
        self._note({"phone": phone, "message": message | {"received_at": time.time()}})

    def allow(self, openid: str, template_id: str, count: int) -> None:
        self._note({"consent": f"{openid}|{template_id}", "count": count})

    def take_back(self, phone: str, msgid: str) -> dict[str, Any]:
        """Take a message off a phone that never showed it; answers the message. Raises ValueError for an unknown one."""
        found = [message for message in self.phones[phone] if message.get("msgid") == msgid]
        if not found:
            raise ValueError(f"{phone} has no message {msgid}")
        self._note({"gone_from": phone, "msgid": msgid})
        return found[0]

    def drop(self, phone: str) -> None:
        self._note({"dropped": phone})

    def recent(self, phone: str, seconds: float) -> list[dict[str, Any]]:
        since = time.time() - seconds
        return [message for message in self.phones[phone] if message["received_at"] > since]

    def _note(self, entry: dict[str, Any]) -> None:
        with self.lock:
            self._apply(entry)
            if self.file:
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def _apply(self, entry: dict[str, Any]) -> None:
        if "phone" in entry:
            self.phones[entry["phone"]].append(entry["message"])
        elif "gone_from" in entry:
            kept = self.phones[entry["gone_from"]]
            kept[:] = [message for message in kept if message.get("msgid") != entry["msgid"]]
        elif "dropped" in entry:
            self.dropped[entry["dropped"]] += 1
        else:
            self.consents[entry["consent"]] += entry["count"]

    def _remember(self, file: Path) -> None:
        """A last line that a kill cut short is left out, and ended so that the next one stands apart."""
        written = file.read_text(encoding="utf-8", errors="replace")
        if written and not written.endswith("\n"):
            with file.open("a", encoding="utf-8") as torn:
                torn.write("\n")
        for line in written.splitlines():
            try:
                self._apply(json.loads(line))
            except ValueError:
                continue

    # tokens

    def token(self, platform: str) -> tuple[str, int]:
        """The same one to whoever asks, until five minutes before its end."""
        with self.lock:
            value, until = self.tokens.get(platform, ("", 0.0))
            if until - time.time() < 300:
                value, until = f"{platform}-{uuid.uuid4().hex}", time.time() + 7200
                self.tokens[platform] = value, until
            return value, int(until - time.time())

    def knows_token(self, platform: str, value: str) -> bool:
        held, until = self.tokens.get(platform, ("", 0.0))
        return bool(value) and value == held and time.time() < until

    # moods

    def set_mood(self, platform: str, mood: dict[str, Any]) -> None:
        with self.lock:
            for name in PLATFORMS if platform == "all" else (platform,):
                self.moods[name] = dict(mood)

    def mood(self, platform: str) -> dict[str, Any]:
        """The mood of one request; one that was set for so many `times` wears off."""
        with self.lock:
            mood = self.moods[platform]
            if "times" not in mood:
                return mood
            if mood["times"] <= 0:
                return {"mode": "ok"}
            mood["times"] -= 1
            return dict(mood)
