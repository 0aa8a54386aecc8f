"""The cloud with real phones: tables, queue and secrets by moto, WeChat and WeCom by the stand-in over HTTP."""

from contextlib import contextmanager

from chalicelib.actions.notices import sending
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.gateways import http, secrets, tokens
from chalicelib.settings import settings
from chalicelib.store.identity import consents, identities
from chalicelib.store.notices import deliveries
from infra.local.platform import account
from infra.local.platform.server import StandIn
from tests import moto_cloud
from tests.telling_cloud import telling_cloud
from tests.telling_town import PARAMS, a_person, a_town, at

NOW = at("10:00")
KEYS = {"identity_key": "i" * 40}
PROGRESS = "stand-in-progress"


def with_accounts(town):
    """Everyone of the town in WeCom; `gone` has an account that WeCom no longer knows."""
    staff = [person.model_copy(update={"wecom_id": person.code}) for person in town.staff]
    gone = a_person("gone", *town.staff[0].roles).model_copy(update={"wecom_id": "gone"})
    return town.model_copy(update={"staff": (*staff, gone, a_person("nobody", *town.staff[0].roles))})


def connect(patch, base, **more):
    """Point the deployment at a platform; forget what the process knew of another."""
    for name, value in (account.settings(base) | more).items():
        patch.setenv(name, value)
    settings.cache_clear()
    http.forget()
    tokens.forget()


def keep_secrets(**more):
    moto_cloud.keep_secrets(**(KEYS | account.SECRETS | more))


@contextmanager
def phones_cloud(patch):
    with telling_cloud(patch, with_accounts(a_town())), StandIn() as platform:
        patch.setattr(http, "READ_SECONDS", 0.5)
        patch.setattr(http, "CONNECT_SECONDS", 0.5)
        keep_secrets()
        connect(patch, platform.base)
        yield platform
    secrets._held.cache_clear()
    http.forget()
    tokens.forget()


def a_resident(platform, name="li", accepts=1, template=PROGRESS):
    """Someone who has signed in and accepted so many messages; answers the reporter_id."""
    openid = f"o-{name}"
    person = identities.person_known_by(secrets.identity_key(), f"wechat:{openid}", NOW)
    identities.put_openid(person, openid, person, NOW)
    for i in range(accepts):
        platform.memory.allow(openid, template, 1)
        consents.accept(person, template, event=f"e{i}", at=NOW)
    return person


def to_resident(person, **changes):
    return created(
        **{"recipient": f"reporter:{person}", "way": Channel.WECHAT, "template": "dispatched"} | changes
    )


def to_staff(code="head", **changes):
    return created(**{"recipient": f"staff:{code}", "way": Channel.WECOM, "template": "reminded"} | changes)


def created(**given):
    defaults = {
        "at": NOW,
        "event_key": "01KAT0000000000000000000A1-000001",
        "ticket_id": "01KAT0000000000000000000A1",
        "params": PARAMS,
        "not_before": NOW,
    }
    delivery = Delivery(**defaults | given)
    assert deliveries.create(delivery)
    return deliveries.key_of(delivery)


def attempt(key, now=NOW):
    """One attempt; answers the delivery as it stands. The process has not met a silent platform before."""
    http.forget()
    sending.send(key, now=now)
    return deliveries.find(key)


def shown(platform, phone):
    return platform.memory.phones[phone]
