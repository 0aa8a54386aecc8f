"""The judge refuses as AWS does: explicit denies, keys, conditions; and today's policies let every function do its work."""

import json
import subprocess
import sys

import pytest

from infra.local import parts, place
from infra.local.policies import Where, rules
from infra.local.runtime import judge
from infra.local.runtime.judge import Caller, Denied, Rules, Unknown
from tests.moto_cloud import ENVIRONMENT

LOCAL = Where()
OURS = rules(LOCAL)
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/"


def made(own=(), resource=(), key=(), arn="arn:aws:sqs:r:1:q"):
    return Rules(
        "1",
        "r",
        "amazonaws.com",
        {"f": list(own)},
        {arn: list(resource)} if resource else {},
        {arn: list(key)} if key else {},
        {"f": "arn:aws:iam::1:role/F"},
    )


def may(found, action="sqs:SendMessage", arn="arn:aws:sqs:r:1:q", who=None, keys=()):
    try:
        judge.check(found, who or found.caller("f"), action, arn, keys)
    except Denied as denied:
        return str(denied)
    return True


def says(effect, action="sqs:SendMessage", **more):
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def test_what_nobody_allows_is_refused_in_awss_words():
    assert may(made()) == (
        "User: arn:aws:sts::1:assumed-role/F/f is not authorized to perform: sqs:SendMessage on resource:"
        " arn:aws:sqs:r:1:q because no identity-based policy allows the sqs:SendMessage action"
    )


@pytest.mark.parametrize("where", ["own", "resource"])
def test_an_explicit_deny_wins_wherever_it_stands(where):
    everyone = {"Principal": "*"}
    policies = {"own": [says("Allow")], "resource": [says("Allow", **everyone)]}
    assert may(made(**policies)) is True
    policies[where].append(says("Deny", **(everyone if where == "resource" else {})))
    assert "explicit deny" in may(made(**policies))


def test_inside_one_account_either_side_may_allow():
    assert may(made(resource=[says("Allow", Principal={"AWS": "arn:aws:iam::1:role/F"})])) is True
    assert may(made(resource=[says("Allow", Principal={"AWS": "arn:aws:iam::1:role/G"})])) is not True


KEY = "arn:aws:dynamodb:r:1:table/t"
ROOT = says("Allow", "kms:*", Principal={"AWS": "arn:aws:iam::1:root"})
READ = says("Allow", "dynamodb:GetItem")


@pytest.mark.parametrize(
    ("own", "key", "allowed"),
    [
        ([READ], [ROOT], False),  # the account could allow it, and nobody did
        ([READ, says("Allow", "kms:Decrypt")], [ROOT], True),
        ([READ, says("Allow", "kms:Decrypt")], [], True),  # no key of our own: nothing to ask
        ([READ], [ROOT, says("Allow", "kms:Decrypt", Principal={"AWS": "arn:aws:iam::1:role/F"})], True),
        ([READ], [ROOT, says("Allow", "kms:Decrypt", Principal={"AWS": "arn:aws:iam::1:role/G"})], False),
        ([READ], [says("Allow", "kms:Encrypt", Principal={"AWS": "arn:aws:iam::1:role/F"})], False),
        ([READ, says("Allow", "kms:Decrypt")], [says("Allow", "kms:*", Principal={"AWS": "other"})], False),
    ],
)
def test_a_table_under_a_key_of_our_own_needs_the_key_too(own, key, allowed):
    said = may(made(own, key=key, arn=KEY), "dynamodb:GetItem", KEY)
    assert (said is True) is allowed
    if not allowed:
        assert said.startswith("KMS key access denied error: ")


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"kms:ViaService": "dynamodb.r.amazonaws.com"}, True),
        ({"kms:ViaService": "s3.r.amazonaws.com"}, False),
        ({"kms:CallerAccount": "1"}, True),
        ({"kms:CallerAccount": "2"}, False),
    ],
)
def test_a_key_opens_only_through_the_service_that_is_named(condition, allowed):
    grant = says(
        "Allow",
        "kms:Decrypt",
        Principal={"AWS": "arn:aws:iam::1:role/F"},
        Condition={"StringEquals": condition},
    )
    assert (may(made([READ], key=[grant], arn=KEY), "dynamodb:GetItem", KEY) is True) is allowed


@pytest.mark.parametrize(
    ("operator", "keys", "holds"),
    [
        ("ForAllValues:StringLike", ("A#1",), True),
        ("ForAllValues:StringLike", ("A#1", "B#1"), False),
        ("ForAllValues:StringLike", (), True),
        ("ForAnyValue:StringLike", ("A#1", "B#1"), True),
        ("ForAnyValue:StringLike", ("B#1",), False),
        ("ForAnyValue:StringLike", (), False),
        ("StringLike", ("A#",), True),
        ("StringLikeIfExists", (), True),
        ("StringNotLike", ("B",), True),
        ("StringNotLike", ("A#1",), False),
    ],
)
def test_a_condition_holds_as_iam_says(operator, keys, holds):
    own = [says("Allow", "dynamodb:GetItem", Condition={operator: {"dynamodb:LeadingKeys": ["A#*"]}})]
    assert (may(made(own), "dynamodb:GetItem", KEY, keys=keys) is True) is holds


@pytest.mark.parametrize(
    "statement",
    [
        says("Allow", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
    ],
)
def test_what_the_judge_does_not_know_is_an_error_and_no_guess(statement):
    with pytest.raises(Unknown):
        may(made([statement]))


@pytest.mark.parametrize(
    ("pattern", "value", "covers"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::b/[x]", "arn:aws:s3:::b/x", False),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/x", True),
    ],
)
def test_iam_knows_stars_and_question_marks_and_no_brackets(pattern, value, covers):
    own = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": pattern}]
    assert (may(made(own), "s3:GetObject", value) is True) is covers


# --- the deployment's own ------------------------------------------------------------------------------------------------


def touching(table):
    """(function, action, a key that its condition names) of all that a function's own policy allows on a table."""
    for function, statements in OURS.functions.items():
        for each in statements:
            named = each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]
            actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
            if each["Effect"] == "Allow" and f"{TABLE}{table}" in named:
                tests = each.get("Condition", {"": {"": ["PERSON#*"]}})
                [patterns] = [keys for test in tests.values() for keys in test.values()]
                yield from (
                    (function, action, pattern.replace("*", "1"))
                    for action in actions
                    for pattern in patterns
                )


def test_every_function_that_may_touch_the_identities_may_use_their_key():
    found = set(touching("mslj-local-identities"))
    assert {each[0] for each in found} == {"api", "feed", "nightly", "reveal", "run_job", "send"}
    for function, action, key in found:
        judge.check(OURS, OURS.caller(function), action, f"{TABLE}mslj-local-identities", (key,))


def test_nobody_else_may_open_that_key():
    [key] = OURS.keys.values()
    others = set(OURS.roles) - {each[0] for each in touching("mslj-local-identities")}
    assert len(others) > 10
    for function in others:
        found = Rules(
            OURS.account,
            OURS.region,
            OURS.suffix,
            {function: [says("Allow", "dynamodb:GetItem")]},
            {},
            OURS.keys,
            OURS.roles,
        )
        assert "KMS" in str(may(found, "dynamodb:GetItem", next(iter(OURS.keys)), found.caller(function)))
    assert len(key) == 2


S3 = Caller("s3", service="s3.amazonaws.com")


def test_s3_may_wake_the_photos_queue_and_nobody_elses():
    queue = "arn:aws:sqs:us-east-1:000000000000:mslj-local-"
    with pytest.raises(Denied):
        judge.check(OURS, S3, "sqs:SendMessage", f"{queue}send")
    found = [
        each for each in OURS.resources[f"{queue}photos"] if each["Principal"] == {"Service": S3.service}
    ]
    assert [each["Condition"]["ArnLike"]["aws:SourceArn"] for each in found] == [
        "arn:aws:s3:::mslj-local-photos-*"
    ]


def test_what_comes_without_tls_is_denied_whoever_asks():
    bucket = "arn:aws:s3:::mslj-local-photos-000000000000"
    [deny] = OURS.resources[bucket]
    assert judge._holds(deny["Condition"], {"aws:SecureTransport": ("false",)})
    assert not judge._holds(deny["Condition"], {"aws:SecureTransport": ("true",)})


# --- in a worker of the local cloud ---

ASKING = """
from chalicelib.store import direct, table

class Engine(direct.GoBetween):
    def post(self, operation, body):
        return 200, b'{"Attributes": {}}'

direct.GO_BETWEENS.insert(0, Engine())
table.update(table.Table.TICKETS, "A#1", "B", "SET #n = :n", n=1)
"""


def asked_in_worker(tmp_path, **environment):
    """What a function asks the tables directly, behind the engine's own start file; nothing of botocore is imported for it."""
    noted = tmp_path / "calls"
    told = {
        "PYTHONPATH": f"{parts.RUNTIME}:{place.ROOT}",
        "AWS_LAMBDA_FUNCTION_NAME": "mslj-local-send",
        "MSLJ_RECORD_CALLS": str(noted),
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASKING], env=ENVIRONMENT | told, capture_output=True, check=False, text=True
    )
    return noted.read_text(), done


def test_a_workers_judge_hears_what_its_stores_ask_directly(tmp_path):
    noted, done = asked_in_worker(tmp_path)
    assert not done.returncode, done.stderr
    assert json.loads(noted) == ["send", "dynamodb:UpdateItem", "mslj-test-tickets", "A"]


def test_a_workers_play_deals_out_conflicts_to_what_its_stores_ask_directly(tmp_path):
    journal = str(tmp_path / "journal")
    noted, done = asked_in_worker(tmp_path, MSLJ_PLAY="conflict=1", MSLJ_PLAY_JOURNAL=journal)
    assert "TransactionConflictException" in done.stderr
    assert len(noted.splitlines()) == 1  # botocore's own asking afterwards is the same call
