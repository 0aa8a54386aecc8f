"""What every model of the domain shares: frozen, strict about unknown fields, instants aware."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

SHANGHAI = ZoneInfo("Asia/Shanghai")

# What a screen is given, as JSON; its shape is told by who makes it.
View = dict[str, Any]


Word = TypeVar("Word", bound=StrEnum)


def one_of(words: type[Word], said: str) -> Word | None:
    """The member of a closed vocabulary that this text is; None for any other text."""
    return next((word for word in words if word == said), None)


class Worded(StrEnum):
    """A closed vocabulary whose members people read, in these `words`."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_, member.words = value, words
        return member


class YesNo(StrEnum):
    """A yes or no as a line of history keeps it."""

    YES = "yes"
    NO = "no"

    @classmethod
    def of(cls, said: bool) -> "YesNo":
        return cls.YES if said else cls.NO


def stamp(instant: datetime) -> str:
    """An instant as stored: UTC, milliseconds, fixed width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def from_stamp(text: str) -> datetime:
    """The instant of a stored stamp, in Asia/Shanghai."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def _to_shanghai(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is SHANGHAI and value.microsecond % 1000 == 0:
        return value  # as nearly all are: made from others
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return value.astimezone(SHANGHAI).replace(microsecond=value.microsecond // 1000 * 1000)
        except OverflowError:
            raise ValueError("日期超出范围，请重新填写") from None
    return value


# Kept to the millisecond: what is stored and what is compared must be the same instant.
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_to_shanghai),
    PlainSerializer(stamp, return_type=str, when_used="json"),
]


class Frozen(BaseModel):
    """A value of the domain. Unknown fields are refused; validators are built at first use, to keep cold starts short."""

    # pydantic looks through all of its own names for each field, a fifth of what a class costs: tests/test_start.py does
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, protected_namespaces=())

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, which would set an unknown field and lose it with the next save. Raises TypeError for one.

        What is written down where it is called, mypy has judged already, its values too (infra/typed_changes.py).
        """
        if update and (unknown := update.keys() - type(self).model_fields.keys()):
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        return super().model_copy(update=update, deep=deep)
