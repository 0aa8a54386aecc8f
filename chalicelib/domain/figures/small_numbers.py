"""Small numbers 小数目: what the public page leaves out, so that nobody is recognised in a count (docs/indicators.md).

A number from 1 to 4 is not shown. Where the others of a column and its sum would tell it, the next smallest is not shown
either (complementary suppression: Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).
"""

from collections.abc import Mapping

SMALLEST = 5


def shown(number: int) -> int | None:
    return None if 0 < number < SMALLEST else number


def shown_share(numerator: int, denominator: int) -> dict[str, int | None]:
    """Both parts of a share, or neither: the few who are not in the numerator must not be told either."""
    told = shown(numerator) == numerator and shown(denominator - numerator) is not None
    return {
        "numerator": numerator if told else None,
        "denominator": denominator if told else shown(denominator),
    }


def shown_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Parts whose sum is shown elsewhere: all of them, or none where one is small."""
    told = all(shown(number) is not None for number in parts.values())
    return {what: number if told else None for what, number in parts.items()}


def shown_column(column: Mapping[str, int]) -> dict[str, int | None]:
    """A column whose sum is shown beside it, as `shown` of the sum. None where a number stays hidden.

    At least two are hidden, or none; together they are at least `SMALLEST`, unless the whole column is less.
    """
    hidden = {key for key, number in column.items() if shown(number) is None}
    others = sorted((number, key) for key, number in column.items() if number >= SMALLEST)
    while hidden and others and (len(hidden) < 2 or sum(column[key] for key in hidden) < SMALLEST):
        hidden.add(others.pop(0)[1])
    return {key: None if key in hidden else number for key, number in column.items()}
