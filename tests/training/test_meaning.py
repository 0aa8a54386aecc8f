"""What words mean is learned from in training and shipped as weights of grams (decision 0088)."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is a development dependency")

from chalicelib.domain.understanding.text_model import grams
from training.learning import Row, count, learn, model
from training.meaning import SHIPPED, Meaning, meaning, shipped

FIRE, NOISE = "A05", "D01"


def of(words: dict[str, tuple[float, ...]]) -> Meaning:
    return Meaning(
        np.array([list(grams(word))[-1] for word in words], dtype=np.uint32), np.array(list(words.values()))
    )


ALIKE = of({"着火": (1.0, 0.0), "燃烧": (0.9, 0.1), "太吵": (0.0, 1.0), "噪音": (0.1, 0.9)})
ROWS = [Row("", f"{n}楼着火", FIRE) for n in range(6)] + [Row("", f"{n}楼太吵", NOISE) for n in range(6)]


def margin(trained, text):
    fire, noise = trained.scores("", text)
    return fire - noise


def test_a_word_that_no_sentence_holds_weighs_what_the_like_of_it_do():
    labels = [row.label for row in ROWS]
    plain, taught = model(learn(count(ROWS), labels)), model(learn(count(ROWS), labels, meaning=ALIKE))

    assert margin(plain, "燃烧") == pytest.approx(margin(plain, "噪音"))
    assert margin(taught, "燃烧") > 0 > margin(taught, "噪音")


def test_the_weights_say_what_the_machine_learned_of_vectors_and_grams_together():
    counts = count(ROWS)
    trained = learn(counts, [row.label for row in ROWS], meaning=ALIKE)

    assert set(ALIKE.hashes.tolist()) <= set(trained.hashes.tolist())
    assert len(set(trained.hashes.tolist())) == len(trained.hashes)


def test_the_vectors_in_the_repository_know_what_is_alike():
    kept = meaning()
    at = {int(gram): row for row, gram in enumerate(kept.hashes)}

    def near(one, other):
        first, second = (kept.vectors[at[list(grams(word))[-1]]] for word in (one, other))
        return first @ second / np.linalg.norm(first) / np.linalg.norm(second)

    assert near("着火", "火灾") > near("着火", "噪音") + 0.2
    assert near("电梯", "轿厢") > near("电梯", "垃圾") + 0.2


def test_what_the_service_knows_of_words_is_what_the_command_writes():
    assert shipped() == SHIPPED.read_bytes()
