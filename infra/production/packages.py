"""The packages of a stage, kept by digest in a bucket of the account, and which of them was deployed in which order.

`<stage>/<digest>/deployment.zip` and `template.json`; `<stage>/history.json` is a stack: a deployment puts its package
on top, a rollback takes it off again.
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.production.aws import Account, Refused

KEPT = 20  # entries of the history; the packages themselves stay
Entry = dict[str, str]  # digest, at


@dataclass(frozen=True)
class Bucket:
    name: str
    s3: Any

    def read(self, key: str) -> bytes | None:
        try:
            return bytes(self.s3.get_object(Bucket=self.name, Key=key)["Body"].read())
        except self.s3.exceptions.NoSuchKey:
            return None

    def write(self, key: str, data: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=data, ServerSideEncryption="AES256")

    def address(self, key: str) -> str:
        """As CloudFormation wants to have it: the region's own form, also in China, without a signature."""
        signed = self.s3.generate_presigned_url("get_object", Params={"Bucket": self.name, "Key": key})
        return str(signed).partition("?")[0]


def bucket_of(account: Account, name: str = "") -> Bucket:
    """The named bucket, or our own, made at the first deployment. Raises Refused for one that is not usable here."""
    from botocore.exceptions import ClientError

    s3 = account.client("s3")
    wanted = name or f"mslj-packages-{account.id}-{account.region}"
    try:
        there = s3.get_bucket_location(Bucket=wanted).get("LocationConstraint") or "us-east-1"
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code == "NoSuchBucket" and not name:
            return _make(s3, wanted, account.region)
        if code == "NoSuchBucket":
            raise Refused(f"没有名为 {wanted} 的存储桶；去掉 BUCKET= 就会自动建一个") from None
        raise Refused(
            f"存储桶 {wanted} 不能用（{code}）：它可能属于别的账号，请换一个或去掉 BUCKET="
        ) from None
    if there != account.region:
        raise Refused(
            f"存储桶 {wanted} 在 {there}，部署在 {account.region}，必须是同一个区域；请换一个或去掉 BUCKET="
        )
    return Bucket(wanted, s3)


def _make(s3: Any, name: str, region: str) -> Bucket:
    more = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **more)
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))
    return Bucket(name, s3)


def digest_of(out: Path) -> str:
    """The same for the same content: a zip built anew differs in its times only."""
    whole = hashlib.sha256((out / "sam.json").read_bytes())
    with zipfile.ZipFile(out / "deployment.zip") as code:
        for entry in sorted(code.infolist(), key=lambda entry: entry.filename):
            whole.update(f"{entry.filename} {entry.CRC} {entry.file_size}\n".encode())
    return whole.hexdigest()[:16]


def upload(bucket: Bucket, stage: str, out: Path) -> str:
    """Code, then template, whose presence means that both are there. Answers the digest."""
    digest = digest_of(out)
    key = f"{stage}/{digest}/deployment.zip"
    if bucket.read(template_key(stage, digest)) is None:
        bucket.write(key, (out / "deployment.zip").read_bytes())
        template = json.loads((out / "sam.json").read_text(encoding="utf-8"))
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = f"s3://{bucket.name}/{key}"
        bucket.write(template_key(stage, digest), json.dumps(template, ensure_ascii=False).encode())
    return digest


def template_key(stage: str, digest: str) -> str:
    return f"{stage}/{digest}/template.json"


def history(bucket: Bucket, stage: str) -> list[Entry]:
    """What was deployed, the newest last."""
    found = bucket.read(f"{stage}/history.json")
    return json.loads(found) if found else []


def note_deployed(bucket: Bucket, stage: str, digest: str, now: datetime) -> None:
    entries = history(bucket, stage)
    if not entries or entries[-1]["digest"] != digest:
        entries.append({"digest": digest, "at": now.isoformat(timespec="seconds")})
    _keep(bucket, stage, entries[-KEPT:])


def note_rolled_back(bucket: Bucket, stage: str) -> None:
    _keep(bucket, stage, history(bucket, stage)[:-1])


def _keep(bucket: Bucket, stage: str, entries: list[Entry]) -> None:
    bucket.write(f"{stage}/history.json", json.dumps(entries, indent=1).encode())
