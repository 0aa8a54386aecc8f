"""What a deployment decides, as one typed model. The only reader of os.environ; the template sets the variables."""

import os
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pydantic import Field, ValidationError, field_validator

from chalicelib.domain.identity import addresses
from chalicelib.domain.model import Frozen

_CHOICES = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    *("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
)
_ORDINARY = frozenset(
    {"af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"}
)  # what a region's name begins with


class BadSettings(Exception):
    """The deployment's environment does not hold what the code needs. Names every variable at fault."""


class Settings(Frozen):
    """One field per environment variable, same name in lower case. Those without a default must be set."""

    tickets_table: str
    work_table: str
    identities_table: str
    traces_table: str
    photos_bucket: str
    traces_bucket: str
    recordings_bucket: str
    send_queue_url: str
    jobs_queue_url: str
    escalation_arn: str
    follow_up_arn: str
    reveal_function: str
    jobs_function: str
    secrets_path: str
    public_url: str = ""  # must be a domain of the town's own before codes are printed; "" refuses to print
    s3_public_endpoint: str = ""  # where a resident's browser reaches S3; "" is the region's own endpoint
    wechat_verify_name: str = ""  # WeChat's domain check: the file's name, such as MP_verify_AbC.txt, …
    wechat_verify_content: str = ""  # … and what it holds
    # https://api.weixin.qq.com ; "" where the town has no mini-program: messages go to the log
    wechat_base_url: str = ""
    wechat_appid: str = ""
    wechat_templates: str = ""  # JSON, domain/subscribe.py: which notices go out as which subscribe message
    # https://qyapi.weixin.qq.com ; "" where staff have no WeCom: messages go to the log
    wecom_base_url: str = ""
    wecom_corp_id: str = ""
    wecom_agent_id: str = Field(default="", pattern=r"^[0-9]{0,12}$")
    # Where staff open a ticket: its id is added at the end; "" sends messages without a link
    console_url: str = ""
    keep_identity_days: int = Field(default=365, ge=1)  # after closing; then nobody knows who reported it
    keep_case_days: int = Field(
        default=1826, ge=1
    )  # after closing; then the case itself is removed: five years
    # Addresses and nets of the town's own proxies, by commas; only their X-Forwarded-For counts
    trusted_proxies: str = ""
    # of what one key would not carry in a city, such as the marks of what to count: 1 for a town; only ever raised
    shelves: int = Field(default=1, ge=1, le=64)
    stage: str = "local"
    practice: bool = False  # 演练: new tickets are marked, and told to nobody outside

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        addresses.networks(text)
        return text


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment holds. An empty variable counts as not set. Raises BadSettings."""
    named = {name: environment.get(name.upper(), "") for name in Settings.model_fields}
    try:
        return Settings.model_validate({name: value for name, value in named.items() if value != ""})
    except ValidationError as error:
        wrong = "; ".join(f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise BadSettings(f"environment variables of this deployment: {wrong}") from None


def runs_in_lambda() -> bool:
    """Whether this process is a function of a deployment, and not a test, a command or `chalice local`."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def go_between() -> str:
    """The module whose GO_BETWEENS hear what is asked of DynamoDB: the local cloud's judge and plays. "" on AWS."""
    return os.environ.get("MSLJ_GO_BETWEEN", "")


def services() -> str:
    """The module whose `client` stands where AWS's services would: of a town hall's own machine. "" on AWS."""
    return os.environ.get("MSLJ_SERVICES", "")


class AwsAccess(NamedTuple):
    """What a Lambda's environment says of AWS: credentials for as long as the process lives, and where DynamoDB is asked."""

    access_key: str
    secret_key: str
    token: str
    region: str
    url: str


def find_aws_access(environment: Mapping[str, str] = os.environ) -> AwsAccess | None:
    """None wherever the environment leaves a choice (a profile, a proxy, no address), which botocore knows how to make."""
    if any(environment.get(name) for name in _CHOICES):
        return None
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
    url = (
        environment.get("AWS_ENDPOINT_URL_DYNAMODB")
        or environment.get("AWS_ENDPOINT_URL")
        or _address_in(region)
    )
    keys = (environment.get("AWS_ACCESS_KEY_ID", ""), environment.get("AWS_SECRET_ACCESS_KEY", ""))
    if not (region and url and all(keys)):
        return None
    return AwsAccess(*keys, environment.get("AWS_SESSION_TOKEN", ""), region, url)


def _address_in(region: str) -> str:
    """Where a function of a deployment asks DynamoDB; "" for regions apart, which botocore knows."""
    first = region.partition("-")[0]
    if not runs_in_lambda() or "-iso" in region:
        return ""
    if first == "cn":
        return f"https://dynamodb.{region}.amazonaws.com.cn"
    return f"https://dynamodb.{region}.amazonaws.com" if first in _ORDINARY else ""


@cache
def settings() -> Settings:
    """The settings of this process, read once. Tests that change them call `settings.cache_clear()`."""
    return read(os.environ)
