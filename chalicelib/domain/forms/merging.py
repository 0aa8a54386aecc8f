"""One form goes round several units as several files: what each wrote is taken, as long as no two wrote in one line."""

from collections.abc import Iterable, Sequence

from chalicelib.domain.errors import Stale
from chalicelib.domain.forms.form import Filled, Line
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.history import overtaken


def need_no_collision(filled: Filled, printed: Sequence[Line], since: Iterable[Event], *, town: Town) -> None:
    """Raises Stale, with what people have done since the form was made, where a line that it fills got other words meanwhile.

    `printed`: the lines as that form showed them.
    """
    had = {(line.part, line.unit_id): line.text for line in printed}
    taken = [said.line for said in filled.said if had[said.line.part, said.line.unit_id] != said.line.text]
    if not taken:
        return
    names = "、".join(line.label for line in taken)
    by_people = overtaken([event for event in since if event.by != Actor.MACHINE], town)
    raise Stale(
        f"{names}这一行在您下载之后已有新内容。请重新下载反馈表，在新内容后接着写再交回；现在没有作任何改动",
        **by_people.details,
    )
