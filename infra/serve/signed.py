"""Signed links and upload forms of a town hall's own machine: made by botocore as S3's are, judged here as S3 judges them.

A link opens one file for a few minutes. A form takes one file, of a type and up to a size that its policy names; every
field that is sent must be named by the policy, and nothing that it names may differ.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from infra.serve.home import REGION

ACCESS_KEY = "town"  # whose key signs
LONGEST = timedelta(days=7)  # of a link, as S3 takes them
UNSIGNED = frozenset({"x-amz-signature", "file", "policy"})  # of a form: what its policy cannot name


class Refused(Exception):
    """What S3 answers: its code, a status, and a sentence without what was sent."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@cache
def signer(address: str, key: str) -> Any:
    """botocore's own client, of which nothing is ever asked but signatures. `address`: where browsers reach the files."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


# --- a link ---------------------------------------------------------------------------------------------------------


def check_link(method: str, address: str, path: str, query: str, key: str, now: datetime) -> dict[str, str]:
    """What a link asks for beside its file (such as response-cache-control). `path` as it arrived, escaped.

    `address`: the files' own, by which the link was signed, whatever name a proxy gives this machine. Raises Refused.
    """
    said = dict(parse_qsl(query, keep_blank_values=True))
    signature = said.pop("X-Amz-Signature", "")
    if said.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" or said.get("X-Amz-SignedHeaders") != "host":
        raise Refused(403, "AccessDenied", "这个地址没有签名")
    signed_at, scope = _instant(said.get("X-Amz-Date", "")), _scope(said.get("X-Amz-Credential", ""))
    lasts = said.get("X-Amz-Expires", "")
    if signed_at is None or not lasts.isdigit() or timedelta(seconds=int(lasts)) > LONGEST:
        raise Refused(403, "AuthorizationQueryParametersError", "这个地址的签名不完整")
    host = urlsplit(address).netloc
    canonical = "\n".join((method, path, _sorted(said), f"host:{host}", "", "host", "UNSIGNED-PAYLOAD"))
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(("AWS4-HMAC-SHA256", said["X-Amz-Date"], scope, hashed))
    if scope.split("/")[0] != said["X-Amz-Date"][:8] or not _is_of(key, scope, text, signature):
        raise Refused(403, "SignatureDoesNotMatch", "这个地址的签名不对")
    if now > signed_at + timedelta(seconds=int(lasts)):
        raise Refused(403, "AccessDenied", "这个地址已过期，请刷新页面")
    return {name: value for name, value in said.items() if name.startswith("response-")}


def _sorted(said: dict[str, str]) -> str:
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in said.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


# --- a form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upload:
    """What a form sends, apart from the file's own bytes."""

    bucket: str
    fields: dict[str, str]  # names in lower case
    size: int


def check_upload(upload: Upload, key: str, now: datetime) -> None:
    """Raises Refused, as S3 would."""
    fields = upload.fields
    policy, signature = fields.get("policy", ""), fields.get("x-amz-signature", "")
    scope = _scope(fields.get("x-amz-credential", ""))
    if fields.get("x-amz-algorithm") != "AWS4-HMAC-SHA256" or not policy:
        raise Refused(403, "AccessDenied", "上传没有签名，请重新选择照片")
    if not _is_of(key, scope, policy, signature):
        raise Refused(403, "SignatureDoesNotMatch", "上传的签名不对，请重新选择照片")
    said = _policy(policy)
    if now >= said.expires_at:
        raise Refused(403, "AccessDenied", "上传的许可已过期，请重新选择照片")
    given = {**fields, "bucket": upload.bucket}
    named = {"bucket"}
    for condition in said.conditions:
        named.add(_check_condition(condition, given, upload.size))
    if odd := sorted(
        set(fields) - UNSIGNED - named - {each for each in fields if each.startswith("x-ignore-")}
    ):
        raise Refused(403, "AccessDenied", f"上传带了没有许可的字段：{odd[0][:40]}")


@dataclass(frozen=True)
class _Policy:
    expires_at: datetime
    conditions: list[Any]


def _policy(text: str) -> _Policy:
    try:
        said = json.loads(base64.b64decode(text, validate=True))
        expires = datetime.fromisoformat(said["expiration"].replace("Z", "+00:00"))
        return _Policy(expires, list(said["conditions"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(400, "InvalidPolicyDocument", "上传的许可看不懂") from None


def _check_condition(condition: Any, given: dict[str, str], size: int) -> str:
    """The field that it is about. What this file does not know holds for nobody."""
    if isinstance(condition, dict) and len(condition) == 1:
        ((name, wanted),) = condition.items()
        return _check_field("eq", name.lower(), wanted, given)
    if isinstance(condition, list) and len(condition) == 3:
        how, first, second = condition
        if how == "content-length-range" and isinstance(first, int) and isinstance(second, int):
            if size > second:
                raise Refused(400, "EntityTooLarge", "文件太大")
            if size < first:
                raise Refused(400, "EntityTooSmall", "文件是空的")
            return ""
        if how in ("eq", "starts-with") and isinstance(first, str) and first.startswith("$"):
            return _check_field(how, first[1:].lower(), second, given)
    raise Refused(403, "AccessDenied", "上传的许可里有看不懂的条件")


def _check_field(how: str, name: str, wanted: Any, given: dict[str, str]) -> str:
    value = given.get(name)
    fits = value is not None and (value == wanted if how == "eq" else value.startswith(str(wanted)))
    if not fits:
        raise Refused(403, "AccessDenied", f"上传与许可不符：{name[:40]}")
    return name


# --- both -----------------------------------------------------------------------------------------------------------


def _scope(credential: str) -> str:
    """Day, region and service of a credential. Raises Refused for one of another key."""
    whose, _, scope = credential.partition("/")
    parts = scope.split("/")
    if whose != ACCESS_KEY or len(parts) != 4 or parts[1:] != [REGION, "s3", "aws4_request"]:
        raise Refused(403, "InvalidAccessKeyId", "签名不是本机的")
    return scope


def _is_of(key: str, scope: str, text: str, signature: str) -> bool:
    made = f"AWS4{key}".encode()
    for part in scope.split("/"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    wanted = hmac.new(made, text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.encode())


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def bucket_and_key(path: str, prefix: str) -> tuple[str, str]:
    """Of a path below the files' own."""
    bucket, _, key = unquote(path.removeprefix(prefix).lstrip("/")).partition("/")
    return bucket, key
