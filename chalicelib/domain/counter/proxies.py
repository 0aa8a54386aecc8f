"""代反映: somebody reports for another. Both are parties; the other is asked at the first contact, and has the last word (rule 96)."""

from datetime import datetime

from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound
from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import EverydayWords
from chalicelib.domain.understanding.phrases import flat

_HARM = frozenset({DangerKind.VIOLENCE, DangerKind.SELF_HARM})


def speaks_for(text: str, reading: Reading, town: Town) -> bool:
    """Whether somebody may report this for another.

    Never a matter of family or violence, for who reports may be whom it is about. Where somebody is being harmed it goes
    on in the reporter's own name (False); else raises Invalid.
    """
    if reading.danger is not Danger.NONE and _HARM.intersection(reading.kinds):
        return False
    rows = [EverydayWords(term=each.code, everyday=each.words) for each in town.topics if each.own_word]
    if rows and Words(rows).meant(flat(text)):
        raise Invalid(
            "家里的事和受到伤害的事，不能代别人反映：请本人来说，或以您自己的名义反映；有人正受伤害请马上打110",
            fields=["on_behalf"],
        )
    return True


def may_see(ticket: Ticket, there: Ticket | None = None) -> bool:
    """Whether the proxy still sees it: not once the other said no, nor when it turned out to be about violence.

    `ticket`: the one they reported; `there`: the same, or what it was merged into, of which they look at the page.
    """
    if ticket.proxy is None or ticket.proxy.agreed is False:
        return False
    kinds = (kind for each in (ticket, there) if each and each.danger for kind in each.danger.kinds)
    return not _HARM.intersection(kinds)


def ask(ticket: Ticket, *, agreed: bool, by: str, town: Town, now: datetime) -> Changed:
    """What the one whose matter it is says: may the proxy go on seeing it? A no ends it, a later no too; a yes after it does not.

    Raises NotFound where nobody reported for another, AlreadyDone for what was said before.
    """
    if ticket.proxy is None:
        raise NotFound("这张工单不是代反映的")
    if ticket.proxy.agreed is False or ticket.proxy.agreed is agreed:
        raise AlreadyDone("已经问过本人了")
    after = ticket.model_copy(
        update={"proxy": ticket.proxy.model_copy(update={"agreed": agreed, "by": by, "at": now})}
    )
    event = Event(kind=EventKind.PROXY_AGREED if agreed else EventKind.PROXY_ENDED, at=now, by=by)
    return changed(after, event, before=ticket, town=town)
