"""Reads values out of a template the way CloudFormation would, as far as the local cloud needs: Ref and Fn::Sub."""

import re
from typing import Any

from infra.local.place import ACCOUNT, REGION

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
}


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    """The properties of one resource, with parameters at their defaults put in. Raises KeyError for what it cannot know."""
    defaults = {key: str(value.get("Default", "")) for key, value in template.get("Parameters", {}).items()}
    resolved: dict[str, Any] = resolve(template["Resources"][name]["Properties"], {**PSEUDO, **defaults})
    return resolved


def resolve(value: Any, known: dict[str, str]) -> Any:
    """`value` with Ref and Fn::Sub replaced by what is `known`; a Ref to anything else stays as its logical name."""
    if isinstance(value, list):
        return [resolve(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return known.get(value["Ref"], value["Ref"])
    if set(value) == {"Fn::Sub"}:
        return re.sub(r"\$\{([^}]+)}", lambda match: known[match[1]], value["Fn::Sub"])
    return {key: resolve(each, known) for key, each in value.items()}
