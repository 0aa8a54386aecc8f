"""The feed and the horn sonar over real HTTP, in the deployed local cloud, with the stand-in as the city operations centre."""

import json
import secrets
import urllib.request
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners import signatures
from infra.local.processes import wait_until
from infra.local.push_order import key_of
from infra.local.town import SAMPLE
from tests.local.commands import call, import_town, report, signed_in, wake_schedule

pytestmark = pytest.mark.local_cloud


def taken(cloud, ticket_id):
    """What the stand-in acknowledged of a ticket, in the order in which it took it."""
    with urllib.request.urlopen(f"{cloud.place.phones}/partners.json", timeout=10) as answer:
        played = json.load(answer)["city"]
    return [event for event in played["taken"] if event.get("ticket_id") == ticket_id]


def behave(cloud, mode):
    body = json.dumps({"name": "city", "mode": mode}).encode()
    urllib.request.urlopen(f"{cloud.place.phones}/_stand_in/partner", body, timeout=10).close()


def signed(cloud, method, path, partner, body=b""):
    named, _, query = path.partition("?")
    target = signatures.target(f"/partners/{partner}/{named}", parse_qsl(query))
    given = signatures.sign(
        key_of(cloud.place, partner),
        body,
        nonce=secrets.token_hex(16),
        now=datetime.now(SHANGHAI),
        asked=signatures.Asked(way=signatures.Way.TO_TOWN, method=method, target=target),
    )
    headers = {"Content-Type": "application/json", **signatures.headers(given)}
    request = urllib.request.Request(
        f"{cloud.url}partners/{partner}/{path}", body or None, headers, method=method
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def subscribed(town):
    """The sample town, by the command that gives its subscriber the stand-in's address."""
    done = import_town(town, SAMPLE)
    assert done.returncode == 0, done.stderr
    return town


def test_a_ticket_reaches_the_subscriber_whatever_it_does_in_between_and_the_desk_sees_it(subscribed):
    behave(subscribed, "garbage")
    _, session = call(subscribed, "POST", "api/sessions", {})
    ticket_id = report(subscribed, session["token"], contact={"name": "王阿姨", "phone": "13800001111"})
    desk = signed_in(subscribed)["first_contact"]

    def city():
        return next(
            e for e in call(subscribed, "GET", "desk/feeds", None, desk)[1]["items"] if e["name"] == "city"
        )

    assert wait_until(lambda: city()["waiting"], seconds=30, step=0.5)
    wake_schedule(subscribed, "feed")
    assert wait_until(lambda: city()["failing"], seconds=30, step=0.5)
    behave(subscribed, "ok")
    status, resent = call(subscribed, "POST", "desk/feeds/city/resend", {"ticket_id": ticket_id}, desk)
    assert (status, resent["resent"]) == (200, 1)
    assert wait_until(
        lambda: wake_schedule(subscribed, "feed") or taken(subscribed, ticket_id), seconds=30, step=1
    )
    [event] = taken(subscribed, ticket_id)
    assert (event["version"], event["kind"], event["ticket"]["source"]) == (1, "received", "browser")
    assert "王阿姨" not in json.dumps(event, ensure_ascii=False)
    assert signed(subscribed, "GET", "events", "city")["next"]


def test_the_horn_sonar_makes_one_ticket_in_the_deployed_cloud(subscribed):
    now = datetime.now(SHANGHAI)
    seen = [
        {
            "id": f"h{n}",
            "sensor": "horn-1",
            "kind": "horn",
            "value": 92.5,
            "at": (now - timedelta(seconds=n)).isoformat(),
        }
        for n in range(11)
    ]
    for part, tickets in ((seen[:10], 0), (seen[10:], 1), (seen, 1)):
        answer = signed(
            subscribed, "POST", "observations", "sonar", json.dumps({"observations": part}).encode()
        )
        assert (answer["received"], len(answer["tickets"])) == (len(part), tickets), answer
