"""No amount that is a town's own is written by hand: what people read of it comes from the town's files (clocks.csv, follow_up.csv).

Every amount that does stand in a sentence, of the service or of a client, is named here with the constant that it says, and says the
same; or with the reason why it is nobody's to choose.
"""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.actions.town.points import SCANS_SHOWN
from chalicelib.domain.acts.explaining import FIRST_ROUND
from chalicelib.domain.acts.returning import MOST_RETURNS
from chalicelib.domain.counter.slips import MAY_BE_CLAIMED_FOR
from chalicelib.domain.feed.webhooks import GIVEN_UP_AFTER
from chalicelib.domain.figures import similar_closed
from chalicelib.domain.figures.alerts import Thresholds
from chalicelib.domain.figures.facts import ONE_HAND
from chalicelib.domain.identity import confirmations, locking
from chalicelib.domain.knowledge.drafts import NEARLY_OVER
from chalicelib.domain.notices import rings
from chalicelib.domain.open311 import window
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.exchanges import STUCK_AFTER
from chalicelib.domain.tickets import dangers, haste, nearby, recording
from chalicelib.domain.town_import import plan
from chalicelib.store.identity import sign_in_codes

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "chalicelib" / "web" / "clients"  # of the clients, read where they are written
DIGITS = "零一二三四五六七八九十"
NUMBER = rf"(?:\d[\d.]*|[{DIGITS}百两半][{DIGITS}百两]*)"
UNIT = r"(?:秒钟?|分钟|刻钟|小时|钟头|个工作日|工作日|日内|天|周|星期|个月|年内?|次|人|个人)"
AMOUNT = re.compile(rf"(?<![第之{DIGITS}\d.-])({NUMBER}) ?(个?{UNIT})")
# 一次, 一天, 一个人: once, some day, somebody. One of something that is counted (一分钟, 一个工作日) is an amount.
ONE = re.compile(r"^一(次|天|周|人|个人|星期|年)$")
# What people write, and how a date or a name is written: read here, and said to nobody.
READ = (
    "chalicelib/domain/understanding/",
    "chalicelib/domain/identity/name_words.py",
    "chalicelib/domain/tables/instants.py",
)
TWICE_SEEN = "what stands twice, or comes in two parts: no length and no limit"
LITTLE = "a figure of speech: how little it takes"
MACHINE = "the machine's own pace or patience, the same in every town"
ANOTHER = "two people, because one alone may not: no number to choose"
FILTER = "what a filter offers; any other days may be asked for"
WINDOW = "the windows of the trends' own tests (docs/indicators.md)"
LEAST = "the least that its field takes"
LAST_CODE = sign_in_codes.LASTS
EMERGENCY = confirmations.EMERGENCY_LASTS
HEARD = recording.KEPT_AFTER_TEXT
MONTH = nearby.SHOWN_FOR

# File → what it says → the constant that it says, or why nobody chooses it.
KNOWN: dict[str, dict[str, object]] = {
    "chalicelib/actions/identity/confirming.py": {"24小时": confirmations.HOLDS},
    "chalicelib/actions/identity/locking.py": {"5次": locking.MOST_TRIES},
    "chalicelib/actions/notices/pushing.py": {"一分钟": MACHINE},
    "chalicelib/actions/town/importing_large.py": {"两次": TWICE_SEEN},
    "chalicelib/actions/views/suggesting.py": {"一年内": similar_closed.KEPT},
    "chalicelib/api/tickets/staff.py": {"15分钟": LAST_CODE},
    "chalicelib/domain/acts/dispatching.py": {"两次": MOST_RETURNS},
    "chalicelib/domain/acts/endangered.py": {"两个人": ANOTHER},
    "chalicelib/domain/acts/explaining.py": {"两次": FIRST_ROUND - 1},
    "chalicelib/domain/acts/handling.py": {"1个工作日": LEAST},
    "chalicelib/domain/acts/returning.py": {"两次": MOST_RETURNS},
    "chalicelib/domain/counter/slips.py": {"7天": MAY_BE_CLAIMED_FOR},
    "chalicelib/domain/feed/observations.py": {"五分钟": signatures.WINDOW},
    "chalicelib/domain/figures/trends.py": {"7天": WINDOW, "三周": WINDOW},
    "chalicelib/domain/identity/numbers.py": {"百年": "names of trades, no length"},
    "chalicelib/domain/identity/traces.py": {"一小时": MACHINE},
    "chalicelib/domain/notices/resident_templates.py": {"两次": FIRST_ROUND - 1},
    "chalicelib/domain/notices/rings.py": {"两小时": dangers.OLD_ORDER},
    "chalicelib/domain/notices/staff_templates.py": {
        "两次": MOST_RETURNS,
        "一小时": MACHINE,
        "10分钟": rings.ONE_RING,
    },
    "chalicelib/domain/offers/desk.py": {"三十天": HEARD, "一个月": MONTH},
    "chalicelib/domain/offers/staff.py": {"两次": FIRST_ROUND - 1},
    "chalicelib/domain/open311/window.py": {"90 天": window.LONGEST},
    "chalicelib/domain/partners/signatures.py": {"5分钟": signatures.WINDOW},
    "chalicelib/domain/tables/reading.py": {"两次": TWICE_SEEN},
    "chalicelib/domain/town_import/plan.py": {"30 分钟": plan.HOLDS},
    "chalicelib/domain/town_import/sheet.py": {"两次": TWICE_SEEN},
    "chalicelib/domain/views/danger.py": {"10分钟": rings.ONE_RING},
    "chalicelib/store/documents.py": {"一分钟": MACHINE},
    "clients/miniprogram/lib/recordings.js": {"三十天": HEARD},
    "clients/miniprogram/pages/mine/index.wxml": {"一分钟": LITTLE},
    "clients/miniprogram/pages/nearby/index.js": {"一个月": MONTH},
    "clients/miniprogram/pages/privacy/index.js": {"三十天": HEARD},
    "clients/miniprogram/staff/sign-in/index.wxml": {"15 分钟": LAST_CODE},
    "clients/desk/src/App.vue": {"15分钟": locking.IDLE},
    "clients/desk/src/pages/figures/FiguresPage.vue": {"一分钟": MACHINE},
    "clients/desk/src/pages/figures/TrendsPage.vue": {
        "一个月": timedelta(days=30),
        "两周": timedelta(days=Thresholds().quiet_days),
    },
    "clients/desk/src/pages/partners/ExchangesPage.vue": {"三次": STUCK_AFTER},
    "clients/desk/src/pages/partners/FeedsPage.vue": {"三天": GIVEN_UP_AFTER},
    "clients/desk/src/pages/partners/PartnerFilesPage.vue": {"12小时": EMERGENCY},
    "clients/desk/src/pages/queue/BoardPage.vue": {"5秒": MACHINE},
    "clients/desk/src/pages/queue/KnowledgePage.vue": {"三十天": NEARLY_OVER},
    "clients/desk/src/pages/town/PointsPage.vue": {"90天": SCANS_SHOWN},
    "clients/desk/src/pages/town/StaffPage.vue": {"12小时": EMERGENCY},
    "clients/desk/src/pages/town/TownPage.vue": {"12小时": EMERGENCY},
    "clients/desk/src/parts/common/Waiting.vue": {"20 秒": MACHINE},
    "clients/desk/src/parts/partners/FeedDead.vue": {"一分钟": MACHINE},
    "clients/desk/src/parts/queue/Lane.vue": {"两小时": dangers.OLD_ORDER},
    "clients/desk/src/parts/shell/HelpDialog.vue": {"5秒": MACHINE},
    "clients/desk/src/parts/shell/PinDialog.vue": {"15分钟": locking.IDLE},
    "clients/desk/src/parts/shell/UndoBar.vue": {"5秒": MACHINE},
    "clients/desk/src/parts/ticket/RecordingCard.vue": {"三十天": HEARD},
    "clients/desk/src/parts/town/AskedSecond.vue": {"12 小时": EMERGENCY},
    "clients/desk/src/words/figures/dashboard.ts": {
        "2 分钟": haste.QUICK_ARRIVAL,
        "5 分钟": haste.QUICK_RESOLVE,
        "半小时": ONE_HAND,
        "7天": FILTER,
        "30天": FILTER,
    },
    "clients/desk/src/words/queue/script.ts": {"一分钟": LITTLE},
}
# What the service sends and shows, and what the clients add; the stand-ins of outside parties say only what they were sent.
FOLDERS = ("chalicelib", "clients/miniprogram", "clients/desk/src", "clients/browser", "infra/local")
OF_THE_OPERATOR = (
    "infra/local/cloud.py",
    "infra/local/run.py",
    "infra/local/stop.py",
    "infra/local/play/",
    "infra/local/push_order.py",
)
LENGTHS = {
    "秒": 1,
    "分": 60,
    "刻": 900,
    "小时": 3600,
    "钟头": 3600,
    "天": 86400,
    "日": 86400,
    "周": 604800,
    "星": 604800,
}
LENGTHS |= {"个月": 30 * 86400, "年": 365 * 86400}


def amounts(text: str) -> list[str]:
    return [each for found in AMOUNT.finditer(text) if not ONE.match(each := found.group())]


def said(phrase: str) -> timedelta | int:
    """What a phrase says: 半小时, 三十天, 5次."""
    found = AMOUNT.fullmatch(phrase)
    assert found
    count, unit = number(found.group(1)), found.group(2)
    length = next((LENGTHS[each] for each in LENGTHS if unit.startswith(each)), None)
    return timedelta(seconds=count * length) if length else int(count)


def number(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    if text == "半":
        return 0.5
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    return (DIGITS.index(tens or "一") * 10 if ten else 0) + (DIGITS.index(ones) if ones else 0)


def sentences(path: Path) -> Iterator[str]:
    """What a file may say: the texts of a module but its docstrings, the whole of a client's file but its comments."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield re.sub(r"/\*[\s\S]*?\*/|<!--[\s\S]*?-->|(?<![:\w'\"])//[^\n]*", "", source)
        return
    tree = ast.parse(source)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def files() -> list[str]:
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    names = (
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.suffix in {".py", ".js", ".ts", ".vue", ".wxml", ".html"}
        and "node_modules" not in path.parts
        and BUILT not in path.parents
    )
    return [name for name in names if not name.startswith((*READ, *OF_THE_OPERATOR))]


def test_no_sentence_states_an_amount_that_is_not_known_here():
    found = {
        name: stated
        for name in files()
        if (stated := {each for text in sentences(ROOT / name) for each in amounts(text)})
    }
    assert found == {name: set(rows) for name, rows in KNOWN.items()}


@pytest.mark.parametrize(
    ("phrase", "constant"),
    [(phrase, what) for rows in KNOWN.values() for phrase, what in rows.items() if not isinstance(what, str)],
)
def test_what_is_said_of_a_constant_is_the_constant(phrase, constant):
    assert said(phrase) == constant


@pytest.mark.parametrize(
    "text",
    [
        "5分钟内反馈",
        "五分钟内答复您",
        "2 个工作日内回访",
        "三次不通（分两天）",
        "二十四小时内",
        "半小时内到场",
    ],
)
def test_an_amount_would_be_found(text):
    assert amounts(text)


@pytest.mark.parametrize(
    "text", ["再点一次", "有一天", "几天后", "第二天", "5{amount}", "{count}次", "12-1分"]
)
def test_what_states_no_amount_is_let_be(text):
    assert not amounts(text)
