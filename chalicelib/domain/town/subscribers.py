"""A subscriber 订阅方 of the feed, as data (subscribers.csv): who is told of every change of a ticket, and by which way."""

from chalicelib.domain.model import Frozen

IDENTITY_FIELDS = ("name", "phone", "text")  # what a subscriber may be granted, each by its name


class Subscriber(Frozen):
    """`name` is also that of its key among the deployment's secrets, and stands in its addresses under /partners."""

    name: str
    title: str
    address: str = ""  # where events are sent; "": it only fetches them
    signature: str = ""  # the least version that is accepted of it; "": v1 (rule 63)
    identity: tuple[str, ...] = ()  # of IDENTITY_FIELDS; empty: nothing of who reported ever leaves
