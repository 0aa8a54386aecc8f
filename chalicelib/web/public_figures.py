"""The figures of a month that is over, for everyone: one HTML page without identities and small numbers, no script."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from chalicelib.domain.figures.indicators import NAMES

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import PublicDays, PublicFigures, PublicShare

INDICATORS = {what: NAMES[what] for what in ("finished_extended", "confirmed", "satisfied")}
_STYLE = """
body{font:16px/1.7 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;color:#1a1a1a;max-width:720px;margin:0 auto;padding:16px}
h1{font-size:22px}h2{font-size:18px;margin:24px 0 4px}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:6px 4px;text-align:left}td.n,th.n{text-align:right}p.note{color:#555;font-size:14px}a{color:#14508c}
"""
_CONTENT = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": _CONTENT,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=3600",
}


def page(view: "PublicFigures", earlier: str) -> str:
    """`view` as GET /api/figures answers it; `earlier` the month before it, to look at next."""
    year, month = view["month"].split("-")
    title = f"码上就来：{year}年{int(month)}月办理情况"
    sizes = (("受理", view["received"]), ("结案", view["closed"]))
    body = f"<h1>{escape(title)}</h1><p>{'，'.join(f'{name}{_number(n)}件' for name, n in sizes)}。</p>"
    rows = [(each["name"], _share(each)) for each in view["promises"]]
    rows += [(words, _share(view["indicators"][name])) for name, words in INDICATORS.items()]
    body += f"<h2>承诺做得怎样</h2>{_table(('指标', '分子 / 分母'), rows)}"
    body += _beside(view) + _days(view["days"])
    for words, of in (("片区", view["area"]), ("类别", view["category"]), ("渠道", view["channel"])):
        lines = [(row["name"], _number(row["received"]), _number(row["closed"])) for row in of]
        body += f"<h2>按{words}</h2>{_table((words, '受理', '结案'), lines)}"
    body += f'<p class="note">1至4件的数不公开，能由别的数推算出来的也不公开，写作“—”。没有表态的不算满意。{escape(view["left_out"])}。</p>'
    body += f'<p><a href="?month={escape(earlier)}">看{escape(earlier)}</a></p>'
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>'


def _beside(view: "PublicFigures") -> str:
    """What the shares above do not say of themselves."""
    by, stopped, asked = view["fed_back"], view["stopped"], view["indicators"]["satisfied"].get("asked")
    said = ["批准延过期的不在“…内办结”里，单列为“按期办结（延期后）”"]
    if any(by.values()):
        said.append(
            f"按时反馈里，工作人员答复{by['by_person']}件，系统答复{by['by_machine']}件，当面或电话接待时录入{by['by_typing']}件"
        )
    said.append(
        f"等居民答复、挂账时时限停走：受理的工单里停过{_number(stopped['paused'])}件"
        + (f"，共{stopped['days']}天" if stopped["days"] else "")
    )
    if asked:
        said.append(f"满意不满意问了{asked}件，没有表态的不在分母里")
    return f'<p class="note">{escape("；".join(said))}。</p>'


def _days(days: "PublicDays") -> str:
    if not days["of"]:
        return ""
    waited = (
        f"一半在{days['median']}天以内，十件里九件在{days['p90']}天以内（按日历天，不扣除任何时间；共{days['of']}件，"
        f"没有确认的不在内）；这个月受理的还有{_number(days['open'])}件没办完"
    )
    return f"<h2>从反映到居民确认解决</h2><p>{waited}。</p>"


def _share(indicator: "PublicShare") -> str:
    n, of = indicator["numerator"], indicator["denominator"]
    if n is None or of is None:
        return f"— / {_number(of)}"
    return f"{n} / {of}（{100 * n / of:.0f}%）" if of else "0 / 0"


def _number(n: int | None) -> str:
    return "—" if n is None else str(n)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{_cells('th', heads)}</tr>{lines}</table>" if lines else "<p>这个月没有。</p>"


def _cells(tag: str, cells: Sequence[str]) -> str:
    first, *others = cells
    return f"<{tag}>{escape(first)}</{tag}>" + "".join(
        f'<{tag} class="n">{escape(cell)}</{tag}>' for cell in others
    )
