"""What a deployment decides, as one typed model. The only reader of os.environ; the template sets the variables."""

import os
from collections.abc import Mapping
from functools import cache

from pydantic import Field, ValidationError, field_validator

from chalicelib.domain.identity import addresses
from chalicelib.domain.model import Frozen


class BadSettings(Exception):
    """The deployment's environment does not hold what the code needs. Names every variable at fault."""


class Settings(Frozen):
    """One field per environment variable, same name in lower case. Those without a default must be set."""

    tickets_table: str
    work_table: str
    identities_table: str
    photos_bucket: str
    send_queue_url: str
    jobs_queue_url: str
    escalation_arn: str
    follow_up_arn: str
    reveal_function: str
    secrets_parameter: str
    public_url: str = ""  # must be a domain of the town's own before codes are printed; "" refuses to print
    s3_public_endpoint: str = ""  # where a resident's browser reaches S3; "" is the region's own endpoint
    wechat_verify_name: str = ""  # WeChat's domain check: the file's name, such as MP_verify_AbC.txt, …
    wechat_verify_content: str = ""  # … and what it holds
    wechat_base_url: str = (
        ""  # https://api.weixin.qq.com ; "" where the town has no mini-program: messages go to the log
    )
    wechat_appid: str = ""
    wechat_templates: str = ""  # JSON, domain/subscribe.py: which notices go out as which subscribe message
    wecom_base_url: str = (
        ""  # https://qyapi.weixin.qq.com ; "" where staff have no WeCom: messages go to the log
    )
    wecom_corp_id: str = ""
    wecom_agent_id: str = Field(default="", pattern=r"^[0-9]{0,12}$")
    console_url: str = (
        ""  # where staff open a ticket: its id is added at the end; "" sends messages without a link
    )
    keep_identity_days: int = Field(default=365, ge=1)  # after closing; then nobody knows who reported it
    keep_case_days: int = Field(
        default=1826, ge=1
    )  # after closing; then the case itself is removed: five years
    trusted_proxies: str = (
        ""  # addresses and nets of the town's own proxies, by commas; only their X-Forwarded-For counts
    )
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


@cache
def settings() -> Settings:
    """The settings of this process, read once. Tests that change them call `settings.cache_clear()`."""
    return read(os.environ)
