"""The fields that acts ask for, by what they mean to whoever fills them in."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.offers.act import Code, DeclaredField, FieldKind, OfferedField, Option
from chalicelib.domain.parties import summaries
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff, Track
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import unit_name

MOST_WORDS = 2000  # characters
MOST_LINE = 100
MOST_PHOTOS = 9
TRACK_NAMES = {Track.SIMPLE: "简易", Track.JOINT: "复杂", Track.DIFFICULT: "疑难"}


def words(
    name: str, label: str, hint: str = "", *, reusable: bool = False, initial: str = ""
) -> DeclaredField:
    """Words that must be there: two characters at least."""
    shown = OfferedField(
        name=name,
        label=label,
        kind=FieldKind.AREA,
        required=True,
        least=2,
        most=MOST_WORDS,
        hint=hint,
        reusable=reusable,
        initial=initial or None,
    )
    return DeclaredField(shown)


def note(name: str = "note", label: str = "说明", hint: str = "") -> DeclaredField:
    """Words that may be left out."""
    return DeclaredField(
        OfferedField(name=name, label=label, kind=FieldKind.AREA, most=MOST_WORDS, hint=hint)
    )


def wanted(field: DeclaredField, hint: str, **when: Any) -> DeclaredField:
    """The same, which must be filled in where another field has this value; `hint` says so."""
    needed = {name: _code(value) for name, value in when.items()}
    return field._replace(shown=field.shown.model_copy(update={"required_if": needed, "hint": hint}))


def line(name: str, label: str, *, least: int = 0, most: int = MOST_LINE, hint: str = "") -> DeclaredField:
    shown = OfferedField(
        name=name,
        label=label,
        kind=FieldKind.LINE,
        required=least > 0,
        least=least,
        most=most,
        hint=hint,
    )
    return DeclaredField(shown)


def summary() -> DeclaredField:
    """派单摘要, as the machine proposes it; the dispatcher confirms by sending it."""
    shown = OfferedField(
        name="summary",
        label="派单摘要",
        kind=FieldKind.LINE,
        most=summaries.LONGEST,
        hint="发到手机上的一句话，不写姓名、电话、门牌；要求身份保密的，承办单位只看到这一句",
    )
    return DeclaredField(shown, of=_proposed_summary)


def _proposed_summary(ticket: Ticket, by: Staff, _town: Town) -> dict[str, Any]:
    proposed = summaries.proposed(ticket) if access.reads_words(ticket, by) else ""
    return {"initial": ticket.summary or proposed or None}


def photos(label: str = "照片") -> DeclaredField:
    return DeclaredField(OfferedField(name="photos", label=label, kind=FieldKind.PHOTOS, most=MOST_PHOTOS))


def choice(
    name: str, label: str, options: Mapping[Any, str], *, required: bool = True, tried: tuple[Any, ...] = ()
) -> DeclaredField:
    """One of a few; the first is tried where nothing is said."""
    shown = OfferedField(
        name=name, label=label, kind=FieldKind.CHOICE, required=required, options=_options(options)
    )
    return DeclaredField(shown, tried=tried or ((next(iter(options)),) if required else (None,)))


def without(field: DeclaredField, option: Any, when: Callable[[Ticket], bool]) -> DeclaredField:
    """The same choice, but for one that a ticket no longer leaves."""
    left = tuple(each for each in field.shown.options if each.code != _code(option))
    return field._replace(of=lambda ticket, _by, _town: {"options": left} if when(ticket) else {})


def yes_no(
    name: str, label: str, yes: str, no: str, *, required: bool = True, tried: tuple[Any, ...] = ()
) -> DeclaredField:
    """Yes or no in the words of the matter; left open where it may be. A no is tried, which is refused for less."""
    options = {True: yes, False: no}
    return choice(name, label, options, required=required, tried=tried or ((False,) if required else (None,)))


def switch(name: str, label: str, *, on: bool, hint: str = "") -> DeclaredField:
    shown = OfferedField(name=name, label=label, kind=FieldKind.SWITCH, initial=on, hint=hint)
    return DeclaredField(shown, tried=(on,))


def _options(names: Mapping[Any, str]) -> tuple[Option, ...]:
    return tuple(Option(code=_code(code), name=name) for code, name in names.items())


def _code(code: Any) -> Code:
    """A member of a vocabulary travels as its text."""
    return code if isinstance(code, bool | int) else str(code)


def track() -> DeclaredField:
    return choice("track", "办理方式", TRACK_NAMES, required=False)


def suggested_track() -> DeclaredField:
    """As triage proposed."""
    return track()._replace(of=_suggested_track)


def _suggested_track(ticket: Ticket, _by: Staff, _town: Town) -> dict[str, Any]:
    return {"initial": ticket.suggestion.track.value if ticket.suggestion else None}


def unit(label: str) -> DeclaredField:
    """A unit that has no part in it yet, and is not who it is about."""
    shown = OfferedField(name="unit_id", label=label, kind=FieldKind.UNIT, required=True, least=1, most=64)
    return DeclaredField(shown, of=_units_without_a_part)


def suggested_unit(label: str) -> DeclaredField:
    """Begins with what triage proposed."""
    return unit(label)._replace(of=_suggested_unit)


def lead_unit(label: str) -> DeclaredField:
    """Also the one that has it: within a unit it may go to another person. A unit's head may choose no other."""
    return unit(label)._replace(of=_units_to_transfer_to)


def _units_to_transfer_to(ticket: Ticket, by: Staff, town: Town) -> dict[str, Any]:
    if Role.UNIT_HEAD not in by.roles:
        return _units_not_concerned(ticket, by, town)
    return {"options": (Option(code=by.unit, name=unit_name(by.unit, town)),), "initial": by.unit}


def _units_not_concerned(ticket: Ticket, _by: Staff, town: Town) -> dict[str, Any]:
    mandate = town.mandate_for(ticket.category, ticket.where.path)
    never = (unit.code for unit in town.units if mandate and mandate.forbids(unit))
    concerned = (code for code in ticket.concerns if town.find_unit(code))
    return {"excluded": tuple(dict.fromkeys((*concerned, *never)))}


def _suggested_unit(ticket: Ticket, by: Staff, town: Town) -> dict[str, Any]:
    excluded = _units_not_concerned(ticket, by, town)
    proposed = ticket.suggestion.unit_id if ticket.suggestion else None
    return excluded | {"initial": proposed if proposed not in excluded["excluded"] else None}


def _units_without_a_part(ticket: Ticket, by: Staff, town: Town) -> dict[str, Any]:
    parts = (ticket.lead_unit_id, *(part.unit_id for part in ticket.assisting if part.is_open))
    concerned = _units_not_concerned(ticket, by, town)["excluded"]
    return {"excluded": tuple(code for code in (*parts, *concerned) if code)}


def handler() -> DeclaredField:
    shown = OfferedField(
        name="handler_id",
        label="指定经办人",
        kind=FieldKind.HANDLER,
        least=1,
        most=64,
        hint="不选则由该单位值班人员办理",
    )
    return DeclaredField(shown, tried=(None,))


def assisting() -> DeclaredField:
    """One of the open parts; one's own, or the only one, is filled in."""
    shown = OfferedField(
        name="unit_id", label="协办单位", kind=FieldKind.CHOICE, required=True, least=1, most=64
    )
    return DeclaredField(shown, of=_open_parts)


def _open_parts(ticket: Ticket, by: Staff, town: Town) -> dict[str, Any]:
    codes = [part.unit_id for part in ticket.assisting if part.is_open]
    options = tuple(Option(code=code, name=unit_name(code, town)) for code in codes)
    own = by.unit if by.unit in codes else codes[0] if len(codes) == 1 else None
    return {"options": options, "initial": own}


def order() -> DeclaredField:
    """One of the orders without an answer, the oldest filled in."""
    shown = OfferedField(
        name="order_id", label="督办单", kind=FieldKind.CHOICE, required=True, least=1, most=64
    )
    return DeclaredField(shown, of=_open_orders)


def _open_orders(ticket: Ticket, _by: Staff, _town: Town) -> dict[str, Any]:
    found = [order for order in ticket.supervision_orders if order.answered_at is None]
    options = tuple(Option(code=order.id, name=order.text) for order in found)
    return {"options": options, "initial": found[0].id if found else None}
