"""What this deployment is, for those who may not read settings themselves."""

from functools import cache

from chalicelib.domain.identity.addresses import Network, networks
from chalicelib.settings import settings


def is_practice() -> bool:
    """演练: new tickets are marked, told to nobody outside and counted nowhere (rule 55)."""
    return settings().practice


def practice() -> dict[str, str]:
    """What marks a message as one of a drill; nothing elsewhere."""
    return {"practice": "1"} if is_practice() else {}


def public_url() -> str:
    """The address that is printed; empty until the town has set its own domain."""
    return settings().public_url


def trusted_proxies() -> tuple[Network, ...]:
    """Whose X-Forwarded-For counts; nobody's where the town has no proxy of its own."""
    return _networks(settings().trusted_proxies)


_networks = cache(networks)
