"""Every phone on one plain page."""

import html
import time
from typing import Any

from infra.local.platform.memory import Memory

NEWEST = 30  # messages of each phone
_HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>手机</title><style>
body{font:15px/1.5 sans-serif;margin:1em;background:#eee}main{display:flex;flex-wrap:wrap;gap:1em}
section{background:#fff;border-radius:12px;padding:.7em 1em;width:19em}h2{font-size:1em;margin:.2em 0}
article{border-top:1px solid #ddd;padding:.4em 0;white-space:pre-wrap;overflow-wrap:anywhere}small{color:#777}
</style><h1>手机（替身平台）</h1>"""


def draw(memory: Memory) -> str:
    moods = "，".join(f"{name}：{mood['mode']}" for name, mood in memory.moods.items())
    phones = "".join(_phone(name, memory) for name in sorted(memory.phones))
    return f"{_HEAD}<p>{html.escape(moods)}</p><main>{phones or '<p>还没有消息</p>'}</main></html>"


def _phone(name: str, memory: Memory) -> str:
    messages = memory.phones[name]
    dropped = f"<p>静默丢弃 {memory.dropped[name]} 条</p>" if memory.dropped[name] else ""
    shown = "".join(_message(message) for message in reversed(messages[-NEWEST:]))
    return f"<section><h2>{html.escape(name)}（{len(messages)}）</h2>{dropped}{shown}</section>"


def _message(message: dict[str, Any]) -> str:
    at = time.strftime("%H:%M:%S", time.localtime(message["received_at"]))
    return f"<article><small>{at}</small>\n{html.escape(text_of(message))}</article>"


def text_of(message: dict[str, Any]) -> str:
    """What a person reads of it."""
    if "data" in message:
        return "\n".join(str(field["value"]) for field in message["data"].values())
    content = message[message["msgtype"]]
    if message["msgtype"] == "textcard":
        return f"{content['title']}\n{content['description']}"
    if message["msgtype"] == "template_card":
        buttons = " ".join(f"[{button['text']}]" for button in content["button_list"])
        return f"{content['main_title']['title']}\n{content.get('sub_title_text', '')}\n{buttons}"
    return str(content["content"])
