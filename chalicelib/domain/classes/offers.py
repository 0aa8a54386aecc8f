"""The acts on an issue class 一类事 as screens draw them: label, fields, hint, in the order in which they are shown. Pure."""

from typing import Any

from chalicelib.domain.classes import acts
from chalicelib.domain.classes.issue_class import ACT_NAMES, ClassAct, IssueClass
from chalicelib.domain.offers.act import FieldKind, Offer, OfferedField, Option
from chalicelib.domain.offers.fields import MOST_WORDS
from chalicelib.domain.town.vocabulary import HEADS, Staff

MOST_ADDED, MOST_SPLIT = 30, 24  # tickets, as the store can write them at once
_WEEKDAYS = tuple(Option(code=at, name=f"周{name}") for at, name in enumerate("一二三四五六日", start=1))
_OF_HEADS = frozenset({ClassAct.ANNOUNCE, ClassAct.END})


class AskedField(OfferedField):
    """A field that hangs on another one, by name: it is asked only with `only_with` filled in; it may be left out once `unless` is."""

    only_with: str = ""
    unless: str = ""


class ClassOffer(Offer):
    """One act on a class for one person now. `previews`: what everybody would be told is shown before it is sent."""

    path: str = "desk"
    fields: tuple[AskedField, ...] = ()
    previews: bool = False


def _line(name: str, label: str, most: int, *, unless: str = "") -> AskedField:
    return AskedField(
        name=name, label=label, kind=FieldKind.LINE, required=True, least=1, most=most, unless=unless
    )


def _of(kind: FieldKind, name: str, label: str, **more: Any) -> AskedField:
    return AskedField(name=name, label=label, kind=kind, **{"required": True} | more)


def _recurring(kind: FieldKind, name: str, label: str, **more: Any) -> AskedField:
    return AskedField(name=name, label=label, kind=kind, only_with="weekdays", **more)


def _offer(act: ClassAct, *fields: AskedField, **more: Any) -> ClassOffer:
    return ClassOffer(**{"name": act, "sends": act, "label": ACT_NAMES[act]} | more, fields=fields)


_NAMED = (_line("name", "名称", 60), _of(FieldKind.STAFF, "owner", "负责人"))
_REASON = _line("reason", "理由", MOST_WORDS)
_MEASURE = (
    _line("what", "做什么", 200),
    _line("place", "在哪里", 60),
    _line("schedule", "什么时候", 60, unless="weekdays"),
    _of(FieldKind.UNIT, "unit", "责任单位"),
    _of(FieldKind.DAY, "from", "从哪天起"),
    _of(FieldKind.WEEKDAYS, "weekdays", "每周哪几天（定期的才选）", required=False, options=_WEEKDAYS),
    _recurring(FieldKind.NUMBER, "every", "每几周一次", least=1, most=8, initial=1),
    _recurring(FieldKind.LINE, "hours", "几点到几点", most=30),
    _recurring(FieldKind.DAY, "until", "到哪天为止"),
    _recurring(FieldKind.SWITCH, "on_holidays", "节假日照常", initial=False),
)
_ADDED = _of(FieldKind.TICKETS, "ticket_ids", "工单", most=MOST_ADDED)
_CHOSEN = _of(FieldKind.CHOSEN, "ticket_ids", "工单", most=MOST_SPLIT)

OFFERS = (
    _offer(ClassAct.CONFIRM, *_NAMED, tone="primary", hint="这些确实是一类事：起个名字，定一位负责人。"),
    _offer(
        ClassAct.ANNOUNCE,
        *_MEASURE,
        tone="primary",
        hint="写清做什么、在哪里、什么时候、由谁负责。",
        previews=True,
    ),
    _offer(ClassAct.RENAME, *_NAMED),
    _offer(ClassAct.ADD, _ADDED, sends="members", hint=f"按工单号查找，一次最多 {MOST_ADDED} 张。"),
    _offer(
        ClassAct.SPLIT,
        _line("name", "名称", 60),
        _CHOSEN,
        label="拆分",
        hint=f"在下面的工单里勾选要拆出的，一次最多 {MOST_SPLIT} 张；它们另成一类，由您负责。",
    ),
    _offer(
        ClassAct.MERGE,
        _of(FieldKind.CLASS, "into", "并入哪一类"),
        hint="工单和反映人都算到另一类，不会丢。",
    ),
    _offer(ClassAct.END, _REASON, hint="事情办好了。以后再有同样的反映会另外提出。"),
    _offer(
        ClassAct.DISCARD,
        _REASON,
        tone="danger",
        hint="不再当作一类事，系统也不会再提出。工单各办各的。",
    ),
)


def offers(cls: IssueClass, by: Staff, *, place_name: str = "") -> list[ClassOffer]:
    """What this person may do with the class now. Its fields begin with what is known of it."""
    possible = [offer for offer in OFFERS if offer.name in acts.allowed(cls)]
    mine = [offer for offer in possible if offer.name not in _OF_HEADS or HEADS & set(by.roles)]
    return [
        offer.model_copy(
            update={"fields": tuple(_on(field, offer, cls, by, place_name) for field in offer.fields)}
        )
        for offer in mine
    ]


def _on(field: AskedField, offer: ClassOffer, cls: IssueClass, by: Staff, place_name: str) -> AskedField:
    if field.kind is FieldKind.CLASS:
        return field.model_copy(update={"excluded": (cls.id,)})
    known = {
        "name": cls.name if offer.name != ClassAct.SPLIT else "",
        "owner": cls.owner or by.code,
        "place": place_name,
    }
    return field.model_copy(update={"initial": known[field.name] or None}) if field.name in known else field
