"""A deployment as an IT person reaches it: whose credentials, which region, which names. Refusals are in Chinese."""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

STAGE = re.compile(r"[a-z][a-z0-9]{0,11}")
TABLES = ("tickets", "work", "identities", "traces")


class Refused(Exception):
    """Nothing was done. Says in Chinese why, and what to do next."""


@dataclass(frozen=True)
class Deployment:
    """One stage: its names, and a client for every service that is asked of it."""

    stage: str
    bucket: str
    client: Callable[[str], Any] = field(repr=False)

    def table(self, name: str) -> str:
        return f"mslj-{self.stage}-{name}"

    def photos(self) -> Iterator[tuple[str, str]]:
        """Key of every object, and its version where not the newest is meant."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return ((each["Key"], "") for page in pages for each in page.get("Contents", []))

    @property
    def backups(self) -> str:
        """The bucket that tables are exported into on their way into a folder."""
        return self.bucket.replace(f"mslj-{self.stage}-photos", f"mslj-{self.stage}-backups")

    @property
    def traces(self) -> str:
        """The locked bucket, beside that of the photos."""
        return self.bucket.replace(f"mslj-{self.stage}-photos", f"mslj-{self.stage}-traces")

    @property
    def secrets(self) -> str:
        return f"/mslj/{self.stage}/secrets"


@dataclass(frozen=True)
class Account:
    """Who we are in AWS, and where."""

    id: str
    region: str
    partition: str
    session: Any = field(repr=False)

    def client(self, service: str) -> Any:
        from botocore.config import Config

        config = Config(retries={"mode": "standard", "max_attempts": 8}, max_pool_connections=64)
        return self.session.client(service, config=config)

    @property
    def is_china(self) -> bool:
        return self.partition == "aws-cn"


def account(region: str = "", profile: str = "") -> Account:
    """Raises Refused without credentials or region, or when AWS does not accept them."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

    try:
        session = boto3.Session(region_name=region or None, profile_name=profile or None)
    except ProfileNotFound:
        raise Refused(f"没有名为 {profile} 的登录配置，请检查 PROFILE 或 ~/.aws/config") from None
    if not session.region_name:
        raise Refused(
            "没有指定区域，请加上 REGION=cn-north-1（北京）、REGION=cn-northwest-1（宁夏）或其他区域"
        )
    try:
        said = session.client("sts").get_caller_identity()
    except NoCredentialsError:
        raise Refused(
            "没有登录凭证，请先设置 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY，或加上 PROFILE=名称"
        ) from None
    except (BotoCoreError, ClientError) as fault:
        raise Refused(f"登录凭证没有通过，请检查是否过期、是否属于这个区域：{fault}") from None
    partition = session.get_partition_for_region(session.region_name)
    return Account(said["Account"], session.region_name, partition, session)


def check_stage(stage: str) -> None:
    """Raises Refused for a name that cannot be part of the others, and for those of the local cloud and the tests."""
    if not STAGE.fullmatch(stage):
        raise Refused(f"环境名 {stage!r} 不行：最多 12 位小写字母和数字，以字母开头，例如 STAGE=prod")
    if stage in ("local", "test"):
        raise Refused(f"{stage} 是本地云和测试专用的环境名，请换一个，例如 STAGE=prod")


def deployment(stage: str, region: str = "", profile: str = "") -> Deployment:
    """The stage `local` is the running local cloud, any other one is in AWS. Raises Refused."""
    if stage == "local":
        return _local()
    check_stage(stage)
    ours = account(region, profile)
    return Deployment(stage, f"mslj-{stage}-photos-{ours.id}", cache(ours.client))


def _local() -> Deployment:
    from infra.local import deploy, running
    from infra.local.place import ACCOUNT

    try:
        place = running.place_of(running.get())
    except running.NotRunning as trouble:
        raise Refused(str(trouble)) from None
    return Deployment("local", f"mslj-local-photos-{ACCOUNT}", lambda name: deploy.client(name, place))


def add_account(parser: ArgumentParser) -> None:
    """Whose account, and in which region: "" for what the machine is set to."""
    parser.add_argument("--region", default="")
    parser.add_argument("--profile", default="")


def spoken(command: Callable[[], None]) -> int:
    """The exit status of a command: a refusal is told on stderr and is 1."""
    try:
        command()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断。再执行一次同样的命令即可继续。", file=sys.stderr)
        return 1
    return 0
