"""Any item that DynamoDB can hold survives a backup, digit by digit and byte by byte."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.production import lines

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(10**38) + 1, 10**38 - 1).map(str) | st.just(
    "1.2345678901234567890123456789012345678E-100"
)
SCALARS = st.one_of(
    st.fixed_dictionaries({"S": TEXT}),
    st.fixed_dictionaries({"N": NUMBERS}),
    st.fixed_dictionaries({"B": st.binary()}),
    st.fixed_dictionaries({"BOOL": st.booleans()}),
    st.fixed_dictionaries({"NULL": st.just(True)}),
    st.fixed_dictionaries({"SS": st.lists(TEXT, min_size=1, unique=True)}),
    st.fixed_dictionaries({"NS": st.lists(NUMBERS, min_size=1, unique=True)}),
    st.fixed_dictionaries({"BS": st.lists(st.binary(), min_size=1, unique=True)}),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"M": st.dictionaries(TEXT, inner, max_size=3)})
    ),
    max_leaves=8,
)
ITEMS = st.dictionaries(TEXT, VALUES, max_size=5)


@given(ITEMS)
def test_an_item_comes_back_as_it_was(item):
    line = lines.line_of(item)
    assert line.count(b"\n") == 1
    assert lines.item_of(line) == item


def test_a_database_gives_back_what_was_put_through_a_backup(town_table):
    from chalicelib.store.table import Table, client

    nasty = {
        "PK": {"S": "点位#1"},
        "SK": {"S": " "},
        "empty": {"S": ""},
        "digits": {"N": "99999999999999999999999999999999999999"},
        "small": {"N": "0.00000000000000000000000000000000000001"},
        "bytes": {"B": bytes(range(256))},
        "sets": {"BS": [b"", b"\x00"]},
        "names": {"SS": ["", "网格员甲", "𠮷"]},
        "deep": {"L": [{"M": {"内": {"NULL": True}}}, {"L": []}]},
    }
    client().put_item(TableName=Table.WORK.full_name, Item=nasty)
    [found] = client().whole.scan(TableName=Table.WORK.full_name)["Items"]
    client().put_item(TableName=Table.WORK.full_name, Item=lines.item_of(lines.line_of(found)))
    [again] = client().whole.scan(TableName=Table.WORK.full_name)["Items"]
    assert again == found


@given(st.lists(ITEMS, max_size=20))
def test_a_file_says_how_many_lines_it_has_and_can_be_checked(tmp_path_factory, items):
    file = tmp_path_factory.mktemp("lines") / "inside" / "x.jsonl.gz"
    part = lines.write(file, map(lines.line_of, items))
    lines.check(file, part)
    assert [lines.item_of(line) for line in lines.read(file)] == items
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_was_changed_cut_or_lost_is_named(tmp_path):
    file = tmp_path / "tickets.jsonl.gz"
    part = lines.write(file, [b"{}\n"] * 3)
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole[:5] + b"\xff" + whole[6:], b"", gzip.compress(b"{}\n")):
        file.write_bytes(damaged)
        with pytest.raises(lines.Damaged, match=r"tickets\.jsonl\.gz"):
            lines.check(file, part)
    file.unlink()
    with pytest.raises(lines.Damaged, match="缺少文件"):
        lines.check(file, part)


def test_a_file_of_another_length_is_refused_even_with_the_right_digest(tmp_path):
    file = tmp_path / "x"
    part = lines.write(file, [b"{}\n"] * 3)
    with pytest.raises(lines.Damaged, match="条数"):
        lines.check(file, part | {"items": 4})
