"""Rule 21: whom a text is about. A name is no sign; an act done to somebody is, whoever's grammar it hides in."""

import pytest

from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.town.concern_signs import ConcernRow, ConcernSign
from chalicelib.domain.understanding.concerned import DOUBT, FAIR, LIKELY, SURE, codes_of, concerned
from chalicelib.domain.understanding.phrases import flat
from tests.domain.life import CONCERNS, HERE, TOWN, life_town

NONE, SERVICE, POSSIBLE, MISCONDUCT = Grievance


@pytest.mark.parametrize(
    ("text", "grievance", "parties"),
    [
        ("物业在几楼", NONE, ()),
        ("保安骂我", MISCONDUCT, ("PM",)),
        ("保安没骂我", NONE, ()),
        ("没有骂我，是保安多心", NONE, ()),  # also where the text begins with it
        ("有人骂人，还打了保安", NONE, ()),  # whom it was done to
        ("保安来劝了，还有人骂人", NONE, ()),  # who came to help
        ("保安骂人的话我没说", NONE, ()),  # `unless` of the same row
        ("租客骂我", NONE, ()),  # an outsider's act is an ordinary matter
        ("租客骂我，物业在几楼", NONE, ()),
        (
            "感谢保安，是我弄错，我还骂人",
            POSSIBLE,
            ("PM",),
        ),  # an apology: a person looks, nobody is kept away
        ("网格员收了黑钱", MISCONDUCT, ("grid",)),
        ("工作站的人骂我", MISCONDUCT, ("ST",)),
        (
            "他们骂我",
            MISCONDUCT,
            ("PM", "grid", "OFF", "ST"),
        ),  # sure, and nobody is named: whoever "they" may be
        ("你们骂我", MISCONDUCT, ("PM", "grid", "OFF", "ST")),
        ("他们骂我，后来道歉了", POSSIBLE, ("PM", "grid", "OFF")),  # not sure: the desk looks
        (
            "你们骂我，后来道歉了",
            POSSIBLE,
            ("PM", "grid", "ST"),
        ),  # not sure: 保密受理 looks, and sits in an office
        ("骂我", NONE, ()),  # nobody could be meant
        ("那签的是我名字", MISCONDUCT, ("PM", "grid", "OFF", "ST")),  # nobody else could have done it
        ("物业一直没来", SERVICE, ("PM",)),
        ("一直没来", NONE, ()),
        ("灯越修越暗", SERVICE, ("PM", "grid", "OFF")),
        ("我跟工作站说过，保安骂我", MISCONDUCT, ("PM", "ST")),  # both: grammar alone does not tell
        ("保安骂我，请处理，谢谢", MISCONDUCT, ("PM",)),  # a courtesy thanks nobody
        ("感谢保安，但是网格员骂我", MISCONDUCT, ("PM", "grid")),
        ("请问保安骂人违规吗", NONE, ()),
        ("保安骂我，后来道歉了", POSSIBLE, ("PM",)),
    ],
)
def test_who_is_complained_about_and_how(text, grievance, parties):
    found = concerned(flat(text), HERE, town=TOWN)
    assert found.grievance is grievance
    assert set(found.parties) == set(parties)


def test_without_a_lexicon_nobody_is_complained_about():
    assert concerned("保安骂我", HERE, town=life_town(concerns=())).grievance is NONE


def test_a_lexicon_imported_anew_is_read_anew():
    more = ConcernSign(code="m9", kind=ConcernRow.MISCONDUCT, name="动手", words="推搡")
    assert concerned("保安推搡老人", HERE, town=TOWN).grievance is NONE
    assert concerned("保安推搡老人", HERE, town=life_town(concerns=(*CONCERNS, more))).grievance is MISCONDUCT


def test_guards_are_of_the_property_unit_and_an_unknown_party_is_nobody():
    assert codes_of("guards", HERE.path, TOWN) == ("PM",)
    assert codes_of("other", HERE.path, TOWN) == ()


class _Always:
    """A model that hears misconduct in everything, as surely as told."""

    labels = ("misconduct", "other")

    def __init__(self, level):
        self.level = level

    def scores(self, *_):
        return (1.0, 0.0)

    def confidence(self, _):
        return self.level


@pytest.mark.parametrize(
    ("text", "level", "is_danger", "grievance"),
    [
        ("门卫晕倒了", 0.0, False, NONE),  # nobody of this small town is named
        ("门卫晕倒了", DOUBT, False, POSSIBLE),  # and it is in doubt: a person looks
        ("门卫晕倒了", LIKELY, False, MISCONDUCT),
        ("租客晕倒了", LIKELY, False, NONE),  # only an outsider is named
        ("租客晕倒了", SURE, False, MISCONDUCT),
        ("保安晕倒了", LIKELY, False, MISCONDUCT),
        ("保安晕倒了", LIKELY, True, POSSIBLE),  # danger goes first: a person looks, nobody is kept away
        ("保安晕倒了", SURE, True, MISCONDUCT),
        ("有女孩坐在楼顶", SURE, True, NONE),  # and where nobody is named it is not believed at all
        ("有女孩坐在楼顶", SURE, False, MISCONDUCT),
        ("保安几点下班？", LIKELY, False, NONE),  # asks, and accuses nobody
        ("保安几点下班？", SURE, True, NONE),
    ],
)
def test_the_model_alone_keeps_nobody_away_who_could_help(text, level, is_danger, grievance):
    found = concerned(flat(text), HERE, town=TOWN, model=_Always(level), is_danger=is_danger)
    assert found.grievance is grievance


class _Drowned(_Always):
    """A model that hears nothing where a lift is spoken of too."""

    def scores(self, _, text):
        return (0.0, 1.0) if "电梯" in text else (1.0, 0.0)

    def confidence(self, margin):
        return self.level if margin > 0 else 0.0


@pytest.mark.parametrize(
    ("text", "is_danger", "grievance"),
    [
        ("电梯里关了个孩子出不来，门口等了半天，保安骂我", True, MISCONDUCT),
        ("保安骂我，电梯里关了个孩子出不来", True, MISCONDUCT),
        ("电梯里关了个孩子出不来，保安来看过", True, NONE),  # no act: nothing to hear by itself
        (
            "电梯里关了个孩子出不来，门口等了半天，保安骂我",
            False,
            POSSIBLE,
        ),  # no danger to others known: as it is heard whole
    ],
)
def test_what_somebody_did_is_heard_beside_a_danger_too(text, is_danger, grievance):
    found = concerned(flat(text), HERE, town=TOWN, model=_Drowned(SURE), is_danger=is_danger)
    assert found.grievance is grievance


@pytest.mark.parametrize(
    ("text", "level", "grievance"),
    [
        (
            "保安骂我，事情的前前后后就是这样",
            DOUBT,
            POSSIBLE,
        ),  # the lexicon alone, of what the model takes for ordinary
        ("保安骂我", DOUBT, MISCONDUCT),  # which hears nothing in so few letters
        ("感谢保安骂我", DOUBT, POSSIBLE),
        ("保安骂我", FAIR, MISCONDUCT),
        ("保安发呆", FAIR, POSSIBLE),  # the model alone
        ("保安发呆", LIKELY, MISCONDUCT),
        ("感谢保安，我还骂人", FAIR, POSSIBLE),
        ("感谢保安，我还骂人", LIKELY, MISCONDUCT),  # irony
    ],
)
def test_lexicon_and_model_bear_each_other_out(text, level, grievance):
    assert concerned(flat(text), HERE, town=TOWN, model=_Always(level)).grievance is grievance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("灯坏了三天，物业一直没来。请处理", ("物业一直没来",)),
        ("保安骂我，还推搡我妈，保安又骂我", ("保安骂我", "保安又骂我")),
        (
            "物业" + "就" * 34 + "一直没来看",
            ("物业" + "就" * 34 + "一直没来",),
        ),  # as much of it as a card shows
        ("物业" + "就" * 35 + "一直没来看", ("一直没来看",)),  # what decided is shown, however late it stands
    ],
)
def test_what_decided_is_quoted_with_the_clause_that_it_stands_in(text, words):
    assert concerned(flat(text), HERE, town=TOWN).words == words
