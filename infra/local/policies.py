"""Every policy of a deployment as the judge reads it: the functions' own, those of buckets, queues, tables and keys.

From the very files that are deployed (.chalice/policy-*.json, infra/resources), names put in for one stage and account.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from infra import package
from infra.local.place import ACCOUNT, REGION, STAGE
from infra.local.runtime.judge import Rules, Statement


class Where(NamedTuple):
    stage: str = STAGE
    account: str = ACCOUNT
    region: str = REGION
    partition: str = "aws"
    suffix: str = "amazonaws.com"


def rules(where: Where = Where(), resources: dict[str, Any] | None = None) -> Rules:  # noqa: B008
    """`resources`: the template's, other than this checkout's. Raises KeyError for a name that no resource has."""
    made = resources or package.resources()["Resources"]
    names = _Names(where, made)
    return Rules(
        where.account,
        where.region,
        where.suffix,
        functions={name: names.put_in(_own(file)) for name, file in _files().items()},
        resources=dict(_of_resources(made, names)),
        keys=dict(_of_keys(made, names)),
        roles={name: names.role(_logical(name)) for name in _files()},
    )


def written(file: Path, found: Rules) -> Path:
    """The rules in a file, for the workers of the local cloud."""
    file.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return file


def _files() -> dict[str, str]:
    """The deployed name of each function -> its policy file. chalice calls the API's function api_handler."""
    config = json.loads((package.ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return {
        "api" if name == "api_handler" else name: each["iam_policy_file"]
        for name, each in config["lambda_functions"].items()
    }


def _own(file: str) -> list[Statement]:
    text = (package.ROOT / ".chalice" / file).read_text(encoding="utf-8")
    found: list[Statement] = json.loads(text)["Statement"]
    return found


def _logical(function: str) -> str:
    """The logical id that chalice gives the function's role."""
    name = "api_handler" if function == "api" else function
    return "".join(word.capitalize() for word in name.split("_")) + "Role"


def _of_resources(made: dict[str, Any], names: "_Names") -> Any:
    for logical, each in made.items():
        if each.get("Type") == "AWS::S3::BucketPolicy":
            yield names.arn_of(each["Properties"]["Bucket"]["Ref"]), _statements(each, names)
        if "ResourcePolicy" in each.get("Properties", {}):
            own = each["Properties"]["ResourcePolicy"]["PolicyDocument"]["Statement"]
            yield names.arn_of(logical), names.put_in(own)
        if each.get("Type") == "AWS::SQS::QueuePolicy":
            for queue in each["Properties"]["Queues"]:
                yield names.arn_of(queue["Ref"]), _statements(each, names)


def _statements(resource: dict[str, Any], names: "_Names") -> list[Statement]:
    found: list[Statement] = names.put_in(resource["Properties"]["PolicyDocument"]["Statement"])
    return found


def _of_keys(made: dict[str, Any], names: "_Names") -> Any:
    """A table under a key of our own; "alias/aws/dynamodb" or none at all asks nobody for a grant."""
    for logical, each in made.items():
        if each.get("Type") != "AWS::DynamoDB::Table":
            continue
        named = json.dumps(each["Properties"].get("SSESpecification", {}).get("KMSMasterKeyId", ""))
        for key in re.findall(r'"(\w+)"', named):
            if made.get(key, {}).get("Type") == "AWS::KMS::Key":
                policy = made[key]["Properties"]["KeyPolicy"]["Statement"]
                yield names.arn_of(logical), names.put_in(policy)


class _Names:
    """Ref, Fn::GetAtt and Fn::Sub as CloudFormation would put them in, for what policies name."""

    def __init__(self, where: Where, made: dict[str, Any]) -> None:
        self.where, self._made = where, made
        self._pseudo = {
            "AWS::Partition": where.partition,
            "AWS::Region": where.region,
            "AWS::AccountId": where.account,
            "AWS::URLSuffix": where.suffix,
            "Stage": where.stage,
        }

    def role(self, logical: str) -> str:
        return f"arn:{self.where.partition}:iam::{self.where.account}:role/mslj-{self.where.stage}-{logical}"

    def arn_of(self, logical: str) -> str:
        if logical.endswith("Role"):
            return self.role(logical)
        here = f"{self.where.partition}:{{}}:{self.where.region}:{self.where.account}"
        kind = self._made[logical]["Type"]
        if kind == "AWS::DynamoDB::Table":
            return f"arn:{here.format('dynamodb')}:table/{self._named(logical)}"
        if kind == "AWS::SQS::Queue":
            return f"arn:{here.format('sqs')}:{self._named(logical)}"
        if kind == "AWS::S3::Bucket":
            return f"arn:{self.where.partition}:s3:::{self._named(logical)}"
        return f"arn:{here.format('lambda')}:function:{self._named(logical)}"

    def put_in(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.put_in(each) for each in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            return self._known(value["Ref"])
        if set(value) == {"Fn::GetAtt"}:
            return self.arn_of(value["Fn::GetAtt"][0])
        if set(value) == {"Fn::Sub"}:
            return re.sub(r"\$\{([^}]+)}", lambda match: self._known(match[1]), value["Fn::Sub"])
        return {key: self.put_in(each) for key, each in value.items()}

    def _known(self, name: str) -> str:
        return self._pseudo[name] if name in self._pseudo else self._named(name)

    def _named(self, logical: str) -> str:
        said = self._made[logical]["Properties"]
        name = next(
            said[key] for key in ("TableName", "QueueName", "BucketName", "FunctionName") if key in said
        )
        return str(self.put_in(name))
