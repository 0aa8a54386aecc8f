"""What every model of the domain shares: frozen, strict about unknown fields, instants aware."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

SHANGHAI = ZoneInfo("Asia/Shanghai")


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

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
