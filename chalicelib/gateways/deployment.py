"""What this deployment is, for those who may not read settings themselves."""

from chalicelib.settings import settings


def is_practice() -> bool:
    """演练: new tickets are marked, told to nobody outside and counted nowhere (rule 55)."""
    return settings().practice


def public_url() -> str:
    """The address that is printed; empty until the town has set its own domain."""
    return settings().public_url
