"""`make train`: what it refuses, what it keeps apart, and that what it writes is what it judged."""

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is a development dependency")

from chalicelib.domain.understanding.model_file import MOST_BYTES, load
from training import __main__ as command
from training.groups import groups
from training.judging import Judged, cross_validate, judge
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
    content, _ = command.train(ROWS, [], source=source)
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

    assert sorted(judged.truth) == sorted(row.label for row in ROWS)


def test_confidence_rises_with_the_margin_and_is_never_below_that_of_a_smaller_one():
    judged = Judged(["a"] * 20, ["a", "b"] * 5 + ["a"] * 10, [float(n) for n in range(20)])

    steps = judged.steps()

    assert [step.margin for step in steps] == sorted(step.margin for step in steps)
    assert [step.accuracy for step in steps] == sorted(step.accuracy for step in steps)
    assert steps[-1].accuracy == 1.0
    assert dict(judged.curve()) == pytest.approx(
        {50: 1.0, 60: 11 / 12, 70: 12 / 14, 80: 13 / 16, 90: 14 / 18, 100: 15 / 20}, abs=0.06
    )


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
