"""通讯录与选项: codes with their names, and nothing by which a person is reached."""

import pytest

from chalicelib.domain.town.vocabulary import PlaceKind, Role, Source, Track, UnitKind
from chalicelib.domain.views.pick_lists import OUR_WORDS, directory_view, name_of
from tests.domain.life import TOWN


def test_the_lists_hold_the_town_s_codes_and_names():
    lists = directory_view(TOWN.model_copy(update={"version": "v7"}))
    assert lists["version"] == "v7"
    assert lists["places"][2] == {
        "code": "SH", "parent": "GG", "kind": "neighbourhood", "name": "盛华景苑", "full_name": "", "inside_wall": True,
    }  # fmt: skip
    assert lists["units"][0] == {
        "code": "ST", "name": "关港蓝湾工作站", "kind": "station", "area": "GG", "phone": "",
    }  # fmt: skip
    assert lists["staff"][0] == {
        "code": "desk-a", "name": "首问接待甲", "unit": "ST", "roles": (Role.FIRST_CONTACT,), "places": (),
    }  # fmt: skip
    assert lists["categories"][0] == {
        "code": "LIFT", "parent": None, "name": "电梯困人", "track": "simple", "urgent": True, "facility": True, "sensitive": False,
    }  # fmt: skip
    for rows in ("places", "units", "staff", "categories"):
        assert len(lists[rows]) == len(getattr(TOWN, rows))
    assert {name: lists[name] for name in OUR_WORDS} == OUR_WORDS


@pytest.mark.parametrize("words", OUR_WORDS)
def test_each_of_our_words_has_a_code_and_a_chinese_name(words):
    for each in OUR_WORDS[words]:
        assert each.keys() == {"code", "name"}
        assert each["code"]
        assert any("一" <= letter <= "鿿" for letter in each["name"])


@pytest.mark.parametrize(
    ("member", "name"),
    [
        (Role.HANDLER, "经办人"),
        (Track.DIFFICULT, "疑难"),
        (Source.QR, "扫码"),
        (UnitKind.PROPERTY, "物业"),
        (PlaceKind.AREA, "片区"),
    ],
)
def test_a_word_of_ours_has_one_name(member, name):
    assert name_of(member) == name
