"""One made-up report in a drill stage, by the way that people take: all three tables, the stream, and out to an inbox."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

from infra.production.aws import Account

TEXT = "演练自检，请忽略：楼道灯不亮"
WAIT_SECONDS = 60
STEP_SECONDS = 2.0
Line = tuple[str, bool, str]


def walk(account: Account, stage: str) -> Iterator[Line]:
    """(what, fine, told) of every step until the first that fails. Only where every message says that it is a drill."""
    found = account.client("cloudformation").describe_stacks(StackName=f"mslj-{stage}")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    yield from steps(outputs["EndpointURL"], stage)


def steps(url: str, stage: str, wait: float = WAIT_SECONDS) -> Iterator[Line]:
    status, session = ask("POST", f"{url}api/sessions", {})
    yield "走一遍：会话（work 表）", status == 201, _said(status, session, "api", stage)
    if status != 201:
        return
    token = session["token"]
    contact = {"name": "演练", "phone": "13800000000"}
    body = {"place_text": "演练自检", "text": TEXT, "contact": contact}
    status, ticket = ask("POST", f"{url}api/tickets", body, token)
    yield "走一遍：上报（三张表）", status == 201, _said(status, ticket, "api", stage)
    if status != 201:
        return
    end = time.monotonic() + wait
    heard = False
    while not heard and time.monotonic() < end:
        status, inbox = ask("GET", f"{url}api/inbox", None, token)
        heard = any(item["ticket_id"] == ticket["id"] for item in inbox.get("items", []))
        if not heard:
            time.sleep(STEP_SECONDS)
    told = (
        "收到了"
        if heard
        else f"{wait:.0f} 秒没有收到，请看 mslj-{stage}-on_ticket_event 和 mslj-{stage}-send 的日志"
    )
    yield "走一遍：消息到收件箱（数据流）", heard, told


def _said(status: int, answer: dict[str, Any], function: str, stage: str) -> str:
    if status == 201:
        return "好"
    return f"应答 {status} {answer.get('message', '')}，请看 mslj-{stage}-{function} 的日志"


def ask(method: str, url: str, body: Any, token: str = "") -> tuple[int, dict[str, Any]]:
    """Status and JSON; 0 for an address that does not answer."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        try:
            return refused.code, dict(json.load(refused))
        except (ValueError, TypeError):
            return refused.code, {}
    except (OSError, ValueError) as fault:
        return 0, {"message": type(fault).__name__}
