"""`make doctor STAGE=prod`: before a deployment and after it, what is ready and what is missing, line by line.

Changes nothing, but in a drill stage, where one made-up report goes the whole way.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from chalicelib.gateways.secrets import OWN
from infra.production import aws, canary, changes, packages, quotas, reserving
from infra.production.aws import TABLES, Account, Refused

SERVICES = [
    "apigateway",
    "lambda",
    "dynamodb",
    "dynamodbstreams",
    "stepfunctions",
    "s3",
    "sqs",
    "sns",
    "ssm",
    "kms",
    "events",
    "cloudwatch",
    "logs",
    "athena",
    "glue",
    "acm",
]
SKEW = timedelta(seconds=60)
CERTIFICATE_DAYS = 30
SECONDS = 10
# Which secret a setting asks for; without it the platform refuses.
ASKED_FOR = {
    "WechatAppid": ("wechat_secret",),
    "WecomCorpId": ("wecom_secret",),
}
PUSHED = {
    "WechatAppid": ("wechat_push_token", "wechat_aes_keys"),
    "WecomCorpId": ("wecom_push_token", "wecom_aes_keys"),
}


@dataclass(frozen=True)
class Said:
    """One line: `ok`, or what to do."""

    what: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'好  ' if self.ok else '要办'}  {self.what}：{self.text}"


Values = dict[str, str]
Check = Callable[[Account, str, Values], Iterator[Said]]


def examine(account: Account, stage: str) -> Iterator[Said]:
    """Every line; a check that fails by itself (a missing right) is a line too, and stops no other."""
    yield Said("登录凭证", True, f"账号 {account.id}，{account.region}（{account.partition}）")
    values = _values(account, stage)
    for name, check in CHECKS.items():
        try:
            yield from check(account, stage, values)
        except Exception as fault:
            yield Said(name, False, f"没查成，可能缺少权限：{type(fault).__name__} {str(fault)[:160]}")


def _values(account: Account, stage: str) -> Values:
    try:
        stack = changes.find_stack(account.client("cloudformation"), f"mslj-{stage}")
    except Exception:
        return {}  # its own line says so
    return {each["ParameterKey"]: each["ParameterValue"] for each in (stack or {}).get("Parameters", [])}


def region(account: Account, _: str, __: Values) -> Iterator[Said]:
    missing = [
        name
        for name in SERVICES
        if account.region not in account.session.get_available_regions(name, partition_name=account.partition)
    ]
    told = (
        f"这些服务在 {account.region} 查不到：{'、'.join(missing)}，请换一个区域" if missing else "服务齐全"
    )
    yield Said("区域", not missing, told)


def quota(account: Account, _: str, __: Values) -> Iterator[Said]:
    allowed = quotas.concurrency(account)
    fine = allowed >= quotas.ENOUGH
    more = "" if fine else f"，请先申请提高到至少 {quotas.ENOUGH}。{quotas.TICKET}"
    yield Said("函数并发配额", fine, f"{allowed}{more}")


def places(account: Account, stage: str, _: Values) -> Iterator[Said]:
    """The one line that also does something: it reserves, as soon as the account's limit allows."""
    for told in reserving.reserve(account, stage):
        yield Said("管时限的函数", told.ok, told.text)


def clock(account: Account, _: str, __: Values) -> Iterator[Said]:
    """AWS refuses signatures that are five minutes off; due times on this machine would be, too."""
    answer = account.client("sts").get_caller_identity()
    theirs = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    off = abs(datetime.now(UTC) - theirs)
    yield Said("本机时钟", off <= SKEW, f"差 {off.seconds} 秒" + ("" if off <= SKEW else "，请校准本机时间"))


def stack(account: Account, stage: str, _: Values) -> Iterator[Said]:
    found = changes.find_stack(account.client("cloudformation"), f"mslj-{stage}")
    if found is None:
        yield Said("堆栈", False, f"还没有部署，请执行 make deploy STAGE={stage}")
        return
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    yield Said("堆栈", True, f"{found['StackStatus']}，部署包 {outputs.get('PackageDigest', '（旧版本）')}")


def bucket(account: Account, stage: str, _: Values) -> Iterator[Said]:
    entries = packages.history(packages.bucket_of(account, only_look=True), stage)
    yield Said("部署包的存储桶", True, f"属于本账号，记有 {len(entries)} 次部署")


def tables(account: Account, stage: str, _: Values) -> Iterator[Said]:
    """Deletion protection and recovery to a point in time: the two that a console's click can take away."""
    asked = account.client("dynamodb")
    for name in TABLES:
        table = f"mslj-{stage}-{name}"
        protected = asked.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled", False)
        recovery = asked.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        kept = (
            recovery.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED"
        )
        missing = [word for word, on in (("删除保护", protected), ("时间点恢复", kept)) if not on]
        told = f"没有开{'、'.join(missing)}，请再部署一次" if missing else "有删除保护和时间点恢复"
        yield Said(f"表 {table}", not missing, told)


def alarms(account: Account, stage: str, _: Values) -> Iterator[Said]:
    """What rings now; among it, whether last night found a line of history that nobody was told (untold-lines)."""
    pages = account.client("cloudwatch").get_paginator("describe_alarms")
    found = [
        each for page in pages.paginate(AlarmNamePrefix=f"mslj-{stage}-") for each in page["MetricAlarms"]
    ]
    ringing = [each for each in found if each["StateValue"] == "ALARM"]
    for each in ringing:
        yield Said(f"告警 {each['AlarmName']}", False, each.get("AlarmDescription", ""))
    names = {each["AlarmName"].removeprefix(f"mslj-{stage}-") for each in found}
    if "untold-lines" not in names:
        yield Said("流水都通知到了", False, "没有这个告警，请用新版本再部署一次")
    elif not any(each["AlarmName"].endswith("untold-lines") for each in ringing):
        yield Said("流水都通知到了", True, "昨夜核对过，没有漏下的")
    if found and not ringing:
        yield Said("告警", True, f"{len(found)} 个都安静")


def secrets(account: Account, stage: str, values: Values) -> Iterator[Said]:
    """Each is asked for by its name: whoever looks needs no leave to list them."""
    path, ssm = f"/mslj/{stage}/secrets", account.client("ssm")
    wanted = list(OWN)
    wanted += [secret for given, asked in ASKED_FOR.items() if values.get(given) for secret in asked]
    wanted += [secret for given, asked in PUSHED.items() if values.get(given) for secret in asked]
    names = [f"{path}/{secret}" for secret in wanted]
    asked = [
        names[first : first + 10] for first in range(0, len(names), 10)
    ]  # as many as SSM answers at once
    missing = [name for ten in asked for name in ssm.get_parameters(Names=ten)["InvalidParameters"]]
    told = f"参数仓库里缺 {'、'.join(missing)}，请补上再执行 make renew STAGE={stage}"
    yield Said("密钥", not missing, told if missing else f"{len(wanted)} 项都有")


def address(account: Account, _: str, values: Values) -> Iterator[Said]:
    url = values.get("PublicUrl", "")
    if not url:
        yield Said("网址", False, '还没有定：SET="PublicUrl=https://…/"。没有它不能印点位码')
        return
    host = urlsplit(url).hostname or ""
    try:
        urllib.request.urlopen(f"{url}s/", timeout=SECONDS)
        fine, told = True, "可以访问"
    except urllib.error.HTTPError as answer:
        fine, told = answer.code < 500, f"应答 {answer.code}"
    except (OSError, ValueError) as fault:
        fine, told = False, f"{host} 还不能访问（{type(fault).__name__}），请检查域名解析和证书"
    yield Said("网址", fine, f"{url} {told}")
    if account.is_china:
        yield Said("备案", True, f"中国区域要求 {host} 已在工信部备案，请确认备案号还有效（这里查不到）")


def certificate(account: Account, _: str, values: Values) -> Iterator[Said]:
    arn = values.get("CertificateArn", "")
    if not arn:
        yield Said("证书", True, "没有设 CertificateArn，域名由别处提供")
        return
    found = account.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    host = urlsplit(values.get("PublicUrl", "")).hostname or ""
    names = found.get("SubjectAlternativeNames", [])
    wild = f"*.{host.partition('.')[2]}"
    if host not in names and wild not in names:
        yield Said("证书", False, f"证书不包含 {host}，只有 {'、'.join(names)}")
    left = found["NotAfter"] - datetime.now(UTC) if "NotAfter" in found else timedelta()
    fine = found["Status"] == "ISSUED" and left > timedelta(days=CERTIFICATE_DAYS)
    yield Said("证书", fine, f"{found['Status']}，还有 {left.days} 天" + ("" if fine else "，请尽快更换"))


def platforms(_: Account, __: str, values: Values) -> Iterator[Said]:
    for name, base, given in (
        ("微信", "WechatBaseUrl", "WechatAppid"),
        ("企业微信", "WecomBaseUrl", "WecomCorpId"),
    ):
        if not values.get(base):
            yield Said(name, True, "没有配置，消息只进收件箱和电话清单")
            continue
        try:
            urllib.request.urlopen(f"{values[base]}/cgi-bin/getcallbackip", timeout=SECONDS)
            yield Said(name, bool(values.get(given)), "可以连通" if values.get(given) else f"缺 {given}")
        except OSError as fault:
            yield Said(
                name, False, f"{values[base]} 连不上（{type(fault).__name__}），请检查本机网络和这个网址"
            )
    if values.get("WechatBaseUrl"):
        yield _templates(values.get("WechatTemplates", ""))
    if values.get("WecomBaseUrl") and not values.get("SendSubnetIds", "").strip(","):
        yield Said(
            "企业微信可信 IP",
            False,
            "send 没有固定出口地址，企业微信会拒绝（60020）；见 docs/deploying.zh.md",
        )


def _templates(text: str) -> Said:
    try:
        count = len(json.loads(text or "{}"))
    except ValueError:
        return Said("微信订阅消息模板", False, "WechatTemplates 不是 JSON，请按 docs/deploying.zh.md 改正")
    return Said(
        "微信订阅消息模板",
        count > 0,
        f"{count} 个" if count else "一个也没有，居民收不到微信消息；请在公众平台选用后填进 WechatTemplates",
    )


def a_report(account: Account, stage: str, values: Values) -> Iterator[Said]:
    if values.get("Practice") != "true":
        yield Said("走一遍", True, "正式环境不试报；请另建演练环境（Practice=true）执行一次 make doctor")
        return
    for what, fine, told in canary.walk(account, stage):
        yield Said(what, fine, told)


CHECKS: dict[str, Check] = {
    "区域": region,
    "函数并发配额": quota,
    "本机时钟": clock,
    "堆栈": stack,
    "管时限的函数": places,
    "部署包的存储桶": bucket,
    "表": tables,
    "告警": alarms,
    "密钥": secrets,
    "网址": address,
    "证书": certificate,
    "微信和企业微信": platforms,
    "走一遍": a_report,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        aws.check_stage(chosen.stage)
        found = []
        for said in examine(aws.account(chosen.region, chosen.profile), chosen.stage):
            print(said, flush=True)
            found.append(said)
        if waiting := sum(not said.ok for said in found):
            raise Refused(f"{waiting} 件要办，其余 {len(found) - waiting} 件都好")
        print("都好。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
