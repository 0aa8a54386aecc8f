"""After a deployment: does the new version answer? Asked of the function itself, then over the addresses people use."""

import json
import urllib.error
import urllib.request
from typing import Any

from infra.production.aws import Account, Refused

PATH = "staff/me"
EXPECTED = (401, "not_signed_in")  # its own refusal: routes, settings and code are all there
SECONDS = 15
EVENT: dict[str, Any] = {
    "resource": f"/{PATH}",
    "path": f"/{PATH}",
    "httpMethod": "GET",
    "headers": {},
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "body": None,
    "isBase64Encoded": False,
    "requestContext": {
        "resourcePath": f"/{PATH}",
        "httpMethod": "GET",
        "identity": {"sourceIp": "127.0.0.1"},
    },
}


def ask(account: Account, stage: str) -> None:
    """Raises Refused when the function does not answer; an address that does not is told, with what to look at."""
    if _invoked(account, stage) != EXPECTED:
        raise Refused(
            f"新版本没有正常应答，请查看函数 mslj-{stage}-api 的日志，或执行 make rollback STAGE={stage}"
        )
    print("接口函数应答正常。")
    stack = account.client("cloudformation").describe_stacks(StackName=f"mslj-{stage}")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    chosen = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    for address in (outputs.get("EndpointURL", ""), chosen.get("PublicUrl", "")):
        if address:
            print(f"  {address} {'可以访问' if _fetched(address) == EXPECTED else _hint(account, outputs)}")


def compare_code(account: Account, stage: str, wanted: str) -> None:
    """Raises Refused when a function runs other code than was uploaded: somebody else can write where it lay."""
    pages = account.client("lambda").get_paginator("list_functions").paginate()
    ours = [
        each
        for page in pages
        for each in page["Functions"]
        if each["FunctionName"].startswith(f"mslj-{stage}-")
    ]
    other = sorted(each["FunctionName"] for each in ours if each["CodeSha256"] != wanted)
    if other:
        raise Refused(
            f"{'、'.join(other)} 运行的程序和刚上传的不一样：存放程序的存储桶可能被别人改过。"
            f"请先停用（控制台把函数的并发数设为 0），检查存储桶的策略，换一个 BUCKET= 再部署"
        )


def _hint(account: Account, outputs: dict[str, str]) -> str:
    target = outputs.get("DomainTarget")
    dns = f"请把域名的 CNAME 指向 {target}" if target else "请检查域名解析和证书"
    return f"还不能访问：{dns}" + ("；中国区域要用已备案的域名" if account.is_china else "")


def _invoked(account: Account, stage: str) -> tuple[int, str]:
    answer = account.client("lambda").invoke(FunctionName=f"mslj-{stage}-api", Payload=json.dumps(EVENT))
    try:
        said = json.loads(answer["Payload"].read())
        return said["statusCode"], json.loads(said["body"])["code"]
    except (ValueError, KeyError, TypeError):
        return 0, ""


def _fetched(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{address}{PATH}", timeout=SECONDS) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, _code(refused.read())
    except (OSError, ValueError):
        return 0, ""


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""
