"""The group robot 群机器人: reaches a member of staff whom the application cannot. A group reads it: number and link only."""

from chalicelib.domain.notices.deliveries import Outcome, State
from chalicelib.gateways import http, secrets
from chalicelib.gateways.tokens import code_of
from chalicelib.settings import settings

NAME = "wecom-robot"
MOST_A_MINUTE = 10  # of our minutes; 20 in any 60 seconds, then 45009


def is_set() -> bool:
    return bool(settings().wecom_base_url and secrets.platform("wecom_robot_key"))


def send(userid: str, number: str, ticket_id: str) -> Outcome:
    """Mention one member. Raises NoAnswer when it may have arrived; everything else is an outcome."""
    console = settings().console_url
    link = f"{console}{ticket_id}" if console and ticket_id else ""
    content = f"工单 {number} 有新消息，请打开工作台查看。{link}"
    return _posted({"content": content, "mentioned_list": [userid] if userid else []}, "已由群机器人提醒")


def say(content: str) -> Outcome:
    """Say something to the whole group: an alarm of the deployment, 2048 bytes at most. Raises NoAnswer as `send` does."""
    return _posted({"content": content}, "已由群机器人告知")


def _posted(text: dict[str, object], done: str) -> Outcome:
    base = settings().wecom_base_url.rstrip("/")
    body = {"msgtype": "text", "text": text}
    try:
        answer = http.post(base, "/cgi-bin/webhook/send", body, key=secrets.platform("wecom_robot_key"))
    except http.NotSent as fault:
        return Outcome(state=State.TEMPORARY_FAILURE, detail=f"群机器人：{fault}")
    code = code_of(answer)
    if code == 0:
        return Outcome(state=State.DELIVERED, detail=done)
    passing = code in (-1, 45009)
    return Outcome(
        state=State.TEMPORARY_FAILURE if passing else State.PERMANENT_FAILURE, detail=f"群机器人 {code}"
    )
