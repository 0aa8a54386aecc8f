"""`make deploy STAGE=prod [REGION= PROFILE= BUCKET= SET="PublicUrl=https://…/" PARAMETERS=file.json YES=1]`.

Builds, uploads, shows what would change, asks, executes, and asks the new version a question. What was set once stays.
"""

import argparse
import json
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.identity.addresses import networks
from chalicelib.gateways.secrets import OWN, SHORTEST
from infra import package
from infra.production import aws, changes, packages, quotas, smoke, standing
from infra.production.aws import Account, Refused


def deploy(
    account: Account,
    stage: str,
    bucket: packages.Bucket,
    digest: str,
    given: dict[str, str],
    *,
    yes: bool,
    is_rollback: bool = False,
) -> bool:
    """Make the stage what the package of this digest says; False when somebody said no. Raises Refused.

    Noted in the history before it is carried out, but for a rollback, which takes off what it leaves.
    """
    stacks, name = account.client("cloudformation"), f"mslj-{stage}"
    stack = changes.find_stack(stacks, name)
    template = json.loads(bucket.read(packages.template_key(stage, digest)) or b"{}")
    told = {"FirstCreation": "false"} if stack else standing.parameters(account, stage)
    told = {key: value for key, value in told.items() if key in template["Parameters"]}
    if wrong := [key for key in ("Stage", "FirstCreation", "IdentitiesKeyArn") if key in given]:
        raise Refused(f"{'、'.join(wrong)} 由部署命令自己决定，不能用 SET= 改；换一个环境请用 STAGE=")
    given = {"Stage": stage, **given, **told}
    check(account, values := _values(template, stack, given))
    quotas.check(account, practice=values.get("Practice") == "true")
    change_set, found = _prepared(account, bucket, digest, template, stack, given)
    if not found:
        print("没有需要变更的内容。改了密钥要让它生效，请执行 make renew。")
        return True
    print(
        f"{name}（{account.region}，账号 {account.id}）将要变更 {len(found)} 项：",
        *changes.shown(found),
        sep="\n",
    )
    changes.guard(found)
    if not (yes or input("执行以上变更吗？输入 y 执行：").strip().lower() == "y"):
        stacks.delete_change_set(ChangeSetName=change_set, StackName=name)
        print("没有执行。")
        return False
    ensure_secrets(account, stage)
    if not is_rollback:
        packages.note_begun(bucket, stage, digest, changes.live_digest(stack), datetime.now(UTC))
    changes.execute(stacks, name, change_set, is_new=stack is None, say=print)
    if values.get("IdentitiesKeyArn"):
        standing.grant_key(account, stage, template, values["IdentitiesKeyArn"])
    if given.get("FirstCreation") == "true":
        _protect(account, bucket, digest, template, given)
    return True


def _prepared(
    account: Account,
    bucket: packages.Bucket,
    digest: str,
    template: dict[str, Any],
    stack: changes.Stack | None,
    given: dict[str, str],
) -> tuple[str, list[changes.Change]]:
    stage = given["Stage"]
    asked: dict[str, Any] = {
        "TemplateURL": bucket.address(packages.template_key(stage, digest)),
        "Parameters": changes.parameters(template, stack, given),
        "ChangeSetType": "UPDATE" if stack else "CREATE",
    }
    if stack is None and given.get("FirstCreation") == "false":
        print("这个环境的表还在（堆栈删除后保留的），会接管它们，不会新建。")
        asked["ImportExistingResources"] = True
    return changes.prepare(account.client("cloudformation"), f"mslj-{stage}", **asked)


def _protect(
    account: Account, bucket: packages.Bucket, digest: str, template: dict[str, Any], given: dict[str, str]
) -> None:
    """The second step of a first creation: from now on nobody deletes a table, and no failure takes one away."""
    print("第一次建成，现在给三张表加上删除保护……")
    stacks, name = account.client("cloudformation"), f"mslj-{given['Stage']}"
    stack = changes.find_stack(stacks, name)
    change_set, found = _prepared(
        account, bucket, digest, template, stack, given | {"FirstCreation": "false"}
    )
    changes.guard(found)
    if found:
        changes.execute(stacks, name, change_set, is_new=False, say=print)


def check(account: Account, values: dict[str, str]) -> None:
    """What can be seen before anything is made. Raises Refused."""
    if not values.get("PublicUrl") and values.get("Practice") != "true":
        raise Refused(
            '正式环境必须先定网址：SET="PublicUrl=https://mslj.example.cn/"（演练环境可以不要，用 SET="Practice=true"）'
        )
    try:
        networks(values.get("TrustedProxies", ""))
    except ValueError as wrong:
        raise Refused(
            f'TrustedProxies 不对（{wrong}），请写成 SET="TrustedProxies=10.1.0.0/16,203.0.113.7"，只写自己的代理'
        ) from None
    certificate = values.get("CertificateArn", "")
    if certificate and certificate.split(":")[3:4] != [account.region]:
        raise Refused(f"证书 {certificate} 不在 {account.region}，区域型域名要用同一个区域的证书")


def ensure_secrets(account: Account, stage: str) -> None:
    """The keys that are nobody else's, made once and never changed. Raises Refused for one that is there and too short."""
    ssm = account.client("ssm")
    for name in OWN:
        path = f"/mslj/{stage}/secrets/{name}"
        try:
            held = ssm.get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            ssm.put_parameter(Name=path, Value=secrets.token_urlsafe(48), Type="SecureString")
            print(
                f"已生成密钥 {path}。请在控制台 Systems Manager → 参数仓库里抄一份，锁进保险柜；它不能更换。"
            )
            continue
        if len(held.encode()) < SHORTEST:
            raise Refused(f"{path} 不足 {SHORTEST} 位，请改正后再部署（已有数据的环境不能换新的）")


def _values(template: dict[str, Any], stack: changes.Stack | None, given: dict[str, str]) -> dict[str, str]:
    defaults = {name: str(each.get("Default", "")) for name, each in template["Parameters"].items()}
    before = {each["ParameterKey"]: each["ParameterValue"] for each in (stack or {}).get("Parameters", [])}
    return defaults | before | given


def read_given(pairs: list[str], file: Path | None) -> dict[str, str]:
    """Parameters from a JSON file, and name=value pairs, which win. Raises Refused."""
    try:
        given = json.loads(file.read_text(encoding="utf-8")) if file else {}
        named = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in given.items()
        }
    except (OSError, ValueError, AttributeError):
        raise Refused(
            f'{file} 读不出来，应为 JSON，例如 {{"PublicUrl": "https://mslj.example.cn/"}}'
        ) from None
    if bad := [pair for pair in pairs if "=" not in pair]:
        raise Refused(f"{'、'.join(bad)} 不是“名称=值”的形式；值里有空格的请写进文件，用 PARAMETERS=文件")
    return named | dict(pair.split("=", 1) for pair in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    aws.add_account(parser)
    parser.add_argument("--bucket", default="")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--parameters", type=Path)
    parser.add_argument(
        "--package", type=Path, help="a folder that `make package` wrote; else it is built now"
    )
    parser.add_argument("--yes", action="store_true")
    chosen = parser.parse_args()

    def run() -> None:
        aws.check_stage(chosen.stage)
        given = read_given(chosen.set, chosen.parameters)
        account = aws.account(chosen.region, chosen.profile)
        bucket = packages.bucket_of(account, chosen.bucket)
        digest = packages.upload(bucket, chosen.stage, chosen.package or _built(chosen.stage))
        if deploy(account, chosen.stage, bucket, digest, given, yes=chosen.yes):
            # Also one that does not answer: what is live is asked of the stack, this says only what was before it.
            packages.note_deployed(bucket, chosen.stage, digest, datetime.now(UTC))
            smoke.compare_code(account, chosen.stage, packages.code_digest(bucket, chosen.stage, digest))
            smoke.ask(account, chosen.stage)

    return aws.spoken(run)


def _built(stage: str) -> Path:
    out = package.ROOT / "dist" / stage
    try:
        package.build(out, stage=stage)
    except package.BadTemplate as trouble:
        raise Refused(f"打包没有成功：{trouble}") from None
    return out


if __name__ == "__main__":
    sys.exit(main())
