"""What new files of partners would do, told back before it counts: as the plan of a town, line by line."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.model import YesNo
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Kind, Partner, Setting
from chalicelib.domain.town_import.plan import Change, Plan, change_of, plan_of

MEANS = {
    Kind.COLUMN: "以后的文件不再读这些列",
    Kind.CATEGORY: "写这些词的工单以后由分拨判断类别",
    Kind.PLACE: "写这些词的工单以后按地名找地点",
    Kind.ACT: "这些动作以后不再回给对方",
    Kind.REASON: "这些理由以后回成“其他”",
    Kind.ANSWER: "回复文件里不再有这些列",
    Kind.STATUS: "对方写这些状态时以后会被拒收",
    Kind.SETTING: "这些设置改回默认",
}


class Line(NamedTuple):
    """One line of a partner's file. `code` is what makes it the same line in another version."""

    code: str
    value: str


def plan_of_partners(
    pairs: Sequence[tuple[Partner | None, Partner]], town: Town, *, now: datetime
) -> Plan | None:
    """What each partner in force would become. None where nothing changes."""
    changes = [change for old, new in pairs if old != new for change in _changes(old, new)]
    if not changes:
        return None
    files, in_force = (_digest([pair[at] for pair in pairs]) for at in (1, 0))
    made = plan_of(changes, digest=files, version=in_force, now=now)
    return made.model_copy(
        update={"warnings": tuple(line for _, new in pairs for line in _warnings(new, town))}
    )


def _changes(old: Partner | None, new: Partner) -> list[Change]:
    """The file whole, then each kind of line that loses some: what that means differs."""
    before, after = lines_of(old) if old else {}, lines_of(new)
    named = f"合作方“{new.title}”"
    return [
        change_of(
            f"{new.name}.{kind}",
            f"{named}的 {kind}",
            before.get(kind, ()),
            after.get(kind, ()),
            means=MEANS[kind],
        )
        for kind in Kind
    ]


def lines_of(partner: Partner) -> dict[Kind, tuple[Line, ...]]:
    """By kind, the lines of its file: what `read_partner` makes it of."""
    written = {name: getattr(partner, name) for name in sorted(Setting)}
    said = {
        name: YesNo.of(value) if isinstance(value, bool) else str(value or "")
        for name, value in written.items()
    }
    given = {Kind.SETTING: said} | {kind: getattr(partner, kind.attribute) for kind in Kind if kind.attribute}
    return {kind: tuple(Line(*line) for line in lines.items()) for kind, lines in given.items() if lines}


def _warnings(partner: Partner, town: Town) -> list[str]:
    """Words that lead to nothing in force."""
    lost = [
        f"类别“{word}”→{code}" for word, code in partner.categories.items() if not town.find_category(code)
    ]
    lost += [f"地点“{word}”→{code}" for word, code in partner.places.items() if not town.find_place(code)]
    return (
        [f"合作方“{partner.title}”：现行资料里没有 {'、'.join(lost)}，写这些词的工单会等分拨"] if lost else []
    )


def _digest(partners: Sequence[Partner | None]) -> str:
    said = "\n".join(partner.model_dump_json() if partner else "" for partner in partners)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
