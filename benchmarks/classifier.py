"""The model that suggests categories: how often it is right, how long a guess takes, how large it is and how fast it loads."""

import csv
from statistics import median
from time import perf_counter

from benchmarks.row import Row, Size
from benchmarks.stand import SAMPLE
from chalicelib.domain.understanding.model_file import load
from chalicelib.gateways.triage_model import FILE
from training.files import origin

MOST_BYTES, MOST_GUESS_MS, MOST_LOAD_MS = 300_000, 1.0, 50.0


def run(size: Size) -> list[Row]:
    content = FILE.read_bytes()
    began = perf_counter()
    model = load(content)
    loaded = (perf_counter() - began) * 1000
    with (SAMPLE / "training.csv").open(encoding="utf-8-sig", newline="") as lines:
        texts = [(line["title"], line["body"]) for line in csv.DictReader(lines)][: max(size.reports, 20)]
    took = []
    for title, body in texts:
        began = perf_counter()
        model.guess(title, body)
        took.append((perf_counter() - began) * 1000)
    guess, slowest = median(took), max(took)
    provenance = origin(FILE)
    said = ", ".join(f"{name} {value}" for name, value in provenance.items())
    return [
        Row("classifier: macro-F1 of the sample model", "–", str(provenance.get("macro_f1", "–")), f"as the file itself says: {said}"),
        Row("classifier: a guess", f"≤ {MOST_GUESS_MS:g} ms", f"{guess * 1000:.0f} µs (slowest {slowest * 1000:.0f})", f"{len(texts)} reports of town/training.csv, median", guess <= MOST_GUESS_MS),
        Row("classifier: loading", f"≤ {MOST_LOAD_MS:g} ms", f"{loaded:.1f} ms", "the first load of this process", loaded <= MOST_LOAD_MS),
        Row("classifier: size", "≤ 300 KB", f"{len(content) / 1000:.0f} KB", FILE.name, len(content) <= MOST_BYTES),
    ]  # fmt: skip
