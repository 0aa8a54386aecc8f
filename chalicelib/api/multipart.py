"""Forms as programs post them: urlencoded, or multipart with files."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from chalicelib.api import http
from chalicelib.domain.errors import BadRequest

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
ACCEPTED = ["*/*"]  # whatever comes is answered by the route, in its own format, and not by the framework
MOST_FIELDS = 200


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
    if kind == MULTIPART:
        pairs, files = _multipart(content_type, body)
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


def _multipart(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], list[bytes]]:
    from email.parser import BytesParser
    from email.policy import HTTP

    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP.clone(max_line_length=None)).parsebytes(head + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts or len(parts) > MOST_FIELDS:
        raise BadRequest("multipart 表单无法读取，请检查 boundary")
    pairs, files = [], []
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            raise BadRequest("multipart 表单的每一部分都要有名称")
        if part.get_filename() is not None:
            files += [data] if data else []
        else:
            pairs.append((name, _text(data)))
    return pairs, files


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise BadRequest("表单请用 UTF-8 编码") from broken
