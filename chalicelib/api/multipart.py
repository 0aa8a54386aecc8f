"""Forms as programs post them: urlencoded, or multipart with files. Whoever posts is not known yet, so the work is bounded."""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from chalicelib.api import http
from chalicelib.domain.errors import BadRequest

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
ACCEPTED = ["*/*"]  # whatever comes is answered by the route, in its own format, and not by the framework
MOST_FIELDS = 200
MOST_PARTS = 20
MOST_HEADER = 2048  # bytes, of one part
MOST_BYTES = 12 * 1024 * 1024


class Form(NamedTuple):
    """Values by field, in order; an empty value counts as absent."""

    values: dict[str, list[str]]
    files: list[bytes]

    def one(self, *names: str) -> str:
        """The first value of the first of these fields that has one, or ""."""
        return next((self.values[name][0].strip() for name in names if name in self.values), "")


def read() -> Form:
    """The form of the request, its query among it. Raises BadRequest."""
    content_type = http.header("Content-Type")
    kind, body = content_type.partition(";")[0].strip().lower(), http.request().raw_body or b""
    if len(body) > MOST_BYTES:
        raise BadRequest(f"表单超过 {MOST_BYTES // 1024 // 1024} MB，请少放几张照片")
    if kind == MULTIPART:
        pairs, files = parts_of(content_type, body)
    elif kind == FORM:
        pairs, files = _urlencoded(body), []
    else:
        raise BadRequest("请用表单提交：application/x-www-form-urlencoded 或 multipart/form-data")
    asked = http.request().query_params
    pairs += [(name, asked[name]) for name in asked or {}]
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            values.setdefault(name, []).append(value)
    return Form(values, files)


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as broken:  # UnicodeDecodeError is one
        raise BadRequest("表单无法读取：请用 UTF-8 编码，字段不超过 200 个") from broken


def parts_of(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], list[bytes]]:
    """Fields, and files that hold anything. Flat, in one pass: what a part holds is never looked into. Stops at the first
    part or header that is too much. Raises BadRequest.
    """
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header

    parts = _Parts()
    try:
        boundary = parse_options_header(content_type[:MOST_HEADER])[1][b"boundary"]
        parser = MultipartParser(boundary, parts.callbacks(), max_header_size=MOST_HEADER)
        parser.write(body)
        parser.finalize()
    except (FormParserError, KeyError, ValueError) as broken:
        raise BadRequest("multipart 表单无法读取，请检查 boundary") from broken
    if not parts.is_ended:
        raise BadRequest("multipart 表单无法读取，请检查 boundary")
    pairs, files = [], []
    for header, data in parts.read:
        options = parse_options_header(header)[1]
        if not (name := options.get(b"name")):
            raise BadRequest("multipart 表单的每一部分都要有名称")
        if b"filename" in options:
            files += [data] if data else []
        else:
            pairs.append((_text(name), _text(data)))
    return pairs, files


class _Parts:
    """What the parser hands over: each part's content disposition, and its bytes."""

    def __init__(self) -> None:
        self.read: list[tuple[str, bytes]] = []
        self.is_ended = False
        self._field, self._value, self._disposition = b"", b"", ""
        self._data: list[bytes] = []

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add_field(data[start:end]),
            "on_header_value": lambda data, start, end: self._add_value(data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": lambda data, start, end: self._data.append(data[start:end]),
            "on_part_end": lambda: self.read.append((self._disposition, b"".join(self._data))),
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.read) >= MOST_PARTS:
            raise BadRequest(f"表单超过 {MOST_PARTS} 个部分，请分几次提交")
        self._disposition, self._data = "", []

    def _add_field(self, data: bytes) -> None:
        self._field += data

    def _add_value(self, data: bytes) -> None:
        self._value += data

    def _end_header(self) -> None:
        if self._field.strip().lower() == b"content-disposition":
            self._disposition = self._value.decode("latin-1")
        self._field = self._value = b""

    def _end(self) -> None:
        self.is_ended = True


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise BadRequest("表单请用 UTF-8 编码") from broken
