"""Stands between a function and the engines: what it asks is noted, judged (judge.py), and only then sent on.

Signed addresses are judged when they are signed; AWS would refuse them when they are used, with the same words.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from infra.local.runtime import asked, between, judge, recording
else:
    try:  # on a worker's path
        import asked
        import between
        import judge
        import recording
    except ImportError:
        from infra.local.runtime import asked, between, judge, recording

Heard = Callable[[list[asked.Asked], str], None]
SIGNED = {"get_object": "s3:GetObject", "put_object": "s3:PutObject", "GetObject": "s3:GetObject"}


def install_in_worker(rules_file: str, calls_file: str) -> None:
    """In a worker of the local cloud, which is one function for its whole life."""
    function = os.environ["AWS_LAMBDA_FUNCTION_NAME"].rpartition("-")[2]
    rules = judge.Rules(**json.loads(Path(rules_file).read_text(encoding="utf-8"))) if rules_file else None

    def hear(calls: list[asked.Asked], operation: str) -> None:
        if calls_file:
            recording.note(calls_file, function, calls)
        if rules:
            weigh(rules, function, calls, operation)

    install(hear)


def weigh(rules: judge.Rules, function: str, calls: list[asked.Asked], operation: str) -> None:
    """Raises ClientError, as botocore would out of AWS's answer."""
    from botocore.exceptions import ClientError

    who = rules.caller(function)
    partition = who.role.split(":")[1]
    try:
        for call in calls:
            arn = asked.arn_of(call, partition, rules.region, rules.account)
            judge.check(rules, who, call.action, arn, call.keys)
    except judge.Denied as denied:
        status = 403 if denied.code == "AccessDenied" else 400
        said: Any = {
            "Error": {"Code": denied.code, "Message": str(denied)},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }
        raise ClientError(said, operation) from None


def install(hear: Heard) -> Callable[[], None]:
    """Every call and every signature of this process is heard first. Answers what takes it out again."""
    from botocore.client import BaseClient
    from botocore.signers import RequestSigner, S3PostPresigner

    # what stands in their place hears and passes on; the one door of a client is private
    clients: Any = BaseClient
    signers: Any = RequestSigner
    posts: Any = S3PostPresigner
    call = clients._make_api_call
    sign, post = signers.generate_presigned_url, posts.generate_presigned_post

    def heard(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if not between.is_inside():
            hear(asked.asked(self.meta.service_model.service_name, operation, parameters), operation)
        return call(self, operation, parameters)

    def signed(self: Any, request_dict: dict[str, Any], operation_name: str, *more: Any, **how: Any) -> Any:
        if operation_name in SIGNED:
            hear([asked.Asked(SIGNED[operation_name], _object_of(request_dict["url"]))], operation_name)
        return sign(self, request_dict, operation_name, *more, **how)

    def posted(self: Any, request_dict: dict[str, Any], fields: Any = None, *more: Any, **how: Any) -> Any:
        named = f"{_object_of(request_dict['url'])}{(fields or {}).get('key', '')}"
        hear([asked.Asked("s3:PutObject", named)], "PostObject")
        return post(self, request_dict, fields, *more, **how)

    def put(calling: Any, signing: Any, posting: Any) -> None:
        clients._make_api_call = calling
        signers.generate_presigned_url, posts.generate_presigned_post = signing, posting

    put(heard, signed, posted)
    out_of_stores = between.add(_Hearing(hear))

    def take_out() -> None:
        out_of_stores()
        put(call, sign, post)

    return take_out


class _Hearing(between.Between):
    """Of what the stores ask DynamoDB directly."""

    def __init__(self, hear: Heard) -> None:
        self._hear = hear

    def ask(self, call: Callable[..., Any], operation: str, request: dict[str, Any]) -> Any:
        self._hear(asked.asked("dynamodb", operation, request), operation)
        return between.inside(call)(operation, request)


def _object_of(address: str) -> str:
    """bucket/key of an S3 address, whether the bucket stands in the host or in the path."""
    parts = urlsplit(address)
    first, path = (parts.hostname or "").partition(".")[0], unquote(parts.path)
    if first.startswith("mslj-"):
        return f"{first}{path}"
    bucket, _, key = path.lstrip("/").partition("/")
    return f"{bucket}/{key}"
