"""Reusable answers 常用答复: a station's own, scrubbed as everything that is written."""

import pytest

ANSWER = {"title": "楼道灯报修", "text": "已请物业当天更换，坏灯编号请拍照。"}


@pytest.fixture
def desk(service):
    return service.staff("gglw-fc1")


def listed(service, token):
    return service.get("/desk/answers", token).body["items"]


def test_what_one_of_the_desk_writes_the_others_use_and_another_station_does_not(service, desk):
    written = service.post("/desk/answers", ANSWER | {"category": "B01"}, desk)
    assert written.status == 201
    assert listed(service, service.staff("gglw-fc2")) == [written.body]
    assert written.body["category_name"] == "楼道照明"
    assert listed(service, service.staff("hjb-fc1")) == []


def test_an_answer_is_changed_and_removed(service, desk):
    known = service.post("/desk/answers", ANSWER, desk).body["id"]
    changed = service.put(f"/desk/answers/{known}", ANSWER | {"text": "已派单"}, desk)
    assert changed.body["text"] == "已派单"
    assert [answer["text"] for answer in listed(service, desk)] == ["已派单"]
    assert service.delete(f"/desk/answers/{known}", desk).status == 200
    assert listed(service, desk) == []
    assert service.put(f"/desk/answers/{known}", ANSWER, desk).status == 404


def test_another_stations_answer_can_be_neither_changed_nor_removed(service, desk):
    known = service.post("/desk/answers", ANSWER, desk).body["id"]
    other = service.staff("hjb-fc1")
    assert service.put(f"/desk/answers/{known}", ANSWER, other).status == 404
    service.delete(f"/desk/answers/{known}", other)
    assert len(listed(service, desk)) == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"text": "字" * 2000}, 201),
        ({"text": "字" * 2001}, 422),
        ({"text": "字"}, 422),
        ({"title": "题" * 60}, 201),
        ({"title": "题" * 61}, 422),
        ({"category": "NO-SUCH"}, 422),
        ({"more": 1}, 422),
    ],
)
def test_an_answer_has_a_title_and_at_most_two_thousand_characters(service, desk, given, status):
    assert service.post("/desk/answers", ANSWER | given, desk).status == status


def test_what_identifies_a_person_does_not_stay_in_an_answer(service, desk):
    written = service.post("/desk/answers", ANSWER | {"text": "请打王师傅电话13812345678"}, desk)
    assert "13812345678" not in written.body["text"]
