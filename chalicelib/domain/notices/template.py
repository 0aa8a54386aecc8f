"""What a template of a notice is."""

from chalicelib.domain.model import Frozen


class Template(Frozen):
    """`call`: worth a phone call to someone without a smartphone. `storm`: many alike in one place become one message."""

    title: str
    sentences: tuple[str, ...]
    call: bool = False
    storm: bool = False


def of(title: str, *sentences: str, call: bool = False, storm: bool = False) -> Template:
    return Template(title=title, sentences=sentences, call=call, storm=storm)
