"""`make train DATA=file.csv [WORDS=categories.csv] [TEST=unseen.csv] [OUT=model]`: the model that suggests categories.

DATA: a town's closed tickets, a table of any make with columns title, body, label (title may be empty). WORDS: the town's categories, whose
names and keywords are learned too, which helps while tickets are few. Printed: precision, recall and F1 of every label and the
accuracy of the most confident half and more, in grouped cross-validation; with titles alone; and on the rows of TEST, which are
never trained on. Nothing of the texts is written or logged.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from chalicelib.domain.tables.cells import read_list
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.reading import Row as Line
from chalicelib.domain.tables.reading import read_own_table
from chalicelib.domain.town_import.columns import COLUMNS
from chalicelib.domain.understanding.model_file import dump
from training.judging import FOLDS, Judged, cross_validate, judge
from training.learning import TITLE_WEIGHT, Row, Weights, count, learn, model

MODEL = Path(__file__).resolve().parents[1] / "chalicelib" / "data" / "triage.model"


class BadRows(Exception):
    """The file cannot be trained on; the message says which rows and why."""


def read(file: Path) -> list[Row]:
    """The rows of a CSV. Raises BadRows naming each line without a text or a label, or when a column is missing."""
    lines = _lines(file, {"title": ("标题",), "body": ("内容",), "label": ("标签",)})
    rows = [Row(*(line.cells.get(name, "") for name in ("title", "body", "label"))) for line in lines]
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


def _lines(file: Path, names: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
    """The rows of a table of any make. Raises BadRows as a clerk is told it."""
    try:
        return read_own_table(file.read_bytes(), names, tuple(names)).rows
    except Unreadable as wrong:
        raise BadRows(f"{file.name}：{wrong.message}") from wrong


def train(rows: list[Row], words: list[Row], *, source: Path) -> tuple[bytes, Judged]:
    """The model's file, and how good it was in cross-validation. Raises BadRows when a label has too few rows to judge it."""
    few = sorted(label for label, rows_of in Counter(row.label for row in rows).items() if rows_of < FOLDS)
    if few or len({row.label for row in rows}) < 2:
        raise BadRows(f"每个标签至少要有 {FOLDS} 条，并且至少两个标签；不够的：{'、'.join(few) or '—'}")
    judged = cross_validate(rows, beside=words)
    weights = learn_all([*rows, *words])
    provenance = {
        "trained": datetime.now(UTC).date().isoformat(),
        "file": source.name,
        "sha256": sha256(source.read_bytes()).hexdigest(),
        "rows": len(rows),
        "words": len(words),
        "macro_f1": round(judged.macro_f1, 4),
        "by": f"grouped {FOLDS}-fold cross-validation",
    }
    content = dump(
        [int(gram) for gram in weights.hashes],
        weights.values.tolist(),
        labels=weights.labels,
        intercepts=[float(value) for value in weights.intercepts],
        steps=judged.steps(),
        title_weight=TITLE_WEIGHT,
        provenance=provenance,
    )
    return content, judged


def learn_all(rows: list[Row]) -> Weights:
    return learn(count(rows), [row.label for row in rows])


def show(name: str, judged: Judged) -> None:
    print(f"\n{name}: macro-F1 {judged.macro_f1:.4f} over {len(judged.truth)} rows\n{judged.report()}")
    print("most confident: " + ", ".join(f"{percent} % {right:.3f}" for percent, right in judged.curve()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--words", type=Path, help="categories.csv, whose names and keywords are learned too")
    parser.add_argument("--test", type=Path, help="rows to score, never trained on")
    parser.add_argument("--out", type=Path, default=MODEL)
    chosen = parser.parse_args()
    try:
        rows = read(chosen.data)
        unseen = read(chosen.test) if chosen.test else []
        words = read_words(chosen.words) if chosen.words else []
        content, judged = train(rows, words, source=chosen.data)
    except (BadRows, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    show("cross-validation", judged)
    if any(row.title for row in rows):
        show("cross-validation, titles only", cross_validate(rows, beside=words, titles_only=True))
    if unseen:
        show(f"unseen rows of {chosen.test.name}", judge(model(learn_all([*rows, *words])), unseen))
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_bytes(content)
    print(f"\n{chosen.out}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
