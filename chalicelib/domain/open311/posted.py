"""What an Open311 client posts: a report, or an update of one of its own; checked, and never trusted further."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from pydantic import Field

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.model import Frozen
from chalicelib.domain.open311.services import OWN_ID
from chalicelib.domain.open311.words import Word
from chalicelib.domain.patterns import regex

LONGEST_TEXT = 4000
NOT_PINPOINTED = "#NOTPINPOINTED#"  # FixMyStreet's address_id when nobody set a pin
_CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ATTRIBUTE = regex(r"attribute\[([^\]]{1,60})\](?:\[\])?")
_FILLED_IN = frozenset({OWN_ID, "closest_address", "easting", "northing"})

_PICTURES = {  # by how they begin: clients send photos without a type, or with a wrong one
    "image/jpeg": regex(rb"\xff\xd8\xff"),
    "image/png": regex(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": regex(rb"RIFF.{4}WEBP", re.DOTALL),
}

One = Callable[..., str]  # the first value of the first named field that has one, or ""


class Posted(Frozen):
    """A report as posted. `lat` and `lon` in degrees of WGS84, None where it names no position."""

    service_code: str
    text: str
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    address_id: str = ""
    name: str = ""
    phone: str = ""
    person: str = ""  # account, e-mail or device: whoever it is, the same each time
    own_id: str = ""


class PostedUpdate(Frozen):
    service_request_id: str
    update_id: str
    word: Word
    text: str = Field(max_length=LONGEST_TEXT)


def report(one: One, values: dict[str, list[str]]) -> Posted:
    """Raises BadRequest, saying which field."""
    attributes = _attributes(values)
    code = one("service_code")
    if not code:
        raise BadRequest("缺少 service_code")
    lat, lon = position(one("lat"), one("long", "lon"))
    address_id = one("address_id").replace(NOT_PINPOINTED, "")
    closest = (attributes.get("closest_address") or [""])[0]
    address = _short(one("address_string"), "address_string", 300)
    address = address or _short(closest, "attribute[closest_address]", 300)
    if lat is None and not address and not address_id:
        raise BadRequest("请给出地点：lat 和 long，或 address_string，或 address_id")
    return Posted(
        service_code=_short(code, "service_code", 60),
        text=_words(one("description"), attributes, values.get("media_url", [])),
        lat=lat,
        lon=lon,
        address=address,
        address_id=_short(address_id, "address_id", 64),
        name=" ".join(filter(None, (_short(one(each), each, 100) for each in ("last_name", "first_name")))),
        phone=phone(one("phone")),
        person=_person(one),
        own_id=_short((attributes.get(OWN_ID) or [""])[0].strip(), f"attribute[{OWN_ID}]", 64),
    )


def update(one: One, values: dict[str, list[str]]) -> PostedUpdate:
    """Raises BadRequest for a missing field or an unknown status."""
    for name in ("service_request_id", "update_id", "status", "updated_datetime", "description"):
        if not one(name):
            raise BadRequest(f"缺少 {name}")
    try:
        word = Word(one("status").lower())
        datetime.fromisoformat(one("updated_datetime"))
    except ValueError as unknown:
        raise BadRequest("status 或 updated_datetime 不在约定范围内") from unknown
    return PostedUpdate(
        service_request_id=_short(one("service_request_id"), "service_request_id", 64),
        update_id=_short(one("update_id"), "update_id", 64),
        word=word,
        text=_words(one("description"), {}, values.get("media_url", [])),
    )


def position(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Both in degrees, or neither. Raises BadRequest."""
    if not lat and not lon:
        return None, None
    try:
        found = float(lat), float(lon)
    except ValueError as broken:
        raise BadRequest("lat 和 long 要一起给，并且是十进制的度数") from broken
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise BadRequest("lat 或 long 超出范围")
    return found


def picture_type(data: bytes) -> str:
    """Raises BadRequest for what does not begin as a picture does; whether it is one is found out later."""
    found = next((kind for kind, begins in _PICTURES.items() if begins.match(data)), None)
    if found is None:
        raise BadRequest("只能附 JPG、PNG 或 WebP 照片")
    return found


def phone(text: str) -> str:
    """Raises BadRequest for what nobody can dial."""
    if not re.fullmatch(r"[0-9+\-\s().（）转]{0,30}", text):
        raise BadRequest("phone 只能有数字、空格和 + - ( )，最长 30 个字符")
    return text


def _person(one: One) -> str:
    """By the first of these that says anything; the field that is too long is the one that is named."""
    name = next(
        (each for each in ("account_id", "email", "device_id", "deviceid") if one(each)), "account_id"
    )
    return _short(one(name), name, 200)


def _words(description: str, attributes: dict[str, list[str]], media: Iterable[str]) -> str:
    """The text of the report: what was written, what else was asked, where pictures lie. Nothing is fetched from there."""
    if len(description) > LONGEST_TEXT or _CONTROL.search(description):
        raise BadRequest(f"description 最长 {LONGEST_TEXT} 个字符，不能有控制字符")
    asked = {code: "、".join(given) for code, given in attributes.items() if code not in _FILLED_IN}
    lines = [
        description or "（没有文字说明）",
        *(f"{code}：{_short(said, f'attribute[{code}]', LONGEST_TEXT)}" for code, said in asked.items()),
        *(f"图片：{_short(link, 'media_url', LONGEST_TEXT)}" for link in media if link.startswith("http")),
    ]
    return "\n".join(lines)[: 2 * LONGEST_TEXT]


def _attributes(values: dict[str, list[str]]) -> dict[str, list[str]]:
    found = ((_ATTRIBUTE.fullmatch(name), given) for name, given in values.items())
    return {match[1]: given for match, given in found if match}


def _short(text: str, name: str, longest: int) -> str:
    if len(text) > longest or _CONTROL.search(text):
        raise BadRequest(f"{name} 最长 {longest} 个字符，不能有控制字符")
    return text
