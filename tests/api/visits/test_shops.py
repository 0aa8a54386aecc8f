"""商户 over HTTP: a street's shops seen one by one, edited from where they stand, and as they come out in the town's files."""

import base64

import pytest

from chalicelib.actions.town import importing
from chalicelib.domain.town_import.sources import sources_of
from chalicelib.domain.visits import shops as rules
from chalicelib.domain.visits.shops import Said
from chalicelib.store import table
from chalicelib.store.visits import shops as store
from tests.api.visits.test_visits import GW, a_photo, begin, find
from tests.service import one_service
from tests.towns import sample_files

service = one_service
LEADER, ADMIN = "gglw-leader", "town-admin"


def desk(service, path, by=GW):
    return service.get(path, service.staff(by))


@pytest.fixture
def walk(service):
    id_ = begin(service, place="WYL-W", plan="PATROL-G").body["id"]
    yield id_
    service.post(f"/api/walks/{id_}/end", {}, service.staff(GW))


def files_of(**changes):
    return sample_files() | changes


def with_rows(old, new):
    return {"shops.csv": sample_files()["shops.csv"].decode("utf-8").replace(old, new).encode()}


def test_a_street_is_a_list_of_its_twenty_shops_with_what_was_found(service, walk):
    page = desk(service, "/desk/shops?place=WYL", LEADER).body
    assert page["count"] == len(page["items"]) == 20
    assert {"code": "WYL", "name": "望月路"} in page["streets"]
    assert page["items"][0]["seen_at"] is None

    here = desk(service, f"/api/shops?point={service.point('WYL-W')}").body["items"]
    assert {shop["code"] for shop in here} == {"WYL-S03", "WYL-S04", "WYL-S10", "WYL-S18", "WYL-S20"}
    noted = find(service, walk, place="WYL-W", in_order=True, shop="WYL-S03")
    assert (noted.status, noted.body["ticket"]) == (201, None)
    again = find(service, walk, place="WYL-W", in_order=True, shop="WYL-S03")
    assert (again.status, again.body["code"]) == (409, "already_done")
    found = find(
        service,
        walk,
        place="WYL-W",
        shop="WYL-S04",
        text="后门口堆了半人高的纸箱",
        photos=[a_photo(service)],
        trade="paused",
        shop_name="西口家常菜",
    )
    assert found.status == 201

    page = desk(service, "/desk/shops?place=WYL", LEADER).body
    rows = {row["code"]: row for row in page["items"]}
    assert [row["code"] for row in page["items"]][-2:] == ["WYL-S03", "WYL-S04"]  # seen last
    assert rows["WYL-S03"]["in_order"] is True
    assert rows["WYL-S04"] | {"trade": "paused", "name": "西口家常菜", "in_order": False} == rows["WYL-S04"]
    assert rows["WYL-S04"]["ticket"]["number"] == found.body["ticket"]["number"]
    assert page["trades"]["paused"] == 3
    whole = desk(service, "/desk/shops/WYL-S04", LEADER).body
    [line] = whole["findings"]
    assert (line["changed"], line["in_order"]) == ("改名“西口家常菜”，营业改为停业", False)
    ticket = service.get(f"/staff/tickets/{found.body['ticket']['id']}", service.staff(LEADER)).body
    assert ticket["text"].startswith("西口小饭店：后门口")


def test_the_files_in_force_hold_what_was_seen_and_an_older_file_takes_nothing_back(service, walk):
    find(service, walk, place="WYL-W", in_order=True, shop="WYL-S10", trade="vacant")
    admin = service.staff(ADMIN)
    got = service.get("/admin/town/files?form=xlsx", admin).body
    content = base64.b64decode(got["file"])
    [grid] = list(sources_of({"town.xlsx": content}).tables["shops"].grids)
    assert any("WYL-S10" in row and "空置" in row for row in (line.cells for line in grid.lines))
    assert importing.check({"town.xlsx": content}, hand_over_to={}, now=service.now).report.unchanged

    def planned(**changes):
        made = importing.check(files_of(**changes), hand_over_to={}, now=service.now).plan
        return {change.table: change for change in made.changes}["shops"], made

    shops, _ = planned(**with_rows("WYL-S19,手机维修", "WYL-S19,手机快修"))
    assert (shops.changed, shops.removed, shops.new) == (1, 0, 0)  # WYL-S10 still says 营业 in this file
    shops, _ = planned(
        **with_rows("WYL-S10,兰州牛肉面,WYL-W,餐饮,营业", "WYL-S10,兰州牛肉面,WYL-W,餐饮,停业")
    )
    assert shops.changed == 1


def test_a_shop_that_goes_and_comes_back_has_its_findings_again(service, walk):
    find(service, walk, place="WYL-W", in_order=True, shop="WYL-S18", trade="open")
    gone = files_of(**with_rows("WYL-S18,西口18号铺,WYL-W,,空置\n", ""))
    made = importing.check(gone, hand_over_to={}, now=service.now).plan
    assert any("走访记录保留" in line and "西口18号铺" in line for line in made.lines)
    importing.import_town(gone, by="admin", hand_over_to={}, now=service.now)
    assert desk(service, "/desk/shops/WYL-S18", LEADER).status == 404
    assert find(service, walk, place="WYL-W", in_order=True, shop="WYL-S18").status == 422

    service.later(minutes=1)
    back = importing.check(files_of(), hand_over_to={}, now=service.now).plan
    assert any("走访记录接着算：西口18号铺" in line for line in back.lines)
    importing.import_town(files_of(), by="admin", hand_over_to={}, now=service.now)
    whole = desk(service, "/desk/shops/WYL-S18", LEADER).body
    assert (whole["trade"], len(whole["findings"])) == ("vacant", 1)  # the new row is the newer word


def test_what_is_said_of_a_shop_while_an_import_forgets_its_old_word_stays(service, walk, monkeypatch):
    """An import overrules what was said before it; of what is said while it cleans up it knows nothing, and takes nothing."""
    find(service, walk, place="WYL-W", in_order=True, shop="WYL-S20", trade="paused", shop_name="老街修鞋")
    sample = sample_files()["shops.csv"].decode("utf-8")
    [row] = [line for line in sample.splitlines() if line.startswith("WYL-S20,")]
    changed = row.replace(row.split(",")[1], "二十号铺", 1)

    ruled = rules.overruled

    def overruled(shops, known):
        no_more = ruled(shops, known)
        now_says = next(shop for shop in shops if shop.code == "WYL-S20")
        table.transact(
            store.saying_ops(now_says, trade=None, name="修鞋配钥匙")
        )  # somebody stands there, this very moment
        return no_more

    monkeypatch.setattr(importing.rules, "overruled", overruled)
    files = files_of(**{"shops.csv": sample.replace(row, changed).encode()})
    importing.import_town(files, by="admin", hand_over_to={}, now=service.now)
    known = store.known_of("WYL-S20")
    assert known.name == Said("修鞋配钥匙", "二十号铺")
    assert desk(service, "/desk/shops/WYL-S20", LEADER).body["name"] == "修鞋配钥匙"


@pytest.mark.parametrize(
    "found", [{"shop": "WYL-S01"}, {"shop": "NONE"}, {"trade": "open"}, {"shop_name": "新店"}]
)
def test_what_names_no_shop_of_the_point_is_refused(service, walk, found):
    refused = find(service, walk, place="WYL-W", in_order=True, **found)
    assert (refused.status, refused.body["fields"]) == (422, ["shop"])


def test_an_unknown_state_is_refused(service, walk):
    assert find(service, walk, place="WYL-W", in_order=True, shop="WYL-S03", trade="closed").status == 422
    assert desk(service, "/desk/shops?trade=closed", LEADER).status == 422
