"""谁看过: what the person who was looked at reads of a trace. No name, no title that somebody chose, no words of the viewer."""

from chalicelib.domain.identity.traces import Trace
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views.pick_lists import name_of

LOOKS = {
    "opened": "打开了工单",
    "revealed": "查看了联系方式",
}
_SUBSCRIBER = "subscriber:"


def viewer_view(trace: Trace, town: Town) -> dict[str, object]:
    """One look: unit, role and number 工号, and whose code the viewer had signed in with (由…代为登录)."""
    maker = town.find_staff(trace.through) if trace.through else None
    return {
        "role": _role(trace.role),
        "unit": _unit(trace, town),
        "code": "" if trace.viewer.startswith(_SUBSCRIBER) else trace.viewer,
        "at": trace.at.isoformat(timespec="seconds"),
        "what": trace.what,
        "what_name": LOOKS.get(trace.what, ""),
        "fields": list(trace.fields),
        "through": f"由{_maker(maker, town)}代为登录" if maker else "由他人代为登录" if trace.through else "",
    }


def _role(role: str) -> str:
    """The town's own word for a role; another party has none."""
    return name_of(Role(role)) if role in set(Role) else ""


def _unit(trace: Trace, town: Town) -> str:
    if trace.viewer.startswith(_SUBSCRIBER):
        subscriber = town.find_subscriber(trace.viewer.removeprefix(_SUBSCRIBER))
        return subscriber.title if subscriber else ""
    unit = town.find_unit(trace.unit)
    return unit.name if unit else ""


def _maker(maker: Staff, town: Town) -> str:
    unit = town.find_unit(maker.unit)
    return f"{unit.name if unit else ''}{_role(maker.roles[0])}（{maker.code}）"
