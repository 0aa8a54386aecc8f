"""Whether AWS would let a function do what it asks: the engines never refuse, so this does, by AWS's own rules and words.

Policies are those of the deployment (infra/local/policies.py). An explicit deny wins; inside one account an identity's
or a resource's policy may allow; a customer managed key asks for a grant of its own, for the role and through the
service. What a policy uses and this does not know is an error, never a guess.

Standard library only: it runs inside every Lambda worker of the local cloud.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

Values = tuple[str, ...]
Context = dict[str, Values]
Statement = dict[str, Any]
DENIED = {"dynamodb": "AccessDeniedException", "s3": "AccessDenied", "sqs": "AccessDenied"}
ONE_VALUE: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": lambda value, wanted: _like(value, wanted),
    "ArnEquals": lambda value, wanted: _like(value, wanted),
    "ArnLike": lambda value, wanted: _like(value, wanted),
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
NOT = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike", "ArnNotLike": "ArnLike"}


class Unknown(Exception):
    """A policy says something that this judge cannot weigh; teach it before using it."""


class Caller(NamedTuple):
    """Who asks: a function's role, or a service such as s3.amazonaws.com."""

    name: str
    role: str = ""  # its ARN
    service: str = ""


@dataclass(frozen=True)
class Rules:
    """Every policy of one deployment, names put in."""

    account: str
    region: str
    suffix: str  # amazonaws.com, or amazonaws.com.cn
    functions: dict[str, list[Statement]]
    resources: dict[str, list[Statement]]  # the policies of buckets, queues and tables, by ARN
    keys: dict[
        str, list[Statement]
    ]  # the key policy of every table under a customer managed key, by the table's ARN
    roles: dict[str, str]  # function -> ARN

    def caller(self, function: str) -> Caller:
        return Caller(function, self.roles[function])


class Denied(Exception):
    """What AWS answers: `code`, and its own words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check(rules: Rules, who: Caller, action: str, arn: str, keys: Values = ()) -> None:
    """Raises Denied. `keys`: the partition keys that a request to a table names."""
    context: Context = {"aws:SecureTransport": ("true",), "aws:SourceAccount": (rules.account,)}
    context |= {"aws:PrincipalArn": (who.role,)} if who.role else {}
    context |= {"dynamodb:LeadingKeys": keys} if keys else {}
    own = rules.functions.get(who.name, [])
    whole = arn if ":table/" in arn else arn.split("/")[0]  # a bucket, of which an object is asked
    of_it = [each for named, policy in rules.resources.items() if whole == named for each in policy]
    if why := _refused(rules, who, own, of_it, Asked(action, arn, context)):
        service = action.partition(":")[0]
        raise Denied(DENIED.get(service, "AccessDeniedException"), _words(who, action, arn, why))
    if key := rules.keys.get(arn.partition("/index/")[0]):
        _check_key(rules, who, own, key, context)


def _check_key(
    rules: Rules, who: Caller, own: list[Statement], key: list[Statement], context: Context
) -> None:
    """DynamoDB opens the table's key in the caller's name, whether it reads or writes."""
    through = context | {
        "kms:ViaService": (f"dynamodb.{rules.region}.{rules.suffix}",),
        "kms:CallerAccount": (rules.account,),
    }
    if why := _refused(rules, who, own, key, Asked("kms:Decrypt", "*", through), is_key=True):
        words = _words(who, "kms:Decrypt", "", why)
        raise Denied("AccessDeniedException", f"KMS key access denied error: {words}")


class Asked(NamedTuple):
    """What somebody wants to do, to what, under which conditions."""

    action: str
    arn: str
    context: Context


def _refused(
    rules: Rules,
    who: Caller,
    own: list[Statement],
    of_it: list[Statement],
    asked: Asked,
    *,
    is_key: bool = False,
) -> str:
    """Why not; "" when it may. A key's policy decides alone, unless it leaves it to the account's identities."""
    by_identity = {each["Effect"] for each in _concerning(own, *asked)}
    about = list(_concerning(of_it, *asked))
    named = {each["Effect"] for each in about if _names(each, who)}
    if "Deny" in by_identity:
        return "with an explicit deny in an identity-based policy"
    if "Deny" in named:
        return "with an explicit deny in a resource-based policy"
    root = f"iam::{rules.account}:root"
    left_to_identities = any(each["Effect"] == "Allow" and root in str(each["Principal"]) for each in about)
    if "Allow" in named or ("Allow" in by_identity and (left_to_identities or not is_key)):
        return ""
    kind = "resource" if is_key or who.service else "identity"
    return f"because no {kind}-based policy allows the {asked.action} action"


def _concerning(policy: list[Statement], action: str, arn: str, context: Context) -> Iterator[Statement]:
    for statement in policy:
        if _covers(*_lists(statement), action, arn) and _holds(statement.get("Condition", {}), context):
            yield statement


def _lists(statement: Statement) -> tuple[Values, Values]:
    if odd := set(statement) - {"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}:
        raise Unknown(f"{sorted(odd)} in a statement")
    return _tuple(statement["Action"]), _tuple(statement.get("Resource", "*"))


@lru_cache(8192)
def _covers(actions: Values, resources: Values, action: str, arn: str) -> bool:
    may = any(_like(action.lower(), each.lower()) for each in actions)
    return may and (arn == "*" or any(_like(arn, each) for each in resources))


def _names(statement: Statement, who: Caller) -> bool:
    principal = statement["Principal"]
    if principal == "*":
        return True
    aws, services = _tuple(principal.get("AWS", ())), _tuple(principal.get("Service", ()))
    return (
        "*" in aws or (bool(who.role) and who.role in aws) or (bool(who.service) and who.service in services)
    )


def _holds(condition: dict[str, Any], context: Context) -> bool:
    return all(
        _test(operator, context.get(key), _tuple(wanted))
        for operator, tests in condition.items()
        for key, wanted in tests.items()
    )


def _test(operator: str, values: Values | None, wanted: Values) -> bool:
    """One line of a condition. A key that the request has not fails a test, but passes ForAllValues and IfExists."""
    how, _, plain = operator.rpartition(":")
    plain, if_exists = plain.removesuffix("IfExists"), plain.endswith("IfExists")
    negated = plain in NOT
    test = ONE_VALUE.get(NOT.get(plain, plain))
    if test is None or how not in ("", "ForAnyValue", "ForAllValues"):
        raise Unknown(f"the condition {operator}")
    if not values:
        return if_exists or negated or how == "ForAllValues"
    passed = [any(test(value, each) for each in wanted) is not negated for value in values]
    return any(passed) if how == "ForAnyValue" else all(passed)


def _like(value: str, pattern: str) -> bool:
    return value == pattern or (
        ("*" in pattern or "?" in pattern) and bool(_pattern(pattern).fullmatch(value))
    )


@lru_cache(1024)
def _pattern(text: str) -> re.Pattern[str]:
    """IAM knows * and ?, no brackets; * crosses slashes."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _tuple(value: Any) -> Values:
    return (value,) if isinstance(value, str) else tuple(value)


def _words(who: Caller, action: str, arn: str, why: str) -> str:
    role = who.role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
    on = f"resource: {arn}" if arn else "the resource associated with this ciphertext"
    return f"User: {role or who.service}/{who.name} is not authorized to perform: {action} on {on} {why}"
