"""A deployment held still: no function runs, for people, for the stream, for a queue or for a schedule.

Lambda runs nothing of a function that has no concurrency reserved for it: requests are refused, the stream and the
queues wait, and what a schedule asked for is dropped after its minute. It lasts until `release`, over any interruption:
a tag on each function says what it had before, which it gets back.
"""

import json
from collections.abc import Iterator
from typing import Any

from infra import package
from infra.production import reserving
from infra.production.aws import Deployment

HELD, SHARED = "mslj-held", "shared"  # the tag, and what it says of a function that had no place of its own


def functions(deployment: Deployment) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The name in AWS of every function of the deployment, with the statements of its own policy."""
    config = json.loads((package.ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    for name, each in config["lambda_functions"].items():
        policy = json.loads((package.ROOT / ".chalice" / each["iam_policy_file"]).read_text(encoding="utf-8"))
        deployed = "api" if name == "api_handler" else name
        yield f"mslj-{deployment.stage}-{deployed}", policy["Statement"]


def hold(deployment: Deployment) -> None:
    """The local cloud has no such thing; there only conditions protect what was acknowledged meanwhile."""
    called = deployment.client("lambda")
    for name, arn in _there(deployment):
        if HELD not in called.list_tags(Resource=arn)["Tags"]:
            before = reserving.reserved(called, name)
            called.tag_resource(Resource=arn, Tags={HELD: SHARED if before is None else str(before)})
        called.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def release(deployment: Deployment) -> None:
    """Each gets back what it had; what was not held is left alone."""
    called = deployment.client("lambda")
    for name, arn in _there(deployment):
        before = called.list_tags(Resource=arn)["Tags"].get(HELD)
        if before is None:
            continue
        if before == SHARED:
            called.delete_function_concurrency(FunctionName=name)
        else:
            called.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(before))
        called.untag_resource(Resource=arn, TagKeys=[HELD])


def _there(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Name and ARN of each that is deployed: tables alone are restored too."""
    called = deployment.client("lambda")
    for name, _ in functions(deployment) if deployment.stage != "local" else ():
        try:
            yield name, called.get_function_configuration(FunctionName=name)["FunctionArn"]
        except called.exceptions.ResourceNotFoundException:
            continue


def keep_secrets(deployment: Deployment) -> list[str]:
    """Those that read the secrets, once a process: whoever may read them, by its own policy."""
    return [
        name
        for name, statements in functions(deployment)
        if any("ssm:GetParameter" in each["Action"] for each in statements)
    ]


def wake_afresh(deployment: Deployment) -> list[str]:
    """New processes for all that may hold an older secret: a changed setting of a function ends its old ones."""
    called, woken = deployment.client("lambda"), []
    for name in keep_secrets(deployment):
        try:
            found = called.get_function_configuration(FunctionName=name)
        except called.exceptions.ResourceNotFoundException:
            continue  # tables alone are restored too
        turned = "renewed" if found.get("Description", "") != "renewed" else "renewed again"
        called.update_function_configuration(FunctionName=name, Description=turned)
        woken.append(name)
    return woken
