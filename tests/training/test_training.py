"""`make train`: what it refuses, what it keeps apart, and that what it writes is what it judged."""

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is a development dependency")

from chalicelib.domain.understanding.model_file import MOST_BYTES, load
from training import __main__ as command
from training import judging
from training.groups import groups
from training.judging import Judged, Seen, cross_validate, judge
from training.learning import Row, count, learn, model

LIGHTS = [
    f"{n}楼的灯{what}" for n, what in enumerate(["不亮", "坏了", "一闪一闪", "灭了", "太暗", "没修好"], 1)
]
NOISES = [f"{what}太吵，睡不着" for what in ["电钻", "工地", "音响", "打桩", "装修", "喇叭"]]
ROWS = [Row("", text, "B01") for text in LIGHTS] + [Row("", text, "E01") for text in NOISES]


def written(folder: Path, text: str) -> Path:
    file = folder / "closed.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_learned_from_short_reports_is_told_apart_again():
    trained = model(learn(count(ROWS), [row.label for row in ROWS]))

    assert judge(trained, [Row("", "四楼灯坏", "B01"), Row("", "工地吵", "E01")]).macro_f1 == 1.0


def test_the_file_guesses_like_the_model_that_was_learned(tmp_path: Path):
    source = written(tmp_path, "irrelevant")
    content, _ = command.train(ROWS, [], files=[source])
    learned, loaded = model(learn(count(ROWS), [row.label for row in ROWS])), load(content)

    assert len(content) < MOST_BYTES
    assert loaded.labels == learned.labels
    for row in ROWS:
        assert loaded.scores(row.title, row.body) == pytest.approx(
            learned.scores(row.title, row.body), abs=0.01
        )


def test_a_message_and_its_near_duplicate_are_never_on_both_sides():
    twice = [*ROWS, *(Row("", row.body + "。", row.label) for row in ROWS)]

    groups_of = groups(twice)

    assert groups_of[: len(ROWS)] == groups_of[len(ROWS) :]
    assert len(set(groups_of[: len(LIGHTS)])) > 1


def test_every_row_is_judged_once_and_none_of_those_beside():
    judged = cross_validate(ROWS, beside=[Row("", "路灯", "B06"), Row("", "电梯", "B02")])

    assert sorted(each.truth for each in judged.seen) == sorted(row.label for row in ROWS)


def judged_by(ranks, length=20):
    """The margin rises from row to row."""
    return Judged(
        [Seen("a", "a" if not rank else "b", float(n), rank, length) for n, rank in enumerate(ranks)]
    )


def test_shares_rise_with_the_margin_and_nothing_was_ever_always_right():
    steps = judged_by([2, 0, 1, 9] * 20 + [1, 0, 0, 0] * 20 + [0] * 80).steps()
    assert [step.margin for step in steps] == sorted(step.margin for step in steps)
    shares = [step.accuracy for step in steps]
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] < 1
    assert shares[0] == pytest.approx(0.25, abs=0.06)
    assert steps[0].others == pytest.approx((0.25, 0.25), abs=0.06)


def test_neighbouring_steps_that_fall_are_one_and_say_what_both_were():
    (step,) = judged_by([0] * 30 + [9] * 30).steps()
    assert (step.rows, step.accuracy) == (60, 31 / 62)


@pytest.mark.parametrize(("rows", "is_told"), [(59, False), (60, True)])
def test_of_too_few_texts_of_a_length_no_share_is_told(rows, is_told):
    assert bool(judged_by([0] * rows).steps()) is is_told


def test_short_reports_and_letters_have_steps_of_their_own():
    both = Judged([*judged_by([0] * 60, length=79).seen, *judged_by([9] * 60, length=80).seen])
    assert both.of_length(is_long=False).steps()[0].accuracy > 0.9
    assert both.of_length(is_long=True).steps()[0].accuracy < 0.1


def test_how_many_of_the_surest_were_right():
    judged = Judged([Seen("a", said, float(n)) for n, said in enumerate(["a", "b"] * 5 + ["a"] * 10)])
    assert dict(judged.curve()) == pytest.approx(
        {50: 1.0, 60: 11 / 12, 70: 12 / 14, 80: 13 / 16, 90: 14 / 18, 100: 15 / 20}, abs=0.06
    )


def test_nobody_is_judged_by_what_the_same_hand_wrote(monkeypatch):
    learned_from = []
    rows = [Row("", f"{row.body}{n}", row.label, f"w{n % 5}") for n, row in enumerate(ROWS)]
    learned = judging.judge

    def noting(trained, unseen, **how):
        learned_from.append({row.writer for row in unseen})
        return learned(trained, unseen, **how)

    monkeypatch.setattr(judging, "judge", noting)
    cross_validate(rows)
    assert sum(map(len, learned_from)) == len({row.writer for row in rows})


def test_the_sample_model_has_the_true_category_among_three_for_a_voice_it_has_not_heard():
    rows = command.read(Path("town/training.csv"))
    judged = cross_validate(rows, beside=command.read_words(Path("town/categories.csv")))
    assert judged.within(3) >= 0.85


def test_a_town_without_a_ticket_begins_with_its_words_and_tells_no_share(
    tmp_path: Path, monkeypatch, capsys
):
    out = tmp_path / "new.model"
    monkeypatch.setattr("sys.argv", ["training", "--words", "town/categories.csv", "--out", str(out)])
    assert command.main() == 0
    assert "没有量过" in capsys.readouterr().out
    guess = load(out.read_bytes()).guess("", "楼上有人用电钻装修")
    assert guess.choices[0].label == "E01"
    assert {each.share for each in guess.choices} == {None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,text,label\n,灯,B01\n", "缺少列 body"),
        ("title,body,label\n,灯坏,B01\n,,B01\n,灯坏,\n", "第 3、4 行"),
        ("title,body,label\n" + ",灯坏,B01\n" * 4 + ",吵,E01\n" * 5, "B01"),
        ("title,body,label\n" + ",灯坏,B01\n" * 9, "至少两个标签"),
    ],
)
def test_a_file_that_cannot_be_trained_on_is_refused_and_no_model_is_written(
    tmp_path: Path, monkeypatch, capsys, text: str, said: str
):
    out = tmp_path / "new.model"
    monkeypatch.setattr("sys.argv", ["training", str(written(tmp_path, text)), "--out", str(out)])

    assert command.main() == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_the_command_prints_its_figures_and_writes_the_file(tmp_path: Path, monkeypatch, capsys):
    lines = "".join(f",{row.body},{row.label}\n" for row in ROWS)
    file, out = written(tmp_path, "title,body,label\n" + lines), tmp_path / "new.model"
    monkeypatch.setattr("sys.argv", ["training", str(file), "--test", str(file), "--out", str(out)])

    assert command.main() == 0
    printed = capsys.readouterr().out
    assert "cross-validation: macro-F1" in printed
    assert "most confident: 50 %" in printed
    assert f"unseen rows of {file.name}: macro-F1 1.0000" in printed
    assert load(out.read_bytes()).labels == ("B01", "E01")


def test_the_model_that_ships_knows_every_category_of_the_sample_town():
    shipped = load(command.MODEL.read_bytes())
    categories = command.MODEL.parents[2] / "town" / "categories.csv"

    assert set(shipped.labels) == {row.label for row in command.read_words(categories)}
