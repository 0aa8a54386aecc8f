"""What was said on the reports of a crowd, weighed with them: a comment is one more wording of its matter (rule 67)."""

from collections.abc import Iterable

from chalicelib.domain.classes.issue_class import Member
from chalicelib.domain.classes.meaning import meaning_of
from chalicelib.domain.classes.spots import Said
from chalicelib.domain.classes.topics import topics_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.gateways import triage_model
from chalicelib.store.tickets import lists, own_words

# Comments of a ticket that are looked at, the oldest: the later ones are about how it goes on
MOST_BESIDE = 3


class Beside:
    """What was read beside the reports of spots, each once a batch."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._read: set[str] = set()
        self._known: dict[str, Said] = {}

    def of(self, members: Iterable[Member]) -> dict[str, Said]:
        """Of those on which residents said something: what they say with it. A confidential ticket is left as it is kept."""
        wanted = {each.ticket_id: each for each in members if each.ticket_id not in self._read}
        self._read |= wanted.keys()
        for ticket in lists.get_many(list(wanted)):
            beside = [] if ticket.confidential else own_words.said(ticket.id)[:MOST_BESIDE]
            if beside:
                text = "。".join((ticket.text, *(line.note for line in beside)))
                self._known[ticket.id] = self._said(wanted[ticket.id], ticket, text)
        return self._known

    def _said(self, member: Member, ticket: Ticket, text: str) -> Said:
        names = (place.name for code in ticket.where.path if (place := self._town.find_place(code)))
        topics = (*member.topics, *topics_of(text, names, self._town).topics)
        return Said(tuple(dict.fromkeys(topics)), meaning_of(text, triage_model.meanings()))
