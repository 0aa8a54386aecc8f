"""Texts that must stand nowhere, looked for all at once: one after another they were nine tenths of what a verdict cost."""

import re
from collections.abc import Iterable

_NONE = re.compile("(?!)")


class Secrets:
    """Phones and names that were planted. Numbers are looked for in every run of digits, also in the middle of a longer one."""

    def __init__(self, texts: Iterable[str]) -> None:
        known = set(texts)
        self._numbers = {each for each in known if each.isdigit()}
        self._lengths = sorted({len(each) for each in self._numbers})
        words = sorted(known - self._numbers)
        # of two that overlap the first is found, which is enough: neither may stand there
        self._words = re.compile("|".join(map(re.escape, words))) if words else _NONE
        self._runs = re.compile(f"[0-9]{{{self._lengths[0]},}}") if self._numbers else _NONE

    def found_in(self, text: str) -> set[str]:
        found = set(self._words.findall(text))
        for run in self._runs.findall(text):
            for length in self._lengths:
                parts = (run[at : at + length] for at in range(len(run) - length + 1))
                found.update(part for part in parts if part in self._numbers)
        return found
