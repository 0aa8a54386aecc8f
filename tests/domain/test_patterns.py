"""Patterns wait for their first use, and every one of them can be read."""

import pkgutil
import re
from importlib import import_module

import pytest

import chalicelib
from chalicelib.domain import patterns
from chalicelib.domain.patterns import regex


def held(value):
    if isinstance(value, patterns._Uncompiled):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from held(each)
    elif isinstance(value, dict):
        yield from held([*value.keys(), *value.values()])


def test_every_pattern_of_the_service_can_be_read():
    """What is wrong with one would else show at its first use, before a person."""
    modules = [import_module(each.name) for each in pkgutil.walk_packages(chalicelib.__path__, "chalicelib.")]
    found = {id(each): each for module in modules for value in vars(module).values() for each in held(value)}
    assert len(found) > 150
    for each in found.values():
        assert isinstance(each.flags, int)


@pytest.mark.parametrize(
    ("text", "flags", "said"),
    [
        (r"(?P<day>\d+)日", 0, "11月3日"),
        (rb"\d", 0, b"a1"),
        ("ab.", re.IGNORECASE | re.DOTALL, "AB\n"),
        ("x", 0, ""),
    ],
)
def test_a_pattern_does_what_res_own_does(text, flags, said):
    ours, theirs = regex(text, flags), re.compile(text, flags)
    assert ours.pattern == theirs.pattern
    for do in ("search", "match", "fullmatch", "findall", "split"):
        expected, found = getattr(theirs, do)(said), getattr(ours, do)(said)
        assert str(found) == str(expected)
    assert ours.search(said, 1) is None or ours.search(said, 1).span() == theirs.search(said, 1).span()
    assert ours.groupindex == theirs.groupindex


def test_nothing_is_compiled_before_it_is_asked(monkeypatch):
    compiled = []
    monkeypatch.setattr(patterns.re, "compile", lambda *given: compiled.append(given) or re.template(*given))
    once = regex("a")
    assert once.pattern == "a"
    assert not compiled


def test_what_is_no_pattern_is_refused_at_its_first_use():
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("x")
