"""The deployment's own files, for tests that hold them against each other."""

import json

from infra import package

CONFIG = json.loads((package.ROOT / ".chalice" / "config.json").read_text())
RESOURCES = package.resources()


def merged_with_functions():
    """What is merged over chalice's template; enough for everything that only reads names and mappings."""
    return RESOURCES


def cfn_name(function):
    """The logical id that chalice gives a function."""
    return (
        "APIHandler"
        if function == "api_handler"
        else "".join(word.capitalize() for word in function.split("_"))
    )


def policy(function):
    """The statements of a function's own policy file."""
    named = CONFIG["lambda_functions"][function]["iam_policy_file"]
    return json.loads((package.ROOT / ".chalice" / named).read_text())["Statement"]
