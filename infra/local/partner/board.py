"""The partners that the stand-in plays in the local cloud, each with its key of the deployment, on one plain page."""

import html
import json
from pathlib import Path
from typing import Any

from infra.local.partner.receiver import MODES, Receiver

_HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>合作方</title><style>
body{font:15px/1.5 sans-serif;margin:1em}td,th{border-top:1px solid #ddd;padding:.3em .6em;text-align:left}
</style><h1>合作方收到的答复（替身）</h1>"""
_OF_THE_FEED = {"act": "what"}  # what an event says in the place of an answer
_COLUMNS = {"number": "工单编号", "act": "处理动作", "at": "时间", "unit": "承办单位", "note": "说明", "reason": "退单原因"}  # fmt: skip


class Board:
    """`home`: the local cloud's folder, whose secrets.json holds the keys and where what was taken is kept."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home
        self.partners: dict[str, Receiver] = {}

    def find(self, name: str) -> Receiver | None:
        """None for a partner without a key."""
        if name not in self.partners and (key := self._key(name)):
            file = self.home / f"partner-{name}.jsonl" if self.home else None
            self.partners[name] = Receiver(key, file=file)
        return self.partners.get(name)

    def set_mode(self, name: str, mode: str) -> dict[str, str]:
        """Raises ValueError for an unknown partner or mode."""
        partner = self.find(name)
        if partner is None or mode not in MODES:
            raise ValueError(f"a partner with a key, and a mode of {MODES}")
        partner.mode = mode
        return {"name": name, "mode": mode}

    def said(self) -> dict[str, Any]:
        return {
            name: {"mode": one.mode, "asked": len(one.asked), "taken": list(one.taken.values())}
            for name, one in self._all().items()
        }

    def draw(self) -> str:
        tables = "".join(_table(name, one) for name, one in self._all().items())
        return f"{_HEAD}{tables or '<p>还没有合作方</p>'}</html>"

    def _all(self) -> dict[str, Receiver]:
        for secret in self._secrets():
            if secret.startswith("partner_"):
                self.find(secret.removeprefix("partner_"))
        return self.partners

    def _key(self, name: str) -> bytes:
        return str(self._secrets().get(f"partner_{name}", "")).encode()

    def _secrets(self) -> dict[str, Any]:
        file = self.home / "secrets.json" if self.home else None
        return json.loads(file.read_text()) if file and file.exists() else {}


def _table(name: str, partner: Receiver) -> str:
    head = "".join(f"<th>{title}</th>" for title in _COLUMNS.values())
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(said, field))}</td>" for field in _COLUMNS) + "</tr>"
        for said in reversed(partner.taken.values())
    )
    return f"<h2>{html.escape(name)}（{partner.mode}，{len(partner.taken)}）</h2><table><tr>{head}</tr>{rows}</table>"


def _cell(said: dict[str, Any], field: str) -> str:
    return str(said.get(field, said.get(_OF_THE_FEED.get(field, ""), "")))
