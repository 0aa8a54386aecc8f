"""Event filtering of Lambda's event source mappings, as far as our template uses it."""

from typing import Any

Record = dict[str, Any]


class UnknownFilter(Exception):
    """A filter rule that this stand-in does not know: better refused than let through."""


def matches(record: Record, patterns: list[dict[str, Any]]) -> bool:
    """Whether one of `patterns` fits; no patterns at all let everything through."""
    return not patterns or any(_fits(record, pattern) for pattern in patterns)


def _fits(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_fits(value.get(key), inner) for key, inner in pattern.items())
    return any(_rule(value, rule) for rule in pattern)


def _rule(value: Any, rule: Any) -> bool:
    if not isinstance(rule, dict):
        return bool(value == rule)
    if "prefix" in rule:
        return isinstance(value, str) and value.startswith(rule["prefix"])
    if "exists" in rule:
        return bool((value is not None) == rule["exists"])
    raise UnknownFilter(str(rule))
