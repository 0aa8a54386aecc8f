"""What became of every push, in words: what reached a phone, what waits and until when, what did not, and why."""

from collections import Counter
from collections.abc import Iterator

from chalicelib.domain.model import SHANGHAI, from_stamp
from chalicelib.domain.notices.deliveries import Delivery, State
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store import keys
from infra.local.play.phones_check import outward
from infra.local.play.tables import Item, Tables

MOST_REASONS = 5
WAYS = {
    Channel.WECOM: "企业微信",
    Channel.WECHAT: "微信",
    Channel.CALL: "工作站电话",
    Channel.CHECK: "微信内容检查",
}
STATES = {
    State.DELIVERED: "  送到了",
    State.NO_CONSENT: "  没有订阅次数，只在收件箱",
    State.TEMPORARY_FAILURE: "  暂时没送到，等重发",
    State.PERMANENT_FAILURE: "  没送到，工作站看得见",
    State.EXPIRED: "  过了有效时间，不再发",
    State.SENDING: "  正在发送",
    State.CREATED: "  还没到时间，或等工作站打电话",
}


def lines(tables: Tables) -> Iterator[tuple[str, str, str]]:
    """What, how many, and the reasons or ways, most frequent first."""
    found = list(outward(tables))
    inbox = sum(sk.startswith(keys.INBOX) for items in tables.told.values() for sk in items)
    yield "收件箱消息", str(inbox), ""
    yield "推送", str(len(found)), _counted(WAYS[delivery.way] for _, delivery in found)
    for state, words in STATES.items():
        of_state = [(item, delivery) for item, delivery in found if delivery.state is state]
        if of_state:
            yield words, str(len(of_state)), _note(state, of_state)


def _note(state: State, found: list[tuple[Item, Delivery]]) -> str:
    if state in (State.DELIVERED, State.SENDING, State.CREATED):
        again = sum(delivery.attempts > 1 for _, delivery in found)
        return _counted(WAYS[delivery.way] for _, delivery in found) + (f"；重发后 {again}" * bool(again))
    why = _counted(delivery.detail for _, delivery in found)
    if state is not State.TEMPORARY_FAILURE:
        return why
    last = max(from_stamp(str(item["next_at"])) for item, _ in found).astimezone(SHANGHAI)
    return f"{why}；最迟 {last:%H:%M} 重发"


def _counted(words: Iterator[str]) -> str:
    counted = Counter(words).most_common()
    told = "、".join(f"{word} {count}" for word, count in counted[:MOST_REASONS])
    return told + "…" * (len(counted) > MOST_REASONS)
