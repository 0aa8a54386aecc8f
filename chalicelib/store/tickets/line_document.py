"""A line of history as it is kept: what several people are told in the same words is written once (decision 0120).

Most lines tell the reporter, who joined, and somebody of the staff of the same ticket. Written out, they are over a kilobyte:
twice the write units in the table, and in the index that lists it.
"""

from chalicelib.domain.tickets.ticket import Event, Notice
from chalicelib.store import documents


def dumped(event: Event) -> str:
    return _packed(event).model_dump_json(exclude_defaults=True)


def loaded(document: str) -> Event:
    """Raises ValidationError, WrittenByNewer."""
    event = documents.read(Event, document)
    if not any(notice.as_first for notice in event.notices):
        return event
    first = event.notices[0]
    whole = tuple(_whole(first, each) for each in event.notices)
    return event.model_copy(update={"notices": whole})


def _packed(event: Event) -> Event:
    if len(event.notices) < 2:
        return event
    first, *others = event.notices
    return event.model_copy(update={"notices": (first, *(_beside(first, each) for each in others))})


def _beside(first: Notice, notice: Notice) -> Notice:
    """With those params alone that differ; as it is where it has others."""
    if notice.params.keys() != first.params.keys():
        return notice
    own = {name: value for name, value in notice.params.items() if value != first.params[name]}
    return notice.model_copy(update={"params": own, "as_first": True})


def _whole(first: Notice, notice: Notice) -> Notice:
    if not notice.as_first:
        return notice
    return notice.model_copy(update={"params": first.params | notice.params, "as_first": False})
