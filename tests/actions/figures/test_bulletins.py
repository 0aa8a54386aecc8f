"""The weekly bulletin: made once a week is over, told once, without a person's name, as page and as sheet."""

import io
import re
from datetime import date, timedelta

import boto3
import openpyxl
import pytest

from chalicelib.actions.figures import bulletins, counting
from chalicelib.domain.feed.bulletin import Bulletin, week_before, worth_reading
from chalicelib.domain.figures.counts import StillOpen, count_day
from chalicelib.domain.figures.figures import Axis, days_view
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.figures import bulletins as store
from chalicelib.store.figures import counts
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from chalicelib.web.bulletin import page, share
from chalicelib.web.bulletin_sheet import sheet
from tests.domain.figures.test_indicators import a_fact, promise
from tests.domain.life import TOWN
from tests.moto_cloud import ENVIRONMENT
from tests.service import MONDAY

AREA, WEEK_AGO = "GGLW", MONDAY.date() - timedelta(days=7)


@pytest.fixture
def week(service):
    """Five reports in this week, one answered; it is Monday night after it."""
    for n in range(1, 57):
        day = MONDAY.date() - timedelta(days=n)
        tally = {"received": 1}
        counted = {"all": {"": tally}, "category": {"F01": tally}}
        counts.save(day, AREA, counted, StillOpen(), is_listed=False, now=MONDAY)
    ids = [service.report("四号楼楼道灯不亮", token=service.resident(f"r{n}")).body["id"] for n in range(4)]
    ids.append(service.report("请问居住证<b>在哪里办").body["id"])
    desk = next(
        p.code
        for p in directory.town().staff
        if Role.FIRST_CONTACT in p.roles and directory.town().covers(p, ("HJ", AREA))
    )
    assert service.desk_act(ids[-1], "answer", desk, text="可以到一楼窗口办理").status == 200
    service.later(days=7, hours=-7)
    service.settle()
    counting.count_marked(now=service.now)
    service.ids = ids
    return service


def objects():
    s3, bucket = boto3.client("s3"), ENVIRONMENT["PHOTOS_BUCKET"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="bulletins/").get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}


def told(service):
    return [item["PK"] for item in service.items(Table.WORK) if "bulletin-GGLW" in item["SK"]]


@pytest.mark.parametrize(
    ("day", "monday"),
    [(date(2026, 11, 30), 23), (date(2026, 12, 6), 23), (date(2026, 11, 29), 16), (date(2026, 11, 23), 16)],
)
def test_the_week_before_is_the_last_whole_one(day, monday):
    assert week_before(day) == (date(2026, 11, monday), date(2026, 11, monday + 6))


def test_it_is_made_once_a_week_is_over_and_again_only_when_that_night_failed(week):
    areas = [p for p in directory.town().places if p.kind == "area"]
    assert bulletins.make_due(now=week.now) == len(areas)
    assert bulletins.make_due(now=week.now + timedelta(days=1)) == 0
    assert {f"bulletins/GGLW/2026-11-23.{kind}" for kind in ("html", "xlsx")} <= set(objects())


def test_a_night_that_runs_twice_tells_each_leader_once(week):
    bulletins.make(AREA, MONDAY.date(), now=week.now)
    once = sorted(told(week))
    bulletins.make(AREA, MONDAY.date(), now=week.now + timedelta(hours=1))
    assert sorted(told(week)) == once
    assert once


def test_it_says_what_came_what_is_open_and_what_rose(week):
    made = bulletins.gather(AREA, MONDAY.date(), now=week.now)
    assert (made.figures["total"]["received"], made.figures["total"]["closed"]) == (5, 1)
    assert (made.received_before, made.still_open) == (7, 4)
    assert [rise.count for rise in made.rises] == [4]
    assert len(made.figures["days"]) == 7


def test_the_page_and_the_sheet_say_the_same_and_hold_no_name_of_a_person(week):
    bulletins.make(AREA, MONDAY.date(), now=week.now)
    found = objects()
    html = found["bulletins/GGLW/2026-11-23.html"].decode()
    book = openpyxl.load_workbook(io.BytesIO(found["bulletins/GGLW/2026-11-23.xlsx"]))
    assert "<script" not in html
    assert "src=" not in html
    assert re.search(r"本周受理<b>5</b>", html)
    rows = list(book["各单位"].values)
    assert rows[0][:3] == ("单位", "受理", "结案")
    assert rows[-1][:3] == ("合计", 5, 1)
    text = html + str([list(each.values) for each in book])
    assert [person.name for person in directory.town().staff if person.name in text] == []


def test_what_stands_in_the_towns_files_is_text_and_no_markup_and_no_formula():
    given = {"area": "A", "area_name": "<b>片区", "first": date(2026, 11, 23), "last": date(2026, 11, 29)}
    given |= {"made_at": MONDAY, "received_before": 0, "still_open": 1, "figures": {}}
    made = Bulletin(**given, late=(("=1+1", 1),))
    assert "<b>片区" not in page(made)
    assert "&lt;b&gt;片区" in page(made)
    late = openpyxl.load_workbook(io.BytesIO(sheet(made)))["超期"]["A2"]
    assert (late.value, late.data_type) == ("=1+1", "s")


def test_an_empty_week_says_so_in_words(week):
    made = bulletins.gather("HJB", WEEK_AGO, now=week.now)
    assert "没有超期的工单" in page(made)
    assert sheet(made)


def test_five_tickets_are_worth_reading_the_worst_first_and_none_that_is_confidential_or_went_well():
    facts = [a_fact(ticket_id=f"t{n}", round=n) for n in range(1, 9)]
    facts.append(a_fact(ticket_id="secret", round=20, confidential=True))
    assert [key for key, _ in worth_reading(facts)] == ["t8", "t7", "t6", "t5", "t4"]
    assert worth_reading([a_fact()]) == []
    assert worth_reading([a_fact(last_word="not_solved", returns=1)])[0][1] == "退单1次，居民说没解决"


@pytest.mark.parametrize(
    ("n", "of", "said"), [(0, 0, "0 / 0"), (0, 3, "0 / 3（0%）"), (3, 4, "3 / 4（75%）")]
)
def test_a_share_never_goes_without_what_it_is_of(n, of, said):
    assert share({"numerator": n, "denominator": of}) == said


def test_leaders_find_their_own_areas_bulletins_with_links(week):
    bulletins.make_due(now=week.now)
    leader = next(
        p
        for p in directory.town().staff
        if Role.AREA_LEADER in p.roles and directory.town().covers(p, ("HJ", AREA))
    )
    items = week.get("/desk/bulletins", week.staff(leader.code)).body["items"]
    assert [(item["area"], item["from"], item["to"]) for item in items] == [
        (AREA, "2026-11-23", "2026-11-29")
    ]
    assert "bulletins/GGLW/2026-11-23.html" in items[0]["page"]
    assert [made.monday for made in store.list_made(AREA)] == [MONDAY.date()]


def test_beside_shares_stands_who_fed_back_who_was_asked_and_what_is_not_done_yet():
    said = {"stage": Stage.CLOSED, "closed_at": MONDAY, "last_word": "solved", "solved_days": 3}
    kept = [promise("kept", promise="5 minutes", by=by) for by in ("person", "machine", "machine")]
    facts = [
        a_fact(ticket_id=str(n), clocks=(each,), **said, satisfied=True if n else None)
        for n, each in enumerate(kept)
    ]
    counted = count_day([*facts, a_fact(ticket_id="open")], facts)
    view = days_view({AREA: counted}, Axis.UNIT, TOWN, MONDAY.date())
    given = {"area": AREA, "area_name": "片区", "first": date(2026, 11, 23), "last": date(2026, 11, 29)}
    html = page(Bulletin(**given, made_at=MONDAY, received_before=0, still_open=1, figures=view))
    assert "人工 1，系统 2" in html
    assert "2 / 2（100%），问了 3 件" in html
    assert "3件，没有确认的不在内" in html
    assert "本周受理的还有1件没办完" in html
