"""What the phones show against what we say we sent; and what became of every push that is not on a phone."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.model import from_stamp
from chalicelib.domain.notices.deliveries import FINAL, Delivery, State, gathered_params
from chalicelib.domain.notices.wechat_templates import data_of, page_of, read_templates, template_for
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store import keys
from infra.local.platform import account
from infra.local.platform.page import text_of
from infra.local.platform.wecom import GROUP
from infra.local.play.phones import Message, Shown
from infra.local.play.tables import Item, Tables

IN_THE_GROUP = "群机器人提醒"
MAY_HAVE_ARRIVED = "可能已送达"
SURE = 60  # characters of a message that no platform cuts
Rendered = tuple[str, str, str, str]  # openid, template, page, data


def each_ended_as_what_it_is(tables: Tables, long_ago: datetime, now: datetime) -> Iterator[str]:
    """A final state says why it is not "delivered"; a passing one stands where the sweep finds it, at an instant to come."""
    for item, delivery in outward(tables):
        what = f"{delivery.recipient} {delivery.event_key} ({delivery.state})"
        if delivery.state in FINAL:
            if delivery.state is not State.DELIVERED and not delivery.detail:
                yield f"{what} does not say why"
            if delivery.state is State.EXPIRED and now < delivery.not_before:
                yield f"{what} before it was due"
        elif delivery.way is not Channel.CALL:
            if from_stamp(str(item["next_at"])) < long_ago:
                yield f"{what} should have gone at {item['next_at']}"
            if not keys.is_due(str(item.get("GSI1PK", ""))):
                yield f"{what} is nowhere to be found for another try"


def one_time_messages_came_once(tables: Tables, shown: Shown) -> Iterator[str]:
    """Of each subscribe message as many on the phone as we say were delivered, or may have been; never more."""
    sure, maybe = Counter[Rendered](), Counter[Rendered]()
    for _, delivery in outward(tables):
        if delivery.way is Channel.WECHAT and (rendered := _rendered(delivery)):
            sure[rendered] += delivery.state is State.DELIVERED
            maybe[rendered] += delivery.state is State.SENDING or MAY_HAVE_ARRIVED in delivery.detail
    there = Counter(
        (phone.removeprefix("wechat:"), *_content(message))
        for phone, messages in shown.phones.items()
        if phone.startswith("wechat:")
        for message in messages
    )
    for rendered in sure.keys() | there.keys():
        if not sure[rendered] <= there[rendered] <= sure[rendered] + maybe[rendered]:
            yield (
                f"{rendered[0]} shows {rendered[3]} {there[rendered]} times, "
                f"delivered {sure[rendered]}, perhaps {maybe[rendered]}"
            )


def staff_phones_show_what_was_sent(tables: Tables, town: Town, shown: Shown) -> Iterator[str]:
    """What WeCom took is on that person's phone, or in the group; not more messages than were tried; none dropped."""
    texts = {phone: [text_of(m) for m in messages] for phone, messages in shown.phones.items()}
    tried: Counter[str] = Counter()
    for _, delivery in outward(tables):
        person = town.find_staff(delivery.recipient.removeprefix("staff:"))
        if delivery.way is not Channel.WECOM or person is None:
            continue
        phone = f"wecom:{person.wecom_id}"
        tried[phone] += delivery.attempts > 0
        if delivery.state is State.DELIVERED and not _is_shown(delivery, phone, texts):
            yield f"{phone} does not show {delivery.template} of {delivery.event_key}"
    for phone, found in texts.items():
        if phone.startswith("wecom:") and len(found) > tried[phone]:
            yield f"{phone} shows {len(found)} messages, {tried[phone]} were sent"
    yield from (f"{phone}: {count} dropped without a word" for phone, count in shown.dropped.items() if count)


def outward(tables: Tables) -> Iterator[tuple[Item, Delivery]]:
    from chalicelib.store.notices import deliveries

    for items in tables.told.values():
        yield from ((item, deliveries.load(item)) for sk, item in items.items() if keys.is_outward(sk))


def _is_shown(delivery: Delivery, phone: str, texts: dict[str, list[str]]) -> bool:
    if IN_THE_GROUP in delivery.detail:
        return any(delivery.params["number"] in text for text in texts.get(GROUP, ()))
    words = words_of(delivery.template, gathered_params(delivery) if delivery.members else delivery.params)
    return any(words.title in text and words.text[:SURE] in text for text in texts.get(phone, ()))


def _rendered(delivery: Delivery) -> Rendered | None:
    """What must stand on the phone, written by the same rules as what was sent; None for what has no template."""
    from chalicelib.store.identity import identities

    template = template_for(read_templates(json.dumps(account.USED)), delivery.template)
    openid = identities.find_on_wechat(delivery.recipient.removeprefix("reporter:")).openid
    if template is None or not openid:
        return None
    data = data_of(template, delivery.template, delivery.params, delivery.at)
    page = page_of(template, delivery.template, to_staff=False, ticket_id=delivery.ticket_id)
    return openid, template.id, page, _sorted(data)


def _content(message: Message) -> tuple[str, str, str]:
    data = {key: field["value"] for key, field in message["data"].items()}
    return message["template_id"], message["page"], _sorted(data)


def _sorted(data: dict[str, str]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
