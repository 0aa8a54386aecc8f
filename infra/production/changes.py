"""From a template in the bucket to a stack: the change set is made, shown, held against what must never happen, executed."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from infra.production.aws import Refused

HOLDS_DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
STEP_SECONDS = 3.0
WORDS = {"Add": "新增", "Modify": "修改", "Remove": "删除", "Import": "接管", "Dynamic": "待定"}
# CloudFormation itself refuses then, also from its console: data is never replaced or removed by an update.
STACK_POLICY = {
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["Update:Replace", "Update:Delete"],
            "Resource": "*",
            "Condition": {"StringEquals": {"ResourceType": list(HOLDS_DATA)}},
        },
    ]
}
Change = dict[str, Any]
Stack = dict[str, Any]


def find_stack(stacks: Any, name: str) -> Stack | None:
    """The stack, None when there is none yet. Raises Refused for one that cannot be changed now."""
    from botocore.exceptions import ClientError

    try:
        found: Stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as fault:
        if "does not exist" in str(fault):
            return None
        raise
    status = found["StackStatus"]
    if status in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE"):
        return None
    if status == "ROLLBACK_COMPLETE":
        raise Refused(f"堆栈 {name} 上一次没有建成，请先在控制台删除这个堆栈（表和照片会保留），再部署一次")
    if status.endswith("_IN_PROGRESS"):
        raise Refused(f"堆栈 {name} 正在变更（{status}），请等它完成再试")
    if status.endswith("_FAILED"):
        raise Refused(f"堆栈 {name} 处于 {status}，请在控制台“继续回滚”，成功后再部署")
    return found


def live_digest(stack: Stack | None) -> str:
    """Of the package that the stack runs; "" for none, and for one of before this was said."""
    outputs = {each["OutputKey"]: each["OutputValue"] for each in (stack or {}).get("Outputs", [])}
    return str(outputs.get("PackageDigest", ""))


def parameters(template: dict[str, Any], stack: Stack | None, given: dict[str, str]) -> list[dict[str, Any]]:
    """What is given now; else as it was; else the template's default. Raises Refused for a name it does not know."""
    known = template["Parameters"]
    if unknown := sorted(set(given) - set(known)):
        raise Refused(f"没有这个参数：{'、'.join(unknown)}。可用的有：{'、'.join(sorted(known))}")
    before = {each["ParameterKey"] for each in (stack or {}).get("Parameters", [])}
    said = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    return said + [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in known
        if name in before and name not in given
    ]


def prepare(stacks: Any, name: str, **asked: Any) -> tuple[str, list[Change]]:
    """Make a change set; its id and what it would change: nothing, when all is so already. Raises Refused."""
    made = stacks.create_change_set(
        StackName=name, ChangeSetName=f"deploy-{time.time_ns()}", Capabilities=CAPABILITIES, **asked
    )["Id"]
    while (said := stacks.describe_change_set(ChangeSetName=made))["Status"] in (
        "CREATE_PENDING",
        "CREATE_IN_PROGRESS",
    ):
        time.sleep(STEP_SECONDS)
    if said["Status"] == "FAILED":
        stacks.delete_change_set(ChangeSetName=made)
        reason = said.get("StatusReason", "")
        if "didn't contain changes" in reason or "No updates" in reason:
            return made, []
        raise Refused(f"变更没有准备好：{reason}")
    found = list(said["Changes"])
    while "NextToken" in said:
        said = stacks.describe_change_set(ChangeSetName=made, NextToken=said["NextToken"])
        found += said["Changes"]
    return made, [each["ResourceChange"] for each in found]


def shown(changes: Iterable[Change]) -> list[str]:
    """One line for each change, those that take something away first."""
    order = sorted(
        changes, key=lambda each: (not _takes_away(each), each["Action"], each["LogicalResourceId"])
    )
    return [
        f"  {WORDS.get(each['Action'], each['Action'])}  {each['LogicalResourceId']}（{each['ResourceType']}）"
        + ("　← 会删掉重建" if each.get("Replacement") == "True" else "")
        for each in order
    ]


def guard(changes: Iterable[Change]) -> None:
    """Raises Refused when a table, the photos or the key of the identities would be replaced or removed."""
    lost = [
        each["LogicalResourceId"]
        for each in changes
        if _takes_away(each) and each["ResourceType"] in HOLDS_DATA
    ]
    if lost:
        raise Refused(
            f"这次变更会删除或重建保存数据的资源：{'、'.join(sorted(lost))}。没有执行，请联系开发人员"
        )


def _takes_away(change: Change) -> bool:
    return change["Action"] == "Remove" or change.get("Replacement") == "True"


def execute(stacks: Any, name: str, change_set: str, *, is_new: bool, say: Callable[[str], None]) -> Stack:
    """Carry it out and wait. The policy is set before an update, and after a creation. Raises Refused with the reasons."""
    if not is_new:
        stacks.set_stack_policy(StackName=name, StackPolicyBody=json.dumps(STACK_POLICY))
    stacks.execute_change_set(ChangeSetName=change_set, StackName=name)
    said = ""
    while (stack := _now(stacks, name))["StackStatus"].endswith("_IN_PROGRESS"):
        if stack["StackStatus"] != said:
            said = stack["StackStatus"]
            say(f"  {said}……")
        time.sleep(STEP_SECONDS)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise Refused(
            f"部署没有成功（{stack['StackStatus']}），已退回原样。原因：\n"
            + "\n".join(_reasons(stacks, name))
        )
    if is_new:
        stacks.set_stack_policy(StackName=name, StackPolicyBody=json.dumps(STACK_POLICY))
    return stack


def _now(stacks: Any, name: str) -> Stack:
    found: Stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
    return found


def _reasons(stacks: Any, name: str) -> list[str]:
    events = stacks.describe_stack_events(StackName=name)["StackEvents"]
    failed = [each for each in events if each.get("ResourceStatus", "").endswith("_FAILED")]
    return [
        f"  {each['LogicalResourceId']}：{each.get('ResourceStatusReason', '')}"
        for each in reversed(failed[:10])
    ]
