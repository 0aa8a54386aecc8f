"""The weekly bulletin as one HTML page that prints on A4: from data alone, no script, nothing loaded."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from chalicelib.domain.feed.bulletin import Bulletin
from chalicelib.domain.figures.exporting import approved_words
from chalicelib.domain.figures.indicators import NAMES
from chalicelib.domain.tickets.clock_model import ClockKind

INDICATORS = {
    what: NAMES[what]
    for what in (
        "finished_extended",
        "confirmed",
        "satisfied",
        "double_follow_up",
        "returned",
        "reworked",
    )
}
_STYLE = """
@page{size:A4;margin:16mm}
body{font:14px/1.6 'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif;color:#1a1a1a;max-width:800px;margin:24px auto;padding:0 16px}
h1{font-size:22px;margin:0}h2{font-size:16px;margin:22px 0 6px;border-bottom:2px solid #1f5fa8}
table{border-collapse:collapse;width:100%;break-inside:avoid}td,th{border-bottom:1px solid #ddd;padding:4px 6px;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}p.note{color:#555;font-size:12px}li{margin:2px 0}
.big{display:flex;gap:28px;margin:12px 0}.big b{display:block;font-size:26px}@media print{body{margin:0;padding:0}}
"""
Cell = str | int
PROMISES = (
    ClockKind.FEEDBACK,
    ClockKind.RESPONSE,
    ClockKind.UNIT_FEEDBACK,
    ClockKind.RESOLUTION,
    ClockKind.FOLLOW_UP,
)
STOPPED = {"extended": "延过期的工单", "reworks": "重办的次数", "disproved": "说办结、后来不是的次数"}


def page(bulletin: Bulletin, *, practice: bool = False) -> str:
    """The whole document. Every figure stands beside what it is counted of."""
    title = f"{bulletin.area_name}周报 {bulletin.first:%Y年%-m月%-d日}—{bulletin.last:%-m月%-d日}"
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            '<p class="note">【演练】</p>' if practice else "",
            _top(bulletin),
            _section("哪些事多了", _rises(bulletin)),
            _section("趋势与苗头", _list(bulletin.told, "本周没有提醒。")),
            _section("哪些超期了、在谁那里", _late(bulletin)),
            _section("承诺做得怎样", _indicators(bulletin.figures.get("total") or {})),
            _section("一类事", _classes(bulletin)),
            _section("值得一读的工单", _readings(bulletin)),
            f'<p class="note">{bulletin.made_at:%Y年%-m月%-d日 %H:%M}生成。演练不计入；少于30件的比例不宜比较高低；不含任何人的姓名。</p>',
        )
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>'


def share(indicator: dict[str, Any]) -> str:
    """`3 / 4（75%）`; nothing of nothing has no percentage."""
    of, n = indicator["denominator"], indicator["numerator"]
    return f"{n} / {of}（{100 * n / of:.0f}%）" if of else "0 / 0"


def _top(bulletin: Bulletin) -> str:
    total = bulletin.figures.get("total") or {}
    late = sum(n for _, n in bulletin.late)
    shown = {
        "本周受理": total.get("received", 0),
        "上周受理": bulletin.received_before,
        "本周结案": total.get("closed", 0),
        "还没结案": bulletin.still_open,
        "其中超期": late,
    }
    cells = "".join(f"<div>{name}<b>{n}</b></div>" for name, n in shown.items())
    return f'<div class="big">{cells}</div>'


def _rises(bulletin: Bulletin) -> str:
    rows = [(rise.category, rise.count, f"{rise.before:.1f}") for rise in bulletin.rises]
    return _table(("类别", "本周", "此前每周平均"), rows, "没有哪一类比前几周都多。")


def _late(bulletin: Bulletin) -> str:
    return _table(("单位", "现在超期"), bulletin.late, "没有超期的工单。")


def _indicators(total: dict[str, Any]) -> str:
    indicators, days, stopped = (total.get(part) or {} for part in ("indicators", "days", "stopped"))
    rows = [(each["name"], share(each)) for each in total.get("promises", []) if each["clock"] in PROMISES]
    if fed_back := _fed_back(indicators.get("feedback") or {}):
        rows.append(("按时反馈里是谁答复的", fed_back))
    if days.get("of"):
        waited = f"一半在{days['median']}天内，九成在{days['p90']}天内；本周受理的还有{days['open']}件没办完"
        rows.append((f"从反映到居民确认解决（{days['of']}件，没有确认的不在内）", waited))
    if stopped:
        rows.append(("停过计时的工单", _paused(stopped, approved_words(total))))
    rows += [
        (words_, f"{stopped[what]} / {stopped['of']}") for what, words_ in STOPPED.items() if what in stopped
    ]
    rows += [(words, _said(indicators[name])) for name, words in INDICATORS.items() if name in indicators]
    return _table(("指标", "分子 / 分母"), rows, "没有数据。")


def _fed_back(indicator: dict[str, Any]) -> str:
    """人工 9，系统 31; nothing where nothing was fed back in time."""
    by = {"人工": "by_person", "系统": "by_machine", "接待时录入": "by_typing"}
    return "，".join(f"{words} {n}" for words, what in by.items() if (n := indicator.get(what)))


def _said(indicator: dict[str, Any]) -> str:
    """A share, and of the satisfied how many were asked: whoever says nothing is in no denominator."""
    return share(indicator) + (f"，问了 {indicator['asked']} 件" if indicator.get("asked") else "")


def _paused(stopped: dict[str, int], approved: str) -> str:
    """2 / 90，共 40 天，现在还停着 1；批准：片区党委 2 次"""
    said = f"{stopped['paused']} / {stopped['of']}，共 {stopped['paused_days']} 天"
    now = f"，现在还停着 {stopped['paused_now']}" if stopped["paused_now"] else ""
    return said + now + (f"；批准：{approved}" if approved else "")


def _classes(bulletin: Bulletin) -> str:
    heads = ("一类事", "状态", "反映的人", "工单", "措施（负责单位）", "措施前", "措施后", "见效")
    rows = [
        (
            one.name,
            one.state,
            one.reporters,
            one.members,
            f"{one.measure}（{one.unit}）" if one.measure else "还没有",
            one.before,
            one.after,
            one.verdict,
        )
        for one in bulletin.classes
    ]
    return _table(heads, rows, "现在没有一类事。")


def _readings(bulletin: Bulletin) -> str:
    rows = [(one.number, one.place, one.category, one.why) for one in bulletin.readings]
    return _table(("工单号", "地点", "类别", "为什么"), rows, "没有特别不顺的工单。")


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _list(items: Sequence[str], none: str) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>" if items else f"<p>{none}</p>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], none: str) -> str:
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    if not lines:
        return f"<p>{none}</p>"
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{lines}</table>"


def _cell(cell: Cell) -> str:
    kind = ' class="n"' if isinstance(cell, int) else ""
    return f"<td{kind}>{escape(str(cell))}</td>"
