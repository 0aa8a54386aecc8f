"""A town that promises eight minutes for five: nothing that anybody reads says an amount of the sample town's (design §4).

Every clock states another amount than clocks.csv does. Lives are played, and all that the service responds with, sends and keeps is
read: pages, queues, hints of acts, messages, figures and the bulletin.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.actions.figures import bulletins, counting
from chalicelib.actions.town.importing import import_town
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.store.town import directory
from tests.api.unchanged import everything
from tests.lives import DESK, LAMP, LEADER, MANAGER, MESS, Lives
from tests.service import Service, running_service
from tests.towns import sample_files

# None of them, and no sum of one and its ladder, is an amount of the sample town.
OTHER = {1: "8", 2: "7", 3: "9", 5: "8", 15: "17", 30: "34", 60: "67"}
CALLS = {"attempts": "4", "days": "3", "wait_hours": "31"}
NUMERALS = "零一二三四五六七八九十"
QUEUES = ("desk", "calls", "mine", "unit", "leader")
# What a town wrote itself is its own: answers of policy and its files. The rest is a page without a word of ours.
OWN_WORDS = (
    "/staff/knowledge",
    "/admin/knowledge",
    "/admin/town",
    "/desk/knowledge",
    "/callbacks",
    "/openapi",
)
# What is no promise of the town's: signing in, locks, what is kept and drawn by a rule. tests/test_amounts.py names each.
ELSE = re.compile(
    r"15 ?分钟内有效|离开15分钟|一分钟|三十天|两小时前|一小时内|12 ?小时|24小时内再操作|\d+ 天后"
)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sample_files()[name].decode("utf-8-sig"))))


def written(table: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


def other_town() -> dict[str, bytes]:
    clocks = [row | {"amount": OTHER[int(row["amount"])]} for row in rows("clocks.csv")]
    ruling = dict.fromkeys(clocks[0], "") | {"clock": "ruling", "amount": "7", "unit": "working_days"}
    calls = [row | CALLS for row in rows("follow_up.csv")]
    return sample_files() | {"clocks.csv": written([*clocks, ruling]), "follow_up.csv": written(calls)}


def spellings(amount: Amount) -> list[str]:
    """As anybody might write it: 5分钟, 5 分钟, 五分钟."""
    count, unit = int(amount.count), amount.words.removeprefix(f"{amount.count:g}")
    return [rf"(?<![\d.:-]){count} ?{unit}", f"(?<![第{NUMERALS}]){chinese(count)}{unit}"]


def chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    return (
        ("" if tens < 2 else NUMERALS[tens])
        + ("十" if tens else "")
        + (NUMERALS[ones] if ones or not tens else "")
    )


def amounts_of(files: dict[str, bytes]) -> set[Amount]:
    found = csv.DictReader(io.StringIO(files["clocks.csv"].decode("utf-8-sig")))
    return {Amount(count=float(row["amount"]), unit=AmountUnit(row["unit"])) for row in found}


def test_no_spelling_of_an_amount_is_missed():
    five = "|".join(spellings(Amount(count=5, unit=AmountUnit.MINUTES)))
    for text in ("5分钟内反馈", "5 分钟", "五分钟内"):
        assert re.search(five, text)
    for text in ("15分钟", "十五分钟", "12:05分钟"):
        assert not re.search(five, text)


@pytest.fixture(scope="module")
def read() -> Any:
    """All that was read in a town of other amounts: what each route responded with, and what was kept, sent and printed."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as service:
        import_town(other_town(), by="test", hand_over_to={}, now=service.now)
        directory.forget()
        seen: list[str] = []
        asked = Service._ask

        def noted(self: Service, *request: Any) -> Any:
            answer = asked(self, *request)
            raw = answer.raw if isinstance(answer.raw, str) else answer.raw.decode("utf-8", "replace")
            seen.append(f"{request[0]} {request[1]}\n{as_read(raw)}")
            return answer

        patch.setattr(Service, "_ask", noted)
        live(service)
        seen.extend(
            each.encode().decode("unicode_escape", "replace") if "\\u" in each else each
            for each in everything(service)
        )
        yield seen


def as_read(raw: str) -> str:
    """JSON as its words are."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False)
    except ValueError:
        return raw


def live(service: Service) -> None:
    """Reports that keep and break every promise, by every way in; then weeks are over, and everybody looks at everything."""
    lives = Lives(service, "other")
    lamp = lives.reports("walker", LAMP)
    urgent = lives.calls_in("电梯困人了，里面有老人", place="SHJY-5-1")
    mess = lives.reports("other", MESS, unit="PM-SHJY")
    asked = lives.calls_in("想问居住证怎么办理", place="SHJY-GATE")
    lives.desk(asked, "answer", text="带身份证到服务中心")
    look(service, "/api/tickets/{ticket_id}", [lamp, mess])
    look(service, "/staff/tickets/{ticket_id}", [lamp, urgent, mess])
    look(service, "/staff/queues/{queue}", QUEUES)
    look(service, "/api/points/{code}", [service.point()])
    service.later(days=1)
    lives.staff(mess, "return", MANAGER, reason="权属不清", note="公共绿地归镇里")
    lives.resolves(lamp)
    lives.nobody_answers(lamp)
    look(service, "/staff/tickets/{ticket_id}", [lamp])
    for _ in range(6):
        for ticket_id in (urgent, mess, lamp):
            lives.rings(ticket_id)
        service.later(days=5)
    counting.count_marked(now=service.now)
    bulletins.make_due(now=service.now)
    for route, views in service.app.routes.items():
        if "GET" in views and not route.startswith(OWN_WORDS):
            look(service, route, [lamp, urgent, mess])


def look(service: Service, route: str, named: Sequence[str]) -> None:
    """One page, or the pages of these that it can name, as whoever reads it: the desk, a leader, a handler, a resident."""
    told = {"{ticket_id}": named, "{queue}": QUEUES, "{code}": named}
    of = next((each for each in told if each in route), "")
    paths = [route.replace(of, each) for each in told[of]] if of else [route]
    readers = [service.resident("other walker"), *map(service.staff, (DESK, LEADER, MANAGER))]
    is_own = {"/staff": readers[1:], "/desk": readers[1:3]}
    for path in paths if "{" not in paths[0] else ():
        for token in is_own.get("/" + path.split("/")[1], readers[:1]):
            service.get(path, token)


def test_nobody_reads_an_amount_of_another_town(read):
    gone = amounts_of(sample_files()) - amounts_of(other_town())
    assert len(gone) > 8
    old = re.compile("|".join(spelling for amount in gone for spelling in spellings(amount)))
    found = {
        text.partition("\n")[0][:80]: sorted(
            {plain[max(0, at.start() - 12) : at.end() + 8] for at in old.finditer(plain)}
        )
        for text in read
        if old.search(plain := ELSE.sub("", text))
    }
    assert found == {}


@pytest.mark.parametrize("said", ["8分钟内", "7个工作日内裁定", "4次不通（分3天）"])
def test_its_own_amounts_are_read(read, said):
    assert any(said in text for text in read), said
