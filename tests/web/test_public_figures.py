"""The page for everyone: what is hidden stays hidden, and names are text."""

from chalicelib.domain.figures.figures import PUBLIC_WITHOUT
from chalicelib.web.public_figures import INDICATORS, page

SHOWN = {"numerator": 40, "denominator": 50}
HIDDEN = {"numerator": None, "denominator": 50}
NONE = {"numerator": 0, "denominator": 0}


def a_month(**changes):
    rows = {"area": [], "category": [], "channel": []}
    names = ("5分钟内反馈居民", "15天内反馈居民", "1小时内响应")
    promises = [{"name": name} | part for name, part in zip(names, (SHOWN, HIDDEN, NONE), strict=True)]
    more = {
        "promises": promises,
        "days": {"of": 40, "median": 2, "p90": 9, "open": 12},
        "left_out": PUBLIC_WITHOUT,
    }
    more |= {
        "fed_back": {"by_person": 9, "by_machine": 31, "by_typing": 0},
        "stopped": {"paused": 8, "days": 90},
    }
    indicators = dict.fromkeys(INDICATORS, SHOWN) | {"satisfied": SHOWN | {"asked": 64}}
    return (
        {"month": "2026-10", "received": 60, "closed": None, "indicators": indicators} | more | rows | changes
    )


def test_a_share_shows_both_its_parts_or_neither_and_no_percentage_of_nothing():
    text = page(a_month(), "2026-09")
    assert "40 / 50（80%）" in text
    assert "— / 50" in text
    assert "0 / 0" in text
    assert "受理60件，结案—件" in text
    assert PUBLIC_WITHOUT in text


def test_each_promise_stands_under_what_it_states_and_how_long_people_waited_below():
    text = page(a_month(), "2026-09")
    assert text.index("5分钟内反馈居民") < text.index("15天内反馈居民")
    assert "一半在2天以内，十件里九件在9天以内" in text
    none = {"of": None, "median": None, "p90": None, "open": None}
    assert "天以内" not in page(a_month(days=none), "2026-09")


def test_what_would_flatter_a_share_unsaid_stands_beside_it():
    text = page(a_month(), "2026-09")
    assert "工作人员答复9件，系统答复31件，当面或电话接待时录入0件" in text
    assert "停过8件，共90天" in text
    assert "问了64件，没有表态的不在分母里" in text
    assert "居民说解决了" in text
    assert "按期办结（延期后）" in text
    assert "这个月受理的还有12件没办完" in text


def test_what_is_few_is_said_of_nobody():
    few = {"by_person": None, "by_machine": None, "by_typing": None}
    text = page(a_month(fed_back=few, stopped={"paused": None, "days": None}), "2026-09")
    assert "系统答复" not in text
    assert "停过—件。" in text or "停过—件；" in text
    assert "None" not in text


def test_a_name_of_the_towns_files_is_text():
    text = page(a_month(area=[{"name": "<img>", "received": 9, "closed": None}]), "2026-09")
    assert "&lt;img&gt;" in text
    assert "<img>" not in text
