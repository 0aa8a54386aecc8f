"""The packages of a stage, kept by digest in a bucket of the account, and which of them was deployed in which order.

`<stage>/<digest>/deployment.zip` and `template.json`; `<stage>/history.json` is a stack: a deployment puts its package
on top, a rollback takes it off again.
"""

import base64
import fnmatch
import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.production.aws import Account, Refused

NAMED = {"AWS::DynamoDB::Table": ("TableName",), "AWS::S3::Bucket": ("BucketName",)}
CLOSED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
WRITES = ("s3:putobject", "s3:deleteobject", "s3:putobjectacl", "s3:putbucketpolicy")
KEPT = 20  # entries of the history; the packages themselves stay
BEGUN = "begun"
Entry = dict[str, str]  # digest, at; state: BEGUN until it is known that it came alive


@dataclass(frozen=True)
class Bucket:
    """Of the account `owner`, which every request states: a bucket's name can be taken by anybody before us."""

    name: str
    s3: Any
    owner: str

    @property
    def _at(self) -> dict[str, str]:
        return {"Bucket": self.name, "ExpectedBucketOwner": self.owner}

    def read(self, key: str) -> bytes | None:
        try:
            return bytes(self.s3.get_object(Key=key, **self._at)["Body"].read())
        except self.s3.exceptions.NoSuchKey:
            return None

    def write(self, key: str, data: bytes) -> None:
        self.s3.put_object(Key=key, Body=data, ServerSideEncryption="AES256", **self._at)

    def address(self, key: str) -> str:
        """As CloudFormation wants to have it: the region's own form, also in China, without a signature."""
        signed = self.s3.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": key})
        return str(signed).partition("?")[0]


def bucket_of(account: Account, name: str = "", *, only_look: bool = False) -> Bucket:
    """The named bucket, or our own, made at the first deployment. Raises Refused for one that is not usable here.

    `only_look` makes and changes nothing.
    """
    from botocore.exceptions import ClientError

    s3 = account.client("s3")
    wanted = name or f"mslj-packages-{account.id}-{account.region}"
    mine = {"Bucket": wanted, "ExpectedBucketOwner": account.id}
    try:
        there = s3.get_bucket_location(**mine).get("LocationConstraint") or "us-east-1"
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code == "NoSuchBucket" and not name:
            if only_look:
                raise Refused(f"还没有 {wanted}，第一次部署时会自动建") from None
            return _make(s3, account, wanted)
        if code == "NoSuchBucket":
            raise Refused(f"没有名为 {wanted} 的存储桶；去掉 BUCKET= 就会自动建一个") from None
        raise Refused(
            f"存储桶 {wanted} 不能用（{code}）：它可能属于别的账号，里面的程序会被别人换掉。"
            "请用 BUCKET=另一个名称，指定一个本账号自己建的存储桶"
        ) from None
    if there != account.region:
        raise Refused(
            f"存储桶 {wanted} 在 {there}，部署在 {account.region}，必须是同一个区域；请换一个或去掉 BUCKET="
        )
    if name:
        _check_closed(s3, mine, account)
    elif not only_look:
        _close(s3, mine, account)
    return Bucket(wanted, s3, account.id)


def _make(s3: Any, account: Account, name: str) -> Bucket:
    region, mine = account.region, {"Bucket": name, "ExpectedBucketOwner": account.id}
    more = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **more)
    _close(s3, mine, account)
    return Bucket(name, s3, account.id)


def _close(s3: Any, mine: dict[str, str], account: Account) -> None:
    """Our own: to nobody else, over TLS alone, and old versions stay. Also one that an older deployment made."""
    s3.put_public_access_block(PublicAccessBlockConfiguration=dict.fromkeys(CLOSED, True), **mine)
    s3.put_bucket_versioning(VersioningConfiguration={"Status": "Enabled"}, **mine)
    s3.put_bucket_policy(Policy=json.dumps(_only_over_tls(account, mine["Bucket"])), **mine)


def _check_closed(s3: Any, mine: dict[str, str], account: Account) -> None:
    """One that somebody named serves others too, so nothing in it is changed. Raises Refused with all that is open."""
    wrong = []
    if set(_asked(s3.get_public_access_block, mine, "PublicAccessBlockConfiguration").values()) != {True}:
        wrong.append("没有阻止公开访问（四项都要开）")
    if s3.get_bucket_versioning(**mine).get("Status") != "Enabled":
        wrong.append("没有开版本控制")
    policy = json.loads(_asked(s3.get_bucket_policy, mine, "Policy") or "{}")
    if others := [each for each in policy.get("Statement", []) if _lets_others_write(each, account)]:
        wrong.append(
            "它的策略允许别人写入：" + "、".join(each.get("Sid") or "（没有 Sid 的一条）" for each in others)
        )
    if wrong:
        raise Refused(
            f"存储桶 {mine['Bucket']} 不够安全，里面的程序可能被别人换掉：{'；'.join(wrong)}。"
            "请在控制台改好，或去掉 BUCKET= 由部署命令自己建一个"
        )


def _asked(ask: Any, mine: dict[str, str], part: str) -> Any:
    """That part of the answer; empty where the bucket has none."""
    from botocore.exceptions import ClientError

    try:
        return ask(**mine)[part]
    except ClientError as fault:
        if fault.response["Error"]["Code"] in ("NoSuchPublicAccessBlockConfiguration", "NoSuchBucketPolicy"):
            return {}
        raise


def _lets_others_write(statement: dict[str, Any], account: Account) -> bool:
    """Under whatever condition: which of the account's own it names is not this command's to know."""
    if statement["Effect"] != "Allow":
        return False
    principal = statement.get("Principal", "*")
    named = principal if isinstance(principal, str) else principal.get("AWS", [])
    people = [named] if isinstance(named, str) else named
    actions = statement.get("Action", "*")  # NotAction leaves nearly everything
    writes = any(
        fnmatch.fnmatchcase(write, each.lower())
        for each in ([actions] if isinstance(actions, str) else actions)
        for write in WRITES
    )
    return writes and any(account.id not in each for each in people)


def _only_over_tls(account: Account, name: str) -> dict[str, Any]:
    arn = f"arn:{account.partition}:s3:::{name}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyOverTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }


def digest_of(out: Path, template: dict[str, Any]) -> str:
    """The same for the same content: a zip built anew differs in its times only."""
    whole = hashlib.sha256(json.dumps(template, ensure_ascii=False, sort_keys=True).encode())
    with zipfile.ZipFile(out / "deployment.zip") as code:
        for entry in sorted(code.infolist(), key=lambda entry: entry.filename):
            whole.update(f"{entry.filename} {entry.CRC} {entry.file_size}\n".encode())
    return whole.hexdigest()[:16]


def upload(bucket: Bucket, stage: str, out: Path) -> str:
    """Code, then template, whose presence means that both are there. Answers the digest."""
    template = with_literal_names(
        json.loads((out / "sam.json").read_text(encoding="utf-8")), stage, bucket.owner
    )
    digest = digest_of(out, template)
    key = f"{stage}/{digest}/deployment.zip"
    if bucket.read(template_key(stage, digest)) is None:
        bucket.write(key, (out / "deployment.zip").read_bytes())
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = f"s3://{bucket.name}/{key}"
        template["Outputs"]["PackageDigest"] = {
            "Description": "What make rollback goes back from.",
            "Value": digest,
        }
        bucket.write(template_key(stage, digest), json.dumps(template, ensure_ascii=False).encode())
    return digest


def with_literal_names(template: dict[str, Any], stage: str, account_id: str) -> dict[str, Any]:
    """The names of what outlives the stack, written out: CloudFormation takes over a standing table only by a static name.

    "Dynamic names (using !Ref or other functions) are not currently supported" (AWS user guide, import automatically).
    """
    known = {"Stage": stage, "AWS::AccountId": account_id}
    for resource in template["Resources"].values():
        for name in NAMED.get(resource["Type"], ()):
            said = resource["Properties"][name]["Fn::Sub"]
            resource["Properties"][name] = re.sub(r"\$\{([^}]+)}", lambda match: known[match[1]], said)
    return template


def code_digest(bucket: Bucket, stage: str, digest: str) -> str:
    """As Lambda says it of the code that it runs (CodeSha256)."""
    code = bucket.read(f"{stage}/{digest}/deployment.zip") or b""
    return base64.b64encode(hashlib.sha256(code).digest()).decode()


def template_key(stage: str, digest: str) -> str:
    return f"{stage}/{digest}/template.json"


def history(bucket: Bucket, stage: str) -> list[Entry]:
    """What was deployed, the newest last."""
    found = bucket.read(f"{stage}/history.json")
    return json.loads(found) if found else []


def note_begun(bucket: Bucket, stage: str, digest: str, live: str, now: datetime) -> None:
    """Before a deployment is carried out: whoever waits for it may die. What is live by now is known to have come alive."""
    entries = history(bucket, stage)
    entries = [_alive(entry) if entry["digest"] == live else entry for entry in entries]
    if live != digest:
        entries.append({"digest": digest, "at": now.isoformat(timespec="seconds"), "state": BEGUN})
    _keep(bucket, stage, entries[-KEPT:])


def note_deployed(bucket: Bucket, stage: str, digest: str, now: datetime) -> None:
    """It came alive; what was begun before it and never did goes."""
    entries = history(bucket, stage)
    if not entries or entries[-1]["digest"] != digest:
        entries.append({"digest": digest, "at": now.isoformat(timespec="seconds")})
    entries[-1] = _alive(entries[-1])
    _keep(bucket, stage, [entry for entry in entries if entry.get("state") != BEGUN][-KEPT:])


def before(bucket: Bucket, stage: str, live: str) -> Entry | None:
    """What was live before the package that is live: a history may hold some that never came alive."""
    entries = history(bucket, stage)
    known = [at for at, entry in enumerate(entries) if entry["digest"] == live]
    earlier = entries[: known[-1] if known else len(entries)]
    lived = [entry for entry in earlier if entry["digest"] != live and entry.get("state") != BEGUN]
    return lived[-1] if lived else None


def note_rolled_back(bucket: Bucket, stage: str, to: Entry) -> None:
    entries = history(bucket, stage)
    _keep(bucket, stage, entries[: entries.index(to) + 1])


def _alive(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "state"}


def _keep(bucket: Bucket, stage: str, entries: list[Entry]) -> None:
    bucket.write(f"{stage}/history.json", json.dumps(entries, indent=1).encode())
