"""The printed label of a point and the A4 sheet of many: SVG in millimetres, from data alone.

Sizes follow rule 52: the code with its quiet zone is at least 50 mm, correction level Q (a quarter may be
scratched), and name, code and address stand beside it in words, for whoever cannot scan: the whole address, as it
works when it is typed, and the whole name, for two labels that differ in their ends must not look alike.
"""

from collections.abc import Iterable
from html import escape

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen
from chalicelib.web.qr import qr_drawing
from chalicelib.web.typesetting import TIED, Typeset, set_address, set_words, width_in_em

SMALLEST_CODE = 50.0  # mm, quiet zone included: read at arm's length by an old phone
LARGEST_CODE = 110.0
SHEET = (200.0, 287.0)  # mm: A4 less 5 mm on each side, which most printers cannot reach
PADDING = 1.4
FONTS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
FREE = "扫码不收费，不要求身份证"
EMERGENCY = f"紧急情况请先拨{TIED}110 · 119 · 120"
BLACK = "#111"
SMALLEST_NAME, SMALLEST_ADDRESS = 2.2, 1.7  # mm; what is longer has more lines instead
ROOMY = 60.0  # mm; beyond this a larger code helps less than larger words
SCALES = (1.5, 1.0, 0.78)  # of the words: large, normal, the smallest that is still read at arm's length
BESIDE = 32.0  # mm that words of normal size need when they stand beside the code


class Label(Frozen):
    """What one label says. `url` is what the code holds."""

    code: str
    name: str
    url: str
    gas: str = ""  # the gas company's emergency number
    practice: bool = False  # of a stage for drills: the label says so, for nobody may hang it up


class Layout(Frozen):
    """How labels fill a sheet; lengths in mm."""

    columns: int
    rows: int
    width: float
    height: float
    code_side: float
    beside: bool  # words right of the code instead of under it
    scale: float  # of the words


class Line(Frozen):
    text: str
    size: float  # mm
    bold: bool = False
    colour: str = BLACK


def layout(per_sheet: int) -> Layout:
    """The best arrangement of `per_sheet` labels on a sheet. Raises Invalid when no code reaches 50 mm."""
    candidates = [
        _arrangement(columns, per_sheet // columns, scale, beside)
        for columns in range(1, min(per_sheet, 60) + 1)
        if per_sheet % columns == 0
        for scale in SCALES
        for beside in (True, False)
    ]
    best = max(candidates, key=lambda c: (min(c.code_side, ROOMY), c.scale, c.code_side), default=None)
    if best is None or best.code_side < SMALLEST_CODE:
        raise Invalid(
            "每页放不下这么多张（二维码不得小于 50 毫米），请选 4、6、8、9 或 12 张", fields=["per_sheet"]
        )
    return best


def sheets_html(labels: Iterable[Label], per_sheet: int, *, more: bool = False) -> str:
    """An HTML document that prints on A4, `per_sheet` labels a page, with lines to cut along.

    `more`: these are not all; a line that is not printed says so.
    """
    plan = layout(per_sheet)
    drawn = list(labels)
    pages = [drawn[start : start + per_sheet] for start in range(0, len(drawn), per_sheet)]
    note = (
        "还有更多标签，打印后请取下一批"
        if more
        else f"共 {len(drawn)} 张标签，打印时请选 A4、实际大小（100%）"
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>码上就来 标签</title><style>'
        "@page{size:A4;margin:5mm}*{margin:0;padding:0}svg.page{display:block;break-after:page}"
        "p{font:16px sans-serif;padding:12px}@media print{p{display:none}}"
        f"</style></head><body><p>{note}</p>{''.join(_page(page, plan) for page in pages)}</body></html>"
    )


def short_code(code: str) -> str:
    """A code in groups that can be read aloud: 7K3 QX9A."""
    return f"{code[:3]} {code[3:]}"


def _arrangement(columns: int, rows: int, scale: float, beside: bool) -> Layout:
    width, height = SHEET[0] / columns, SHEET[1] / rows
    inner_width, inner_height = width - 2 * PADDING, height - 2 * PADDING
    if beside:
        side = min(inner_height, inner_width - BESIDE * scale)
    else:
        side = min(inner_width, inner_height - _height(_lines(_SAMPLE, inner_width, scale)))
    side = round(min(side, LARGEST_CODE), 2)
    return Layout(
        columns=columns, rows=rows, width=width, height=height, code_side=side, beside=beside, scale=scale
    )


def _page(labels: list[Label], plan: Layout) -> str:
    cells = "".join(
        f'<g transform="translate({column * plan.width:g} {row * plan.height:g})">{_drawing(label, plan)}</g>'
        for index, label in enumerate(labels)
        for row, column in [divmod(index, plan.columns)]
    )
    # 286.5: a page of exactly the printable height makes some browsers add an empty one.
    height = SHEET[1] - 0.5
    return (
        f'<svg class="page" xmlns="http://www.w3.org/2000/svg" width="{SHEET[0]:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {SHEET[0]:g} {height:g}">{cells}</svg>'
    )


def _drawing(label: Label, plan: Layout) -> str:
    border = (
        f'<rect x="0" y="0" width="{plan.width:g}" height="{plan.height:g}" fill="#fff" '
        'stroke="#bbb" stroke-width="0.15" stroke-dasharray="1 1"/>'
    )
    return border + (_words_beside(label, plan) if plan.beside else _words_under(label, plan))


def _words_beside(label: Label, plan: Layout) -> str:
    side, inner_height = plan.code_side, plan.height - 2 * PADDING
    room = plan.width - 2 * PADDING - side
    lines = _fitted(_lines(label, room - 1, plan.scale), inner_height)
    words = _words(lines, PADDING + side + room / 2, (plan.height - _height(lines)) / 2)
    return qr_drawing(label.url, PADDING, (plan.height - side) / 2, side) + words


def _words_under(label: Label, plan: Layout) -> str:
    side, inner_height = plan.code_side, plan.height - 2 * PADDING
    lines = _fitted(_lines(label, plan.width - 2 * PADDING, plan.scale), inner_height - side)
    title, rest = lines[:1], lines[1:]
    top = (plan.height - side - _height(lines)) / 2
    code_top = top + _height(title)
    words = _words(title, plan.width / 2, top) + _words(rest, plan.width / 2, code_top + side)
    return qr_drawing(label.url, (plan.width - side) / 2, code_top, side) + words


def _lines(label: Label, width: float, scale: float) -> list[Line]:
    """The words, largest first; a long name or address breaks in lines."""
    emergency = f"{EMERGENCY} · 燃气{TIED}{label.gas}" if label.gas else EMERGENCY
    return [
        _shrunk(_title(label, scale), width),
        *_printed(set_words(label.name, width, 3.2 * scale, SMALLEST_NAME), bold=True),
        _shrunk(Line(text=f"编号 {short_code(label.code)}", size=2.9 * scale), width),
        *_printed(set_address(label.url, width, 2.2 * scale, SMALLEST_ADDRESS), colour="#333"),
        *_printed(set_words(FREE, width, 2.5 * scale, SMALLEST_ADDRESS)),
        *_printed(set_words(emergency, width, 2.4 * scale, SMALLEST_ADDRESS)),
    ]


def _printed(words: Typeset, *, bold: bool = False, colour: str = BLACK) -> list[Line]:
    return [Line(text=text, size=words.size, bold=bold, colour=colour) for text in words.lines]


def _shrunk(line: Line, width: float) -> Line:
    """A line that is never broken, smaller where there is no room for it."""
    return line.model_copy(update={"size": min(line.size, width / width_in_em(line.text))})


def _title(label: Label, scale: float) -> Line:
    if label.practice:
        return Line(text="演练 请勿张贴", size=4.6 * scale, bold=True, colour="#b3261e")
    return Line(text="码上就来", size=4.6 * scale, bold=True, colour="#0a6b3d")


def _fitted(lines: list[Line], height: float) -> list[Line]:
    """The lines, smaller when together they are higher than there is room."""
    factor = min(1.0, height / _height(lines))
    return [line.model_copy(update={"size": line.size * factor}) for line in lines]


def _height(lines: list[Line]) -> float:
    return sum(line.size * 1.22 for line in lines)


def _words(lines: list[Line], middle: float, top: float) -> str:
    drawn = []
    for line in lines:
        top += line.size * 1.22
        weight = ' font-weight="700"' if line.bold else ""
        drawn.append(
            f'<text x="{middle:.2f}" y="{top - line.size * 0.22:.2f}" font-size="{line.size:.2f}" fill="{line.colour}" '
            f'text-anchor="middle" font-family="{FONTS}"{weight}>{escape(line.text)}</text>'
        )
    return "".join(drawn)


_SAMPLE = Label(
    code="7K3QX9A",
    name="盛华景苑 4号楼 1单元一楼大堂入口处",
    url="https://mashangjiulai.example.cn/s/7K3QX9A",
    gas="962777",
)
