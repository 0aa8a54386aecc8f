"""Any one line changed, removed or added is found, and an erasure is accepted with its entry in the ledger alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.identity.chain import (
    GONE,
    Entry,
    Kept,
    Name,
    Why,
    check_days,
    check_history,
    check_lines,
    check_words,
    digest_of,
    object_name,
    root_of,
)
from tests.domain.clock_town import at

NOW = at("2026-11-23 10:00")
FIRST = date(2026, 11, 20)
names = st.builds(Name, st.sampled_from(["T1", "T2", "AUDIT#T1"]), st.sampled_from(["1", "2", "3", "4"]))
texts = st.text(min_size=1, max_size=5)
tables = st.dictionaries(names, texts, min_size=1, max_size=8)


def line(name, text):
    return {"PK": {"S": name.subject}, "SK": {"S": name.sk}, "document": {"S": text}}


def present(table):
    return {name: digest_of(line(name, text)) for name, text in table.items()}


def kept(table, order=1, when=NOW):
    return [
        Kept(subject=name.subject, sk=name.sk, digest=digest, at=when, order=str(order))
        for name, digest in present(table).items()
    ]


def erasure(why=Why.ERASED, subject="T1", lines=(), **more):
    return Entry(at=NOW, subject=subject, why=why, by="fc1", lines=dict(lines), **more)


@given(tables)
def test_what_is_as_it_was_written_is_found_whole(table):
    assert check_lines(kept(table), present(table), ()) == []


@given(tables, st.data())
def test_any_one_line_changed_is_found_also_when_it_was_put_back(table, data):
    name = data.draw(st.sampled_from(sorted(table)))
    changed = table | {name: data.draw(texts.filter(lambda text: text != table[name]))}
    [found] = check_lines(kept(table), present(changed), ())
    assert found == ("changed", f"{name.subject} {name.sk}")
    streamed = kept(table) + kept(changed, 2)
    assert check_lines(streamed, present(changed), ()) == [found]
    assert check_lines(streamed, present(table), ()) == [found]


@given(tables, st.data())
def test_any_one_line_removed_is_found_also_when_it_was_put_back(table, data):
    name = data.draw(st.sampled_from(sorted(table)))
    left = {other: text for other, text in table.items() if other != name}
    where = f"{name.subject} {name.sk}"
    assert check_lines(kept(table), present(left), ()) == [("removed", where)]
    gone = Kept(subject=name.subject, sk=name.sk, digest=GONE, at=NOW, order="2")
    assert check_lines([*kept(table), gone], present(left), ()) == [("removed", where)]
    assert check_lines([*kept(table), gone], present(table), ()) == [("changed", where)]


@given(tables, names, texts)
def test_any_one_line_added_is_found_unless_it_may_still_be_on_its_way(table, name, text):
    before = {other: said for other, said in table.items() if other != name}
    more = present(before | {name: text})
    assert check_lines(kept(before), more, ()) == [("added", f"{name.subject} {name.sk}")]
    assert check_lines(kept(before), more, (), outside=frozenset({name})) == []


def test_every_part_of_a_line_is_in_its_digest_but_the_mark_of_a_restore():
    whole = line(Name("T1", "1"), "x") | {"queues": {"L": [{"S": "desk"}]}}
    for part in sorted(whole):
        assert digest_of({name: said for name, said in whole.items() if name != part}) != digest_of(whole)
    assert digest_of(whole | {"more": {"BOOL": True}}) != digest_of(whole)
    assert digest_of(whole | {"restored": {"BOOL": True}}) == digest_of(whole)


# --- erasures ------------------------------------------------------------------------------------------------------

BEFORE = {Name("T1", "1"): "王阿姨来电", Name("T1", "2"): "已派单", Name("T2", "1"): "别的工单"}
AFTER = BEFORE | {Name("T1", "1"): "一位居民来电"}
ENTRY = erasure(lines={"1": present(AFTER)[Name("T1", "1")]})


def test_what_an_erasure_changed_is_accepted_with_its_entry_alone():
    streamed = kept(BEFORE) + kept({Name("T1", "1"): "一位居民来电"}, 2)
    assert check_lines(streamed, present(AFTER), [ENTRY]) == []
    assert check_lines(streamed, present(AFTER), []) == [("changed", "T1 1")]
    assert check_lines(streamed, present(AFTER), [erasure(why=Why.FORGOTTEN)]) == [("changed", "T1 1")]


@pytest.mark.parametrize("name", sorted(AFTER))
def test_after_an_erasure_any_other_change_is_found_as_before(name):
    streamed = kept(BEFORE) + kept({Name("T1", "1"): "一位居民来电"}, 2)
    assert check_lines(streamed, present(AFTER | {name: "改过"}), [ENTRY]) == [
        ("changed", f"{name.subject} {name.sk}")
    ]


def test_an_erasure_that_a_backup_undid_is_found():
    assert check_lines(kept(BEFORE), present(BEFORE), [ENTRY]) == [("not_erased", "T1 1")]


def test_a_case_that_went_after_its_term_is_accepted_with_its_entry_and_whole():
    gone = erasure(why=Why.REMOVED)
    left = {Name("T2", "1"): "别的工单"}
    assert check_lines(kept(BEFORE), present(left), [gone]) == []
    assert check_lines(kept(BEFORE), present(left), []) == [("removed", "T1 1"), ("removed", "T1 2")]
    assert check_lines(kept(BEFORE), present(BEFORE), [gone]) == [
        ("not_erased", "T1 1"),
        ("not_erased", "T1 2"),
    ]


def test_a_restore_takes_away_what_came_after_its_backup_and_nothing_else():
    as_of = NOW - timedelta(hours=1)
    restored = erasure(why=Why.RESTORED, subject="", as_of=as_of)
    old = kept({Name("T1", "1"): "x"}, when=as_of - timedelta(hours=1))
    new = kept({Name("T1", "2"): "y"}, when=NOW)
    back = [Kept(subject="T1", sk="1", digest=GONE, at=NOW, order="2"), *kept({Name("T1", "1"): "x"}, 3)]
    assert check_lines([*old, *new, *back], present({Name("T1", "1"): "x"}), [restored]) == []
    assert check_lines([*old, *new], present({Name("T1", "2"): "y"}), [restored]) == [("removed", "T1 1")]


def test_words_of_a_trace_are_those_that_were_said_or_erased_with_an_entry():
    name = Name("T1", "1")
    assert check_words({name: "d"}, {name: "d"}, ()) == []
    assert check_words({name: "d"}, {name: "e"}, [ENTRY]) == [("words", "T1 1")]
    assert check_words({name: "d"}, {}, ()) == [("words", "T1 1")]
    assert check_words({name: "d"}, {}, [ENTRY]) == []
    assert check_words({name: "d"}, {}, [erasure(subject="T2")]) == [("words", "T1 1")]


@pytest.mark.parametrize(
    ("version", "lines", "found"),
    [
        (3, {1, 2, 3}, []),
        (3, {1, 3}, [("removed", "T1 2")]),
        (2, {1, 2, 3}, [("added", "T1 3")]),
        (0, {1}, [("added", "T1 1")]),
    ],
)
def test_a_history_has_a_line_for_each_version(version, lines, found):
    assert check_history({"T1": version} if version else {}, {"T1": lines}) == found


# --- days ----------------------------------------------------------------------------------------------------------

days = st.lists(
    st.sets(texts.map(lambda text: object_name(text.encode())), max_size=3), min_size=1, max_size=4
)


def chained(objects):
    roots, before = [], ""
    for day, names_ in sorted(objects.items()):
        roots.append(root_of(day, before, names_))
        before = roots[-1].root
    return roots


def dated(days_):
    return {FIRST + timedelta(days=count): names_ for count, names_ in enumerate(days_)}


def noted(roots):
    return {root.day: root.root for root in roots}


@given(days)
def test_days_that_are_as_they_were_sealed_are_found_whole(days_):
    objects = dated(days_)
    roots = chained(objects)
    assert check_days(objects, roots, noted(roots), since=FIRST) == []


@given(days, st.data())
def test_any_object_or_root_changed_removed_or_added_is_found(days_, data):
    objects = dated(days_)
    roots = chained(objects)
    day = data.draw(st.sampled_from(sorted(objects)))
    position = sorted(objects).index(day)
    told = [("day", day.isoformat())]
    more = objects | {day: objects[day] | {"0" * 64}}
    assert check_days(more, roots, noted(roots), since=FIRST) == told
    if objects[day]:
        less = objects | {day: set(sorted(objects[day])[1:])}
        assert check_days(less, roots, noted(roots), since=FIRST) == told
    without = roots[:position] + roots[position + 1 :]
    assert told[0] in check_days(objects, without, noted(roots), since=FIRST)
    forged = list(roots)
    forged[position] = root_of(day, roots[position].before, {"0" * 64})
    assert told[0] in check_days(more, forged, noted(roots), since=FIRST)
    assert told[0] in check_days(objects, roots, noted(roots) | {day: "x"}, since=FIRST)


def test_a_day_of_which_every_object_is_gone_is_told_by_its_root():
    roots = chained(dated([{"a"}, {"b"}]))
    second = FIRST + timedelta(days=1)
    assert check_days({FIRST: {"a"}}, roots, noted(roots), since=FIRST) == [("day", second.isoformat())]


def test_what_is_older_than_the_bucket_keeps_has_gone_with_its_term():
    objects = dated([{"a"}, {"b"}, {"c"}])
    roots = chained(objects)
    left = {day: names_ for day, names_ in objects.items() if day > FIRST}
    assert check_days(left, roots[1:], noted(roots), since=FIRST + timedelta(days=1)) == []
    assert check_days(left, roots[1:], noted(roots), since=FIRST) == [("day", FIRST.isoformat())]
