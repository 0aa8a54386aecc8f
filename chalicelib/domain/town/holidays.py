"""法定节假日: the days off that the law itself fixes, for a year whose list nobody has published yet (rule 31).

Source: 全国年节及纪念日放假办法 (国务院令第795号, in force since 2025-01-01), article 2: thirteen days. Which weekend is
worked instead, and on which day a festival that meets a weekend is made up for, the State Council says each autumn;
nobody can compute that.
"""

from datetime import date, timedelta
from functools import lru_cache

_BY_DATE = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))  # 元旦, 劳动节, 国庆节
_LUNAR = ((5, 5), (8, 15))  # 端午节, 中秋节
_LUNAR_YEARS = range(1900, 2100)  # for which the lunar months are tabled


def is_statutory(day: date) -> bool:
    """Whether the law alone makes this day a holiday, whatever weekday it is and whatever is published later."""
    return day in _of_year(day.year)


@lru_cache(maxsize=16)
def _of_year(year: int) -> frozenset[date]:
    fixed = {date(year, month, day) for month, day in _BY_DATE}
    return frozenset(fixed | (_of_the_moon(year) if year in _LUNAR_YEARS else set()))


def _of_the_moon(year: int) -> set[date]:
    """春节 (除夕 to 初三), 清明节, 端午节 and 中秋节 of a solar year."""
    from borax.calendars.lunardate import LunarDate  # 40 ms, and only for a year that nobody has published

    new_year = LunarDate(year, 1, 1).to_solar_date()
    spring = {new_year + timedelta(days=days) for days in range(-1, 3)}
    return spring | {LunarDate(year, *day).to_solar_date() for day in _LUNAR} | {_qingming(year)}


def _qingming(year: int) -> date:
    """清明, a solar term: the package that lists the working days knows when."""
    import chinese_calendar

    terms: list[tuple[date, str]] = chinese_calendar.get_solar_terms(date(year, 4, 3), date(year, 4, 7))
    return next(day for day, name in terms if name == "清明")
