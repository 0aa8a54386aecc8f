"""`make train DATA=file.csv [WORDS=categories.csv] [TEST=unseen.csv] [OUT=model]`: the model that suggests categories.

DATA: a town's closed tickets, a table of any make with columns title, body, label (title may be empty). WORDS: the town's categories, whose
names and keywords are learned too, which helps while tickets are few. Printed: precision, recall and F1 of every label and the
accuracy of the most confident half and more, in grouped cross-validation; with titles alone; and on the rows of TEST, which are
never trained on. Nothing of the texts is written or logged.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from chalicelib.domain.tables.cells import read_list
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.reading import Row as Line
from chalicelib.domain.tables.reading import read_own_table
from chalicelib.domain.town_import.columns import COLUMNS
from chalicelib.domain.understanding.model_file import dump
from chalicelib.domain.understanding.text_model import MOST_CHOICES, Step
from training.files import provenance
from training.judging import FEWEST, FOLDS, Judged, cross_validate, judge
from training.learning import TITLE_WEIGHT, Row, Weights, count, learn, model

MODEL = Path(__file__).resolve().parents[1] / "chalicelib" / "data" / "triage.model"


class BadRows(Exception):
    """The file cannot be trained on; the message says which rows and why."""


def read(file: Path) -> list[Row]:
    """The rows of a CSV. Raises BadRows naming each line without a text or a label, or when a column is missing."""
    names = {"title": ("标题",), "body": ("内容",), "label": ("标签",), "writer": ("写的人",)}
    lines = _lines(file, names, needed=("title", "body", "label"))
    rows = [Row(*(line.cells.get(name, "") for name in names)) for line in lines]
    bad = [
        str(line.line)
        for line, row in zip(lines, rows, strict=True)
        if not row.label or not (row.title or row.body)
    ]
    if bad:
        raise BadRows(f"{file.name}：第 {'、'.join(bad[:20])} 行没有文字或没有标签")
    return rows


def read_words(file: Path) -> list[Row]:
    """A row for the name and for each keyword of every category that has a parent."""
    columns = {column.code: (column.chinese,) for column in COLUMNS["categories"]}
    names = {name: columns[name] for name in ("code", "parent", "name", "keywords")}
    return [
        Row("", word, line.cells["code"])
        for line in _lines(file, names)
        if line.cells.get("parent") and line.cells.get("code")
        for word in (line.cells.get("name", ""), *read_list(line.cells.get("keywords", "")))
        if word
    ]


def _lines(
    file: Path, names: Mapping[str, tuple[str, ...]], needed: tuple[str, ...] = ()
) -> tuple[Line, ...]:
    """The rows of a table of any make; all columns must be there, or those `needed`. Raises BadRows as a clerk is told it."""
    try:
        return read_own_table(file.read_bytes(), names, needed or tuple(names)).rows
    except Unreadable as wrong:
        raise BadRows(f"{file.name}：{wrong.message}") from wrong


def from_words(words: list[Row], *, file: Path) -> bytes:
    """The model of a town without any ticket yet: of its categories' names and keywords. No share is told of its choices."""
    if len({row.label for row in words}) < 2:
        raise BadRows(f"{file.name}：至少要有两个带上级的类别")
    return _written(learn_all(words), (), (), [file], {"rows": 0, "words": len(words)})


def train(rows: list[Row], words: list[Row], *, files: Sequence[Path]) -> tuple[bytes, Judged]:
    """The model's file, learned of `files`, and how good it was in cross-validation. Raises BadRows when a label has too few rows to judge it."""
    few = sorted(label for label, rows_of in Counter(row.label for row in rows).items() if rows_of < FOLDS)
    if few or len({row.label for row in rows}) < 2:
        raise BadRows(f"每个标签至少要有 {FOLDS} 条，并且至少两个标签；不够的：{'、'.join(few) or '—'}")
    judged = cross_validate(rows, beside=words)
    short = judged.of_length(is_long=False)
    if len(short.seen) < FEWEST and any(row.title for row in rows):
        short = cross_validate(rows, beside=words, titles_only=True)
    measured = {
        "rows": len(rows),
        "words": len(words),
        "macro_f1": round(judged.macro_f1, 4),
        "first_three": round(judged.within(MOST_CHOICES), 4),
        "by": f"grouped {FOLDS}-fold cross-validation",
    }
    steps, long_steps = short.steps(), judged.of_length(is_long=True).steps()
    return _written(learn_all([*rows, *words]), steps, long_steps, files, measured), judged


def _written(
    weights: Weights,
    steps: tuple[Step, ...],
    long_steps: tuple[Step, ...],
    files: Sequence[Path],
    measured: Mapping[str, object],
) -> bytes:
    return dump(
        weights.as_learned(),
        steps=steps,
        long_steps=long_steps,
        title_weight=TITLE_WEIGHT,
        provenance=provenance(files, **measured),
    )


def learn_all(rows: list[Row]) -> Weights:
    return learn(count(rows), [row.label for row in rows])


def show(name: str, judged: Judged) -> None:
    print(f"\n{name}: macro-F1 {judged.macro_f1:.4f} over {len(judged.seen)} rows\n{judged.report()}")
    within = ", ".join(f"{first} {judged.within(first):.3f}" for first in range(1, MOST_CHOICES + 1))
    print(f"true label among the first: {within}")
    print("most confident: " + ", ".join(f"{percent} % {right:.3f}" for percent, right in judged.curve()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="without it, the words alone")
    parser.add_argument("--words", type=Path, help="categories.csv, whose names and keywords are learned too")
    parser.add_argument("--test", type=Path, help="rows to score, never trained on")
    parser.add_argument("--out", type=Path, default=MODEL)
    chosen = parser.parse_args()
    if chosen.data is None:
        return _begin(chosen)
    try:
        rows = read(chosen.data)
        unseen = read(chosen.test) if chosen.test else []
        words = read_words(chosen.words) if chosen.words else []
        content, judged = train(rows, words, files=[file for file in (chosen.data, chosen.words) if file])
    except (BadRows, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    show("cross-validation", judged)
    if any(row.title for row in rows):
        show("cross-validation, titles only", cross_validate(rows, beside=words, titles_only=True))
    if unseen:
        show(f"unseen rows of {chosen.test.name}", judge(model(learn_all([*rows, *words])), unseen))
    _keep(chosen.out, content)
    return 0


def _begin(chosen: argparse.Namespace) -> int:
    """A town that has no tickets yet."""
    try:
        if chosen.words is None:
            raise BadRows("请指定 DATA=办结的工单，或者还没有工单时 WORDS=categories.csv")
        words = read_words(chosen.words)
        content = from_words(words, file=chosen.words)
        unseen = read(chosen.test) if chosen.test else []
    except (BadRows, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"只用类别的名称和关键词：{len(words)} 个词。还没有工单，判断准不准没有量过，工作台上不显示比例。")
    if unseen:
        show(f"unseen rows of {chosen.test.name}", judge(model(learn_all(words)), unseen))
    _keep(chosen.out, content)
    return 0


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    print(f"\n{file}: {len(content)} bytes")


if __name__ == "__main__":
    sys.exit(main())
