"""The words of a part of a Word document as a reader sees them: a line for every paragraph, and what cannot be kept as words.

Source: ECMA-376 part 1, 17 (WordprocessingML), 17.16 (fields); [MS-DOCX] 2.5 for the check box of a content control.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.web.word_lists import Lists

Element = Any  # of lxml, which has no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
# Not seen any more, or no word of the text: deleted and moved away, the old picture of a newer part, how it is set.
_UNSEEN = {"del", "moveFrom", "rPr", "pPr", "tcPr", "trPr", "tblPr", "sdtPr", "Fallback", "rt", "sectPr"}
_AROUND = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}  # a wrapper that nobody sees
_PLAIN = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_FAULTS = {
    "footnoteReference": "这里有脚注，请把脚注的内容写进格里",
    "endnoteReference": "这里有尾注，请把尾注的内容写进格里",
    "commentReference": "这里有批注，请把批注的内容写进格里，或删掉批注",
    "oMath": "这里有公式，请改成文字",
    "altChunk": "这里有嵌入的内容，请改成文字",
}
_PICTURES = {"drawing", "pict", "object"}
CHECKED, UNCHECKED, CROSSED = "☑", "□", "☒"
_SIGNS = {
    "wingdings": {
        0xFE: CHECKED, 0xFD: CROSSED, 0xA8: UNCHECKED, 0x6F: UNCHECKED, 0xFC: "√", 0xFB: "×", 0x6C: "●", 0x6E: "■",
        0x71: UNCHECKED, 0x72: UNCHECKED, 0xA1: "○", 0xD8: "▶", 0xE0: "→", 0x20: " ",
    },
    "wingdings 2": {
        0x52: CHECKED, 0x54: CROSSED, 0x53: CROSSED, 0xA3: UNCHECKED, 0x2A: UNCHECKED, 0x50: "√", 0x4F: "×", 0x20: " ",
    },
    "webdings": {0x61: "√", 0x72: "×", 0x63: UNCHECKED, 0x20: " "},
}  # fmt: skip
_STRANGE = "这里有一个特殊字体的符号读不出来，请改成文字或 √、×"
_STRUCK = "这里有划掉的文字，请删掉不要的文字再交回"
_ENCLOSED = regex(r"\s*EQ\s*\\o(?:\s*\\[a-z]+)*\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_TICKS, _CROSSES = "√✓✔V∨", "×✗✘xX"


class Said(NamedTuple):
    """`faults`: what is seen there and would be lost."""

    text: str
    faults: tuple[str, ...]
    has_picture: bool


def name_of(element: Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def seen_children(element: Element) -> Iterator[Element]:
    """What stands right inside, through whatever is only a wrapper."""
    for child in element:
        name = name_of(child)
        if name in _AROUND:
            yield from seen_children(child)
        elif name not in _UNSEEN:
            yield child


def said_of(element: Element, lists: Lists) -> Said:
    """The words of a cell, or of a block beside the table."""
    reader = _Reader(lists)
    reader.read(element)
    return Said("".join(reader.words), tuple(dict.fromkeys(reader.faults)), reader.has_picture)


class _Field:
    """A field as its signs stand in the text: its instruction, then what it shows."""

    def __init__(self) -> None:
        self.instruction = ""
        self.form: Element | None = None
        self.shows = False  # past the sign that parts the two


class _Reader:
    def __init__(self, lists: Lists) -> None:
        self.words: list[str] = []
        self.faults: list[str] = []
        self.has_picture = False
        self._lists = lists
        self._fields: list[_Field] = []

    def read(self, element: Element) -> None:
        name = name_of(element)
        if name in _UNSEEN:
            return
        if name in _FAULTS:
            self.faults.append(_FAULTS[name])
        elif name == "sdt":
            self._control(element)
        elif name == "r":
            self._run(element)
        elif name == "p":
            self._paragraph(element)
        elif name == "fldChar":
            self._sign_of_field(element)
        elif name == "instrText":
            if self._fields:
                self._fields[-1].instruction += element.text or ""
        elif name in _PICTURES:
            self._picture(element)
        else:
            for child in element:
                self.read(child)

    def _paragraph(self, paragraph: Element) -> None:
        before = len(self.words)
        number = self._lists.number_of(paragraph)
        for child in paragraph:
            self.read(child)
        if number and "".join(self.words[before:]).strip():
            self.words.insert(before, number)
        if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is None:  # else it goes on in the next
            self.words.append("\n")

    def _run(self, run: Element) -> None:
        if _is_on(run, "vanish") or (self._fields and not self._fields[-1].shows and not _is_sign(run)):
            return
        before = len(self.words)
        font = _font_of(run)
        for child in run:
            name = name_of(child)
            if name == "t":
                self.words.append(self._in_font(child.text or "", font))
            elif name == "sym":
                code = child.get(f"{_W}char", "")
                self.words.append(self._in_font(chr(int(code, 16)), child.get(f"{_W}font", "")))
            elif name in _PLAIN:
                self.words.append(_PLAIN[name])
            else:
                self.read(child)
        if (_is_on(run, "strike") or _is_on(run, "dstrike")) and "".join(self.words[before:]).strip():
            self.faults.append(_STRUCK)

    def _in_font(self, text: str, font: str) -> str:
        """As it is seen: a font of signs shows another sign for each letter."""
        signs = _SIGNS.get(font.casefold())
        if signs is None:
            strange = any(
                "\uf000" <= letter <= "\uf0ff" for letter in text
            )  # as such fonts number their signs
            if strange:
                self.faults.append(_STRANGE)
            return text
        shown = [
            signs.get(ord(letter) & 0xFF if ord(letter) >= 0xF000 else ord(letter), "") for letter in text
        ]
        if not all(shown):
            self.faults.append(_STRANGE)
        return "".join(shown)

    def _control(self, control: Element) -> None:
        """A content control: what it asks for is no answer, and a check box says by its state what it means."""
        box = control.find(f"{_W}sdtPr/{_W14}checkbox")
        if box is not None:
            state = box.find(f"{_W14}checked")
            is_checked = state is not None and state.get(f"{_W14}val", "1") in ("1", "true", "on")
            self.words.append(CHECKED if is_checked else UNCHECKED)
        elif control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
            for child in control:
                self.read(child)

    def _picture(self, picture: Element) -> None:
        """Words in a text box are read, in lines of their own; whatever else is drawn is a picture."""
        boxes = [each for each in picture.iter() if name_of(each) == "txbxContent"]
        self.has_picture |= not boxes
        for box in boxes:
            self.words.append("\n")
            for child in box:
                self.read(child)

    def _sign_of_field(self, sign: Element) -> None:
        kind = sign.get(f"{_W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
            self._fields[-1].form = sign.find(f"{_W}ffData")
        elif kind == "end" and self._fields:
            self.words.append(_shown(self._fields.pop()))
        elif self._fields:
            self._fields[-1].shows = True


def _shown(field: _Field) -> str:
    """What a field shows that has no words of its own in the document."""
    if field.form is not None and (box := field.form.find(f"{_W}checkBox")) is not None:
        state = box.find(f"{_W}checked")
        state = box.find(f"{_W}default") if state is None else state
        return CHECKED if _says_yes(state) else UNCHECKED
    if field.form is not None and (chosen := field.form.find(f"{_W}ddList")) is not None:
        entries = [entry.get(f"{_W}val", "") for entry in chosen.findall(f"{_W}listEntry")]
        result = chosen.find(f"{_W}result")
        at = int(result.get(f"{_W}val", "0")) if result is not None else 0
        return entries[at] if at < len(entries) else ""
    enclosed = _ENCLOSED.fullmatch(field.instruction)
    return _enclosed(enclosed[1]) if enclosed and not field.shows else ""


def _enclosed(written: str) -> str:
    """带圈字符, by which offices tick a box: a sign drawn over another."""
    around, _, inside = written.replace("，", ",").partition(",")
    inside = inside.strip()
    if around.strip() in "□☐◻口" and inside:
        return CHECKED if inside in _TICKS else CROSSED if inside in _CROSSES else f"{UNCHECKED}{inside}"
    return f"（{inside}）" if inside else around.strip()


def _is_sign(run: Element) -> bool:
    return any(name_of(child) in ("fldChar", "instrText") for child in run)


def _is_on(run: Element, name: str) -> bool:
    return _says_yes(run.find(f"{_W}rPr/{_W}{name}"))


def _says_yes(switch: Element | None) -> bool:
    return switch is not None and switch.get(f"{_W}val", "1") not in ("0", "false", "off", "none")


def _font_of(run: Element) -> str:
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    return "" if fonts is None else fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or ""
