"""Issue classes 一类事: from many reports of one kind to one thing with an owner, a measure and a check (rules 7, 67). Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from chalicelib.domain.classes.issue_class import ClassAct, IssueClass, Member, State, changed, with_line
from chalicelib.domain.classes.measures_taken import monday_of
from chalicelib.domain.classes.similarity import Look, scope_of, spot_of
from chalicelib.domain.classes.themes import fits, themes, topics_in
from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures.facts import area_of, day_of
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.tickets.voices import NOBODY, voice_of
from chalicelib.domain.town.directory import Town

MOST_SHOWN = 5  # proposals of a station and week; the rest is folded


class Threshold(Frozen):
    """From what on the machine proposes a class: so many distinct reporters within so many days."""

    reporters: int = 3
    days: int = 30

    @classmethod
    def of(cls, category: str, town: Town) -> "Threshold":
        """As categories.csv says; the usual one for what has no category."""
        kind = town.find_category(category)
        return cls(reporters=kind.class_reporters, days=kind.class_days) if kind else cls()


def member_of(ticket: Ticket, town: Town, asked: Look | None = None, *, by_words: bool = False) -> Member:
    """`asked` and `by_words`: as it was found to lie with its like; none for what a person chose."""
    path = ticket.where.path
    return Member(
        ticket_id=ticket.id,
        voice=voice_of(ticket.reporter_id),
        at=ticket.received_at,
        area=area_of(path),
        scope=scope_of(path, town),
        kind=_kind_of(ticket, town),
        category=ticket.category or "",
        topics=asked.topics if asked else (),
        by_words=by_words,
        spot=spot_of(path, town),
        personal=asked.personal if asked else False,
    )


def voices(members: Iterable[Member]) -> set[str]:
    return {member.voice for member in members} - {NOBODY}


def is_class(members: Iterable[Member], threshold: Threshold, now: datetime) -> bool:
    """Whether enough different people reported within the window, at one place or at one kind of place.

    Exactly `days` ago still counts.
    """
    since = now - timedelta(days=threshold.days)
    recent = [member for member in members if member.at >= since]
    shelves: dict[tuple[str, str], list[Member]] = {}
    for member in recent:
        for shelf in (("place", member.scope), ("kind", member.kind)):
            shelves.setdefault(shelf, []).append(member)
    return any(len(voices(on)) >= threshold.reporters for (_, value), on in shelves.items() if value)


def takes(cls: IssueClass, topics: tuple[str, ...], *, by_words: bool) -> bool:
    """Whether a report that lies with the class's members belongs to the class itself."""
    return fits(cls.topics, cls.members, topics, by_words=by_words)


def is_same_matter(cls: IssueClass, members: list[Member]) -> bool:
    """Whether these would be a second proposal of a class that stands: one place, one theme.

    Of several places nobody can say so; where neither speaks of any topic, the category decides.
    """
    scopes, categories = {m.scope for m in members}, {m.category for m in members}
    if not cls.scope or scopes != {cls.scope}:
        return False
    held, said = themes(cls.topics, cls.members), themes(topics_in(members), len(members))
    if held or said:
        return bool(held & said)
    return bool(cls.category) and categories == {cls.category}


def proposed(
    class_id: str, members: list[Member], town: Town, now: datetime, *, crowd: bool = False
) -> IssueClass:
    """What the machine proposes, named after its place and its most frequent category until a person names it."""
    made = _made(class_id, _name(members, town), State.PROPOSED, members, now)
    return with_line(changed(made, crowd=crowd), ClassAct.PROPOSE, Actor.MACHINE, now)


def folded(found: Iterable[IssueClass]) -> frozenset[str]:
    """Which proposals stand folded: of what the machine proposed in one area and week, all but the strongest `MOST_SHOWN`.

    The strongest: most different people, then the oldest. What a person has confirmed is never folded.
    """
    weeks: dict[tuple[str, date], list[IssueClass]] = {}
    for cls in found:
        if cls.state is State.PROPOSED:
            weeks.setdefault((cls.area, monday_of(day_of(cls.at))), []).append(cls)
    ordered = (sorted(each, key=lambda cls: (-cls.reporters, cls.at, cls.id)) for each in weeks.values())
    return frozenset(cls.id for each in ordered for cls in each[MOST_SHOWN:])


def why(cls: IssueClass, town: Town) -> str:
    """Why the machine lays them together, for people: where, and what most of them speak of; "" for what a person began."""
    if not any(line.what is ClassAct.PROPOSE for line in cls.lines):
        return ""
    where = "同一地点" if cls.spot else "同一小区或街区" if cls.scope else "几处同样的地方"
    if cls.crowd:
        return f"{where}，一周里有许多不同的人反映，说法不一，请看是不是一件事"
    names = {topic.code: topic.name for topic in town.topics}
    held = sorted(themes(cls.topics, cls.members), key=lambda code: (-cls.topics[code], code))
    if held:
        said = "、".join(
            f"“{names.get(code, code)}”（{cls.topics[code]}/{cls.members} 件）" for code in held[:2]
        )
        return f"{where}，多数说到{said}"
    category = town.find_category(cls.category)
    return f"{where}，内容相近" + (f"，多为“{category.name}”" if category else "")


def joined_to(proposal: IssueClass, into: IssueClass) -> IssueClass:
    """The trace of a proposal that was none: whoever comes to lie with its reports finds the class that has them."""
    bare = changed(proposal, members=0, reporters=0, weeks={}, topics={})
    return changed(bare, state=State.MERGED, merged_into=into.id)


def founded(
    class_id: str, name: str, members: list[Member], *, by: str, what: ClassAct, note: str = "", now: datetime
) -> IssueClass:
    """A class that a person begins, by choosing tickets or by splitting another. Raises Invalid without a ticket."""
    if not members:
        raise Invalid("请至少选择一张工单", fields=["ticket_ids"])
    return with_line(_made(class_id, name, State.CONFIRMED, members, now, owner=by), what, by, now, note)


def gained(cls: IssueClass, members: list[Member], *, new_voices: int) -> IssueClass:
    """The class with these members more."""
    days = [cls.first_on, *(day_of(member.at) for member in members)]
    return changed(
        cls,
        members=cls.members + len(members),
        reporters=cls.reporters + new_voices,
        weeks=dict(Counter(cls.weeks) + _weeks(members)),
        topics=dict(Counter(cls.topics) + topics_in(members)),
        first_on=min(days),
        area=cls.area if all(member.area == cls.area for member in members) else "",
        scope=cls.scope if all(member.scope == cls.scope for member in members) else "",
    )


def lost(cls: IssueClass, members: list[Member], *, gone_voices: int) -> IssueClass:
    """The class without these members."""
    return changed(
        cls,
        members=cls.members - len(members),
        reporters=cls.reporters - gone_voices,
        weeks=dict(Counter(cls.weeks) - _weeks(members)),
        topics=dict(Counter(cls.topics) - topics_in(members)),
    )


def _made(
    class_id: str, name: str, state: State, members: list[Member], now: datetime, owner: str = ""
) -> IssueClass:
    areas, scopes, spots = ({getattr(each, what) for each in members} for what in ("area", "scope", "spot"))
    return IssueClass(
        id=class_id,
        name=name,
        state=state,
        owner=owner,
        area=areas.pop() if len(areas) == 1 else "",
        scope=scopes.pop() if len(scopes) == 1 else "",
        category=_commonest(member.category for member in members),
        at=now,
        first_on=min(day_of(member.at) for member in members),
        members=len(members),
        reporters=len(voices(members)),
        weeks=dict(_weeks(members)),
        topics=dict(topics_in(members)),
        spot=spots.pop() if len(spots) == 1 else "",
    )


def _name(members: list[Member], town: Town) -> str:
    scopes = {member.scope for member in members}
    place = town.find_place(scopes.pop()) if len(scopes) == 1 else None
    category = town.find_category(_commonest(member.category for member in members))
    where, what = place.name if place else "多处", category.name if category else "同类问题"
    return f"{where}：{what}"


def _commonest(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""


def _weeks(members: Iterable[Member]) -> Counter[str]:
    return Counter(monday_of(day_of(member.at)).isoformat() for member in members)


def _kind_of(ticket: Ticket, town: Town) -> str:
    """The kind of the smallest place around the point, and which side of the wall; "" for a place that was only typed."""
    known = [place for code in ticket.where.path if (place := town.find_place(code))]
    if ticket.where.place is None or not known:
        return ""
    return f"{known[-1].kind.value}:{'inside' if ticket.where.inside_wall else 'outside'}"
