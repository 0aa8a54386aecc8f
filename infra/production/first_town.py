"""`make first-town STAGE=prod TOWN=folder ADMIN=code CONFIRMER=code`: from an empty deployment to two signed-in people.

The first import cannot come through the API, which wants an administrator, who comes from the town's own files. What one
person may not do alone an administrator does and a leader confirms: both get a code, each once, for a quarter of an hour.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local.town import files_of, import_folder, told
from infra.production import aws
from infra.production.aws import Account, Refused

CONFIRM = ("station_head", "area_leader", "town_leader")


def enter(account: Account, stage: str, profile: str) -> None:
    """Take on the settings of the deployed API function, before a store is imported. Raises Refused."""
    functions = account.client("lambda")
    try:
        found = functions.get_function_configuration(FunctionName=f"mslj-{stage}-api")
    except functions.exceptions.ResourceNotFoundException:
        raise Refused(f"环境 {stage} 还没有部署，请先执行 make deploy STAGE={stage}") from None
    os.environ.update({**found["Environment"]["Variables"], "AWS_DEFAULT_REGION": account.region})
    if profile:
        os.environ["AWS_PROFILE"] = profile


def check(files: Mapping[str, bytes], admin: str, confirmer: str) -> None:
    """Raises Refused for two who cannot be the first; Refusal, with every bad row, for a town that is not whole."""
    from chalicelib import clock
    from chalicelib.actions.town import importing

    if admin == confirmer:
        raise Refused("ADMIN 和 CONFIRMER 要是两个人：一个人办、另一个人确认")
    checked = importing.check(files, hand_over_to={}, now=clock.now())
    staff = {person.code: person for person in checked.town.staff}
    for name, code, roles in (("ADMIN", admin, ("admin",)), ("CONFIRMER", confirmer, CONFIRM)):
        if code not in staff:
            raise Refused(f"{name}={code} 不在 staff.csv 里，请检查编码")
        if not set(map(str, staff[code].roles)) & set(roles):
            raise Refused(f"{name}={code} 在 staff.csv 里没有这些角色之一：{'、'.join(roles)}")


def begin(folder: Path, admin: str, confirmer: str) -> dict[str, str]:
    """Import, and a sign-in code for each of the two. Inside the deployment's settings. Raises Refused, Refusal."""
    from chalicelib import clock
    from chalicelib.store.identity import sign_in_codes
    from chalicelib.store.town import directory

    if directory.find_pointer() is not None:
        raise Refused("这个环境已有镇的资料，请由管理员登录后在工作台导入；登录码由工作站发")
    check(files_of(folder), admin, confirmer)
    import_folder(folder, {})
    return {code: sign_in_codes.issue(code, clock.now()) for code in (admin, confirmer)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("town", type=Path)
    for name in ("admin", "confirmer"):
        parser.add_argument(f"--{name}", required=True)
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        aws.check_stage(chosen.stage)
        if not files_of(chosen.town):
            raise Refused(f"{chosen.town} 里没有 CSV 文件，请检查文件夹路径")
        enter(aws.account(chosen.region, chosen.profile), chosen.stage, chosen.profile)
        from chalicelib.domain.errors import Refusal

        try:
            codes = begin(chosen.town, chosen.admin, chosen.confirmer)
        except Refusal as refusal:
            details = [each for each in refusal.details.values() if isinstance(each, list | tuple)]
            raise Refused(
                "\n  ".join([refusal.message, *(told(row) for rows in details for row in rows)])
            ) from None
        for code, signs_in in codes.items():
            print(f"{code} 的登录码：{signs_in}（15 分钟内用一次）")
        print("请两人现在就登录工作台。其他人的登录码由工作站或管理员发。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
