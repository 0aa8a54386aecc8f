"""Importing a town: whole or not at all, nobody leaves with open tickets, and two at once are told apart."""

from datetime import datetime, timedelta

import pytest

from chalicelib.actions.town import handing_over, importing
from chalicelib.actions.town.importing import import_town
from chalicelib.domain.errors import HoldsOpenTickets, Invalid, NotFound, Stale
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.understanding.reading import understand
from chalicelib.store import table
from chalicelib.store.identity import sessions
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory, points
from tests.moto_cloud import moto_cloud
from tests.towns import SMALL, edited, sample_files, small_files

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    directory.forget()
    with moto_cloud(monkeypatch):
        yield
    directory.forget()


def imported(files=None, now=NOW, **hand_over_to):
    return import_town(files or small_files(), by="admin1", hand_over_to=hand_over_to, now=now)


def without_gw1():
    staff = SMALL["staff"].replace("gw1,网格员甲,ST,grid_worker,G,", "gw3,网格员丙,ST,grid_worker,G,")
    return small_files(staff=staff, duty=SMALL["duty"].replace("gw1", "gw3"))


def a_ticket(ticket_id="01A", **changes):
    where = Where(place="P41", path=("T", "A", "N", "G", "B4", "P41"), name="盛华景苑 4号楼 1单元楼道")
    held = {"stage": Stage.HANDLING, "lead_unit_id": "ST", "handler_id": "gw1", "taken": True} | changes
    ticket = Ticket(
        id=ticket_id,
        number=f"MS261123-{ticket_id}",
        source=Source.QR,
        where=where,
        text="楼道灯坏了",
        station_id="ST",
        received_at=NOW,
        **held,
    )
    return tickets.save(ticket, Event(kind="received", at=NOW, by="reporter"), before=None)


def held_by(person):
    return {item["ticket_id"] for item in lists.list_queue(f"staff:{person}")}


def test_an_import_puts_the_town_in_force_and_gives_every_point_a_code():
    report = imported()
    assert (report.points, report.new_codes, report.staff) == (3, 3, 11)
    assert directory.town().version == report.version
    assert set(points.active_codes(["P41", "P42", "SP"])) == {"P41", "P42", "SP"}


def test_the_sample_town_can_be_imported():
    report = imported(sample_files())
    assert report.new_codes == report.points > 80


def test_the_same_files_again_change_nothing():
    first = imported()
    again = imported(now=LATER)
    assert again.unchanged
    assert again.version == first.version == directory.town().version


def test_bad_files_are_refused_with_every_row_and_change_nothing():
    version = imported().version
    with pytest.raises(Invalid) as refused:
        imported(edited("places", "A,T,area", "A,X,area") | {"roles.csv": b"role\nking\n"}, now=LATER)
    assert [field["file"] for field in refused.value.details["fields"]] == ["places.csv", "roles.csv"]
    assert refused.value.details["errors"] == 2
    assert directory.town().version == version


def test_a_flood_of_errors_is_counted_and_shown_in_part(monkeypatch):
    monkeypatch.setattr(importing, "MOST_ERRORS", 1)
    with pytest.raises(Invalid) as refused:
        imported(edited("places", "A,T,area", "A,X,area") | {"roles.csv": b"role\nking\n"})
    assert (len(refused.value.details["fields"]), refused.value.details["errors"]) == (1, 2)


def test_a_renamed_point_keeps_its_code_and_a_removed_one_loses_it():
    imported()
    code = points.active_codes(["P42"])["P42"]
    text = SMALL["places"].replace("P41,B4,point,1单元楼道,,,,\n", "").replace("2单元楼道", "二单元楼道")
    report = imported(small_files(places=text), now=LATER)
    assert (report.removed_points, report.new_codes) == (1, 0)
    assert points.get(code).name == "二单元楼道"
    assert points.active_codes(["P41"]) == {}
    with pytest.raises(NotFound):
        directory.place("P41")


def test_a_third_version_drops_the_first_but_the_second_still_stands_for_who_just_read_it():
    versions = [
        imported(edited("roles", "22:00", f"2{n}:00"), now=NOW + timedelta(minutes=n)).version
        for n in range(3)
    ]
    stored = [bool(list(table.query_all(table.Table.WORK, f"TOWN#{version}"))) for version in versions]
    assert stored == [False, True, True]


def test_an_import_beside_another_is_refused():
    directory.claim("another", NOW)
    with pytest.raises(Stale):
        imported()
    assert directory.find_pointer() is None


def test_an_import_that_was_overtaken_is_refused_and_the_other_stays(monkeypatch):
    imported()
    write = directory.write_version

    def overtaken(town, new_points, text):
        write(town, new_points, text)
        table.update(table.Table.WORK, "TOWN", "POINTER", "SET #version = :other", other="other")

    monkeypatch.setattr(directory, "write_version", overtaken)
    with pytest.raises(Stale):
        imported(edited("roles", "22:00", "21:00"), now=LATER)


def test_a_killed_import_leaves_the_old_town_and_may_be_run_again(monkeypatch):
    old = imported().version
    files = edited("roles", "22:00", "21:00")
    with monkeypatch.context() as killed:
        killed.setattr(directory, "switch", lambda *_, **__: 1 / 0)
        killed.setattr(directory, "release", lambda: None)
        with pytest.raises(ZeroDivisionError):
            imported(files, now=LATER)
    assert directory.town().version == old
    report = imported(files, now=LATER + timedelta(seconds=1))
    directory.forget()
    assert directory.town().version == report.version != old


def test_who_holds_open_tickets_may_not_leave_without_a_successor():
    version = imported().version
    a_ticket()
    with pytest.raises(HoldsOpenTickets) as refused:
        imported(without_gw1(), now=LATER)
    assert refused.value.details["holders"] == [{"code": "gw1", "name": "网格员甲", "open_tickets": 1}]
    assert directory.town().version == version


def test_a_leaver_with_a_successor_hands_everything_over_and_is_signed_out():
    imported()
    a_ticket("01A")
    a_ticket("01B", handler_id="gw2", escalated_to=("gw1",))
    token = sessions.start(sessions.Kind.STAFF, "gw1", channel="console", now=NOW)
    report = imported(without_gw1(), now=LATER, gw1="gw3")
    assert (report.handed_over, report.left) == (2, ("gw1",))
    assert held_by("gw1") == set()
    assert held_by("gw3") == {"01A"}
    assert tickets.get("01B").escalated_to == ("gw3",)
    assert sessions.find(token, LATER) is None
    event = tickets.list_events("01A")[-1][1]
    assert (event.kind, event.notices[0].to, event.notices[0].params["who"]) == (
        "handed_over",
        "staff:gw3",
        "网格员甲",
    )


def test_who_holds_nothing_may_leave():
    imported()
    assert imported(without_gw1(), now=LATER).left == ("gw1",)


@pytest.mark.parametrize(
    "hand_over_to", [{"gw1": "gw1"}, {"gw1": "nobody"}, {"gw2": "gw3"}, {"nobody": "gw3"}]
)
def test_a_hand_over_to_or_from_the_wrong_person_is_refused(hand_over_to):
    version = imported().version
    with pytest.raises(Invalid):
        imported(without_gw1(), now=LATER, **hand_over_to)
    assert directory.town().version == version


def test_a_unit_with_open_tickets_may_not_disappear():
    imported()
    a_ticket(lead_unit_id="PM", handler_id=None)
    files = small_files(
        units=SMALL["units"].replace("PM,盛华景苑物业,property,N,\n", "PM2,新物业,property,N,\n"),
        staff=SMALL["staff"].replace(",PM,", ",PM2,"),
        duty=SMALL["duty"].replace("PM,", "PM2,"),
    )
    with pytest.raises(HoldsOpenTickets) as refused:
        imported(files, now=LATER)
    assert [holder["code"] for holder in refused.value.details["holders"]] == ["PM"]


def test_a_hand_over_without_leaving_moves_what_is_open():
    imported()
    a_ticket()
    assert handing_over.hand_over("gw1", "gw2", by="head", now=LATER) == 1
    assert tickets.get("01A").handler_id == "gw2"
    assert handing_over.hand_over("gw1", "gw2", by="head", now=LATER) == 0


@pytest.mark.parametrize(
    ("successor", "changes"), [("pm", {}), ("gw2", {"concerns": ("gw2",), "confidential": True})]
)
def test_who_may_not_have_a_ticket_does_not_get_it_by_hand_over(successor, changes):
    imported()
    a_ticket(**changes)
    handing_over.hand_over("gw1", successor, by="machine", now=LATER)
    ticket = tickets.get("01A")
    assert (ticket.handler_id, ticket.lead_unit_id) == (None, "ST")
    assert [notice.to for notice in tickets.list_events("01A")[-1][1].notices] == ["staff:head"]


def test_a_hand_over_to_oneself_or_to_nobody_is_refused():
    imported()
    with pytest.raises(Invalid):
        handing_over.hand_over("gw1", "gw1", by="head", now=LATER)
    with pytest.raises(NotFound):
        handing_over.hand_over("gw1", "nobody", by="head", now=LATER)


def test_a_town_of_five_thousand_points_is_imported(monkeypatch):
    # Codes are issued in transactions, for each of which moto copies the whole table: minutes here, ten seconds on dynoxide.
    ensured = []
    monkeypatch.setattr(points, "ensure", lambda places, now: ensured.extend(places) or len(ensured))
    rows = "".join(f"X{n},B4,point,{n}号,,,,\n" for n in range(5000 - 3))
    report = imported(small_files(places=SMALL["places"] + rows))
    assert (report.points, report.new_codes) == (5000, 5000)
    assert len(directory.list_points_under("B4")) == 4999
    assert directory.place("X4996").full_name == "盛华景苑 4号楼 4996号"


def test_a_place_that_comes_back_has_its_printed_code_again():
    imported()
    printed = points.active_codes(["P41", "P42"])
    without = small_files(places=SMALL["places"].replace("P42,B4,point,2单元楼道,,,,\n", ""))
    assert imported(without, now=LATER).removed_points == 1
    assert points.active_codes(["P41", "P42"]) == {"P41": printed["P41"]}
    assert points.get(printed["P42"]).state == "retired"
    back = importing.check(small_files(), hand_over_to={}, now=LATER + timedelta(hours=1))
    assert back.plan.revived == 1
    assert importing.put_in_force(back, by="admin1", now=LATER + timedelta(hours=1)).new_codes == 0
    assert points.active_codes(["P41", "P42"]) == printed
    assert [line.kind for line in points.get(printed["P42"]).history] == ["issued", "removed", "revived"]


def test_the_plan_says_which_lines_were_passed_over():
    imported()
    total = edited("units", "PM,盛华景苑物业,property,N,", "合计,1\nPM,盛华景苑物业,property,N,021-62345678")
    lines = importing.check(total, hand_over_to={}, now=LATER).plan.lines
    assert "units.csv 第 3 行没有读：合计" in lines


def test_a_code_that_was_taken_down_by_hand_stays_down():
    imported()
    taken_down = points.active_codes(["P42"])["P42"]
    points.retire(taken_down, "fc1", LATER)
    other = small_files(places=SMALL["places"].replace("1单元楼道", "一单元楼道"))
    assert imported(other, now=LATER).new_codes == 1
    assert points.get(taken_down).state == "retired"


BAD_LEXICONS = {
    "missing": None,
    "empty": "code,kind,name,category,sure,words,unless\n",
    "a bad row": SMALL["danger"].replace("冒烟", "火"),
    "no table": "\x00",
}


@pytest.mark.parametrize("what", sorted(BAD_LEXICONS))
def test_a_lexicon_that_cannot_be_read_is_refused_and_the_last_good_one_goes_on(what):
    imported()
    before = directory.town()
    files = small_files()
    if (text := BAD_LEXICONS[what]) is None:
        files.pop(next(name for name in files if "danger" in name))
    else:
        files = small_files(danger=text)
    with pytest.raises(Invalid):
        imported(files, now=LATER)
    directory.forget()
    after = directory.town()
    assert (after.version, after.danger) == (before.version, before.danger)
    reading = understand("楼道里冒烟", town=after, place=Where(path=(), name="盛华景苑"), model=None)
    assert reading.danger is Danger.POSSIBLE


def test_what_a_leaver_had_ended_is_listed_while_it_may_still_come_back():
    imported()
    for n, (handler, days) in enumerate([("gw1", 1), ("gw1", 30), ("gw1", 31), ("gw2", 1)]):
        closed = {"stage": Stage.CLOSED, "closed_at": LATER - timedelta(days=days), "handler_id": handler}
        a_ticket(f"01E{n}", **closed)
    lines = importing.check(without_gw1(), hand_over_to={}, now=LATER).plan.lines
    said = [line for line in lines if "重新打开" in line]
    assert len(said) == 1
    assert "网格员甲（gw1）离任前办过的 2 张" in said[0]
    assert "MS261123-01E0、MS261123-01E1" in said[0]


def test_where_nobody_leaves_no_ended_ticket_is_read(monkeypatch):
    imported()
    monkeypatch.setattr(importing.handing_over, "ended_lately", lambda _: 1 / 0)
    lines = importing.check(edited("roles", "22:00", "21:00"), hand_over_to={}, now=LATER).plan.lines
    assert not any("重新打开" in line for line in lines)
