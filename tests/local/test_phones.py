"""Real phones in the local cloud: from the consent dialog to the tap on a card, over HTTP, through the deployed functions."""

import json
import urllib.request

import pytest

from infra.local.platform import account
from infra.local.processes import wait_until

pytestmark = pytest.mark.local_cloud
LAMP = "四号楼一单元楼道灯坏了，晚上看不见"


def ask(url, body=None, token="", **headers):
    headers |= {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
        urllib.request.Request(url, data=data, headers=headers), timeout=30
    ) as answer:
        return json.loads(answer.read())


@pytest.fixture
def resident(town):
    """Signed in by WeChat, and asked once for each template."""
    token = ask(f"{town.url}api/sessions", {"wechat_code": "lin.1"})["token"]
    dialog = {"openid": "o-lin", "template_ids": [each["id"] for each in account.USED], "result": "accept"}
    assert ask(f"{town.place.phones}/_stand_in/consent", dialog)["answer"] == "success"
    return token


def shown(town, kind):
    """The messages on the phones of wechat or wecom, newest of each phone last."""
    phones = ask(f"{town.place.phones}/phones.json")["phones"]
    return [(name, each) for name, messages in phones.items() for each in messages if name.startswith(kind)]


def about(number, town, kind):
    return [found for found in shown(town, kind) if number in json.dumps(found, ensure_ascii=False)]


def test_a_report_rings_two_phones_and_one_tap_takes_it(town, resident):
    left = ask(f"{town.url}api/subscriptions", token=resident)["items"]
    assert [each["left"] for each in left] == [1, 1]

    report = {"place_text": "盛华景苑4号楼", "place": "SHJY-4-1", "text": LAMP}
    sent = ask(f"{town.url}api/tickets", report, resident, **{"Idempotency-Key": "phones-test-1"})
    number = sent["number"]
    assert wait_until(lambda: bool(about(number, town, "wechat:o-lin")), seconds=60)
    assert wait_until(lambda: bool(about(number, town, "wecom:")), seconds=60)
    [(_, message)] = about(number, town, "wechat:o-lin")
    assert message["data"]["phrase3"]["value"] == "已派单"

    [(phone, card)] = [
        (name, m) for name, m in about(number, town, "wecom:") if m["msgtype"] == "template_card"
    ]
    tap = {"userid": phone.removeprefix("wecom:"), "task_id": card["template_card"]["task_id"], "key": "take"}
    answer = ask(f"{town.place.phones}/_stand_in/tap", tap)
    assert "已签收" in answer["answer"]
    assert ask(f"{town.url}api/tickets/{sent['id']}", token=resident)["stage"] == "handling"
