"""A small town on moto with three subscribers: two played by the stand-in, and one that only fetches."""

from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest

from chalicelib.actions.feed import feeding, sending
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket, Where
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.town.vocabulary import Source
from chalicelib.gateways import http, secrets
from chalicelib.store.identity import identities
from chalicelib.store.identity.identities import Contact
from chalicelib.store.table import transact
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.town import directory
from infra.local.partner.server import StandIn
from tests.moto_cloud import keep_secrets, moto_cloud
from tests.towns import built, small_files

KEY = b"s" * 40
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
REPORTER = "r" * 32
_NUMBERS = count(1)


class FeedCloud:
    """`city` is granted the phone; `lib` nothing; `reads` has no address. Time is the test's."""

    def __init__(self, city, lib):
        self.now, self.city, self.lib = MONDAY, city, lib
        self._noted = set()

    def later(self, **length):
        self.now += timedelta(**length)

    def report(self, *, phone="", **more):
        number = next(_NUMBERS)
        known = {"id": f"01KATQ{number:020d}", "number": f"MS261123-{number:06d}-4", "stage": Stage.RECEIVED}
        known |= {"source": Source.QR, "where": Where(name="4号楼"), "text": "楼道灯不亮", "station_id": "ST"}
        ticket = Ticket(**(known | {"reporter_id": REPORTER, "received_at": self.now} | more))
        tickets.save(ticket, Event(kind="received", at=self.now, by="reporter"), before=None)
        if phone:
            contact = Contact(name="王阿姨", phone=phone, text="原文")
            transact(identities.contact_ops(ticket.id, [(REPORTER, contact)], self.now))
        return ticket.id

    def act(self, ticket_id, kind="progress", *, note="", public=False, **changes):
        before = tickets.get(ticket_id)
        event = Event(kind=kind, at=self.now, by="gw1", note=note, public=public)
        tickets.save(before.model_copy(update=changes), event, before=before)

    def three(self, **more):
        """A ticket with three versions."""
        ticket_id = self.report(**more)
        self.act(ticket_id, "taken", taken=True)
        self.act(ticket_id, note="明天来修", public=True)
        self.settle(ticket_id)
        return ticket_id

    def note(self, ticket_id, version):
        """The stream brings one line of history."""
        event = dict(tickets.list_events(ticket_id))[version]
        line = Line(ticket_id=ticket_id, name=f"{version:06d}", event=event)
        return feeding.note(line, now=self.now)

    def settle(self, ticket_id):
        for version, _ in tickets.list_events(ticket_id):
            if (ticket_id, version) not in self._noted:
                self.note(ticket_id, version)
                self._noted.add((ticket_id, version))

    def send(self, **how):
        http.forget()  # hosts that did not answer just now may be asked again at once
        return sending.send_due(now=self.now, **how)

    def well(self):
        """Both answer again, nothing waits, and what they were told before is forgotten."""
        for partner in (self.city, self.lib):
            partner.mode, partner.skew = "ok", 0
        self.later(hours=2)
        self.send()
        for partner in (self.city, self.lib):
            partner.taken.clear(), partner.asked.clear()
        return self


@contextmanager
def feed_cloud(patch):
    with ExitStack() as stack:
        stack.enter_context(moto_cloud(patch))
        keep_secrets(**{f"partner_{name}": KEY.decode() for name in ("city", "lib", "reads")})
        clock = [MONDAY]
        city, lib = (stack.enter_context(StandIn(KEY, now=lambda: clock[0].now)) for _ in range(2))
        clock[0] = FeedCloud(city, lib)
        known = (
            Subscriber(name="city", title="城运中心", address=city.url, identity=("phone",)),
            Subscriber(name="lib", title="图书馆", address=lib.url),
            Subscriber(name="reads", title="只取不推"),
        )
        town, _ = built(small_files())
        parts = {name: getattr(town, name) for name in type(town).model_fields}
        peopled = type(town)(**(parts | {"subscribers": known}))
        patch.setattr(directory, "town", lambda: peopled)
        http.forget()
        yield clock[0]
        http.forget()
        secrets._held.cache_clear()


@pytest.fixture(scope="module")
def one_cloud():
    """One cloud for a whole module; its tests each take `cloud`, and tickets of their own."""
    with pytest.MonkeyPatch.context() as patch, feed_cloud(patch) as running:
        yield running


@pytest.fixture
def cloud(one_cloud):
    return one_cloud.well()


def told(partner, ticket_id):
    """(version, kind) of what a subscriber has taken of a ticket, in the order in which it took it."""
    return [(e["version"], e["kind"]) for e in partner.taken.values() if e["ticket_id"] == ticket_id]


def state_kept(asked, ticket_id):
    """What a subscriber knows of a ticket that applies events by (ticket, version), whatever came twice or late."""
    events = [event for event in asked if event["ticket_id"] == ticket_id]
    return max(events, key=lambda event: event["version"])["ticket"] if events else None
