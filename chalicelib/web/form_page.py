"""The form 反馈表 as one HTML page that prints on A4, with the viewer's name over it: no script, nothing loaded."""

from html import escape

from chalicelib.domain.forms.cells import LINE_HEADS, SIGNED
from chalicelib.domain.forms.form import Form

# Every rule is the form's own: the desk draws the page inside its own.
_STYLE = """
@page{size:A4;margin:14mm}
.form-page{position:relative;max-width:182mm;margin:0 auto;color:#1a1a1a;background:#fff;font:14px/1.6 'Noto Serif CJK SC','Songti SC','SimSun','Noto Sans CJK SC',serif}
.form-page h1{font-size:24px;text-align:center;margin:0 0 12px;letter-spacing:2px}
.form-page table{width:100%;border-collapse:collapse;table-layout:fixed}
.form-page td,.form-page th{border:1px solid #333;padding:6px 8px;vertical-align:top;text-align:left;overflow-wrap:anywhere;white-space:pre-wrap;font-weight:normal}
.form-page th{width:26mm;background:#f3f3f3}.form-page tr{break-inside:avoid}
.form-page .long{height:24mm}.form-page .line td{height:20mm}.form-page .signed td{height:26mm}.form-page .signed td{width:50%}.form-page .who{width:50mm}.form-page .day{width:28mm}.form-page .line th{width:auto}
.form-page .mark{position:fixed;inset:0;overflow:hidden;pointer-events:none;z-index:1;opacity:.09;font-size:15px;line-height:44mm;text-align:center}
.form-page .mark span{display:inline-block;margin:0 8mm;white-space:nowrap}
.form-page p{color:#555;font-size:12px;margin:6px 0 0}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_MARKS = 40


def page(form: Form, *, viewer: str, printed_at: str) -> str:
    """The whole document. `viewer` and `printed_at` are the watermark: a photo of the sheet says whose it was."""
    title = f"{form.title} {form.number}"
    body = (
        f"<h1>{escape(form.title)}</h1><table>{_heads(form)}{_long('问题描述', form.text)}"
        f"{_long('前期处置情况', form.so_far)}</table>{_lines(form)}"
        f"<p>{escape(printed_at)} {escape(viewer)} 打印。不含反映人的姓名和电话。</p>"
    )
    mark = f"<span>{escape(viewer)} {escape(printed_at)}</span>"
    marks = f'<div class="mark" aria-hidden="true">{" ".join([mark] * _MARKS)}</div>'
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return (
        f'<!doctype html><html lang="zh-CN"><head>{head}<style>{_STYLE}</style></head>'
        f'<body><div class="form-page">{marks}{body}</div></body></html>'
    )


def _heads(form: Form) -> str:
    cells = [f"<th>{escape(label)}</th><td>{escape(value)}</td>" for label, value in form.heads]
    return "".join(f"<tr>{''.join(cells[at : at + 2])}</tr>" for at in range(0, len(cells), 2))


def _long(label: str, text: str) -> str:
    return f'<tr class="long"><th>{escape(label)}</th><td colspan="3">{escape(text)}</td></tr>'


def _lines(form: Form) -> str:
    heads = f"<tr><th>{LINE_HEADS[0]}</th><th>意见和办理情况</th><th>{LINE_HEADS[3]}</th></tr>"
    lines = "".join(
        f"<tr><th>{escape(line.label)}</th><td>{escape(line.text)}</td>"
        f"<td>{line.on.isoformat() if line.on else ''}</td></tr>"
        for line in form.lines
    )
    signed = "".join(f"<td>{escape(words)}</td>" for words in SIGNED if words)
    return (
        f'<table class="line"><colgroup><col class="who"><col><col class="day"></colgroup>{heads}{lines}</table>'
        f'<table class="signed"><tr>{signed}</tr></table>'
    )
