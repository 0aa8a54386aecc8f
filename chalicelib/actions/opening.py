"""打开: a packed file that somebody sent is opened by `run_job` alone, never by the function that everybody waits for.

What opens a workbook may take all of a function's time and memory; there, only whoever sent it waits.
"""

from collections.abc import Callable

from chalicelib.actions import apart
from chalicelib.domain.errors import Invalid
from chalicelib.domain.forms import packed_forms
from chalicelib.domain.forms.reading import Returned
from chalicelib.domain.tables import packed_grids
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.workbook import is_workbook
from chalicelib.gateways import job_queue
from chalicelib.web import form_file, form_words

MOST_BACK = 4_000_000  # bytes; AWS carries six million as text


def table(content: bytes) -> bytes:
    """A file of tables as `domain.tables.reading` reads it: a workbook as its grids, or as why there are none; text as it is.

    Raises TryAgain where it took too long, Unreadable for what pretends to be opened already.
    """
    if packed_grids.is_packed(content):
        raise Unreadable(packed_grids.NOT_OURS)
    return job_queue.open_file("table", content) if is_workbook(content) else content


def form(content: bytes) -> Returned:
    """反馈表 that came back. Raises Invalid as `web.form_file.read`, TryAgain."""
    form_file.need_small(content)
    return packed_forms.unpack(job_queue.open_file("form", content), form_words.place)


def open_file(kind: str, content: bytes) -> bytes:
    """Inside `run_job`. Raises Invalid for a form that is none, and for what holds too much."""
    opened = _OPENERS[kind](content)
    if len(opened) > MOST_BACK:
        raise Invalid("表格太大，请分成几个文件", fields=["file"])
    return opened


_OPENERS: dict[str, Callable[[bytes], bytes]] = {
    "table": apart.opened,
    "form": lambda content: packed_forms.pack(form_file.read(content)),
}
