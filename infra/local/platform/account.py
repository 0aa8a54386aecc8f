"""The town's account on the stand-in: what its administrator would copy from mp.weixin.qq.com and work.weixin.qq.com."""

import base64
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]

APPID = "wx0123456789abcdef"
CORP_ID = "ww0123456789abcdef"
AGENT_ID = "1000002"
SECRETS = {
    "wechat_secret": "stand-in-wechat",
    "wechat_push_token": "standInWechatToken",
    "wechat_aes_keys": base64.b64encode(b"stand-in WeChat, not a secret...").decode().rstrip("="),
    "wecom_secret": "stand-in-wecom",
    "wecom_push_token": "standInWecomToken",
    "wecom_aes_keys": base64.b64encode(b"stand-in WeCom, not a secret....").decode().rstrip("="),
    "wecom_robot_key": "stand-in-robot",
}
_APP = json.loads((ROOT / "clients" / "miniprogram" / "app.json").read_text(encoding="utf-8"))
PAGES = (
    *_APP["pages"],
    *(f"{apart['root']}/{page}" for apart in _APP["subPackages"] for page in apart["pages"]),
)
# As granted to the account: id, whether one-time, and its fields.
TEMPLATES: dict[str, dict[str, Any]] = {
    "stand-in-progress": {
        "kind": "one_time",
        "fields": ("character_string1", "thing2", "phrase3", "thing4", "time5"),
    },
    "stand-in-question": {"kind": "one_time", "fields": ("character_string1", "thing2", "thing3")},
    "stand-in-long-term": {"kind": "long_term", "fields": ("character_string1", "thing2")},
}
# Which of our notices use them. The same consent serves what comes first, so only what a resident waits for.
USED = [
    {
        "id": "stand-in-question",
        "notices": ["resolved_ask", "waiting_for_you", "assigned"],
        "fields": {"character_string1": "number", "thing2": "place", "thing3": "title"},
    },
    {
        "id": "stand-in-progress",
        "notices": ["answered", "dispatched", "declined", "forwarded", "extension_granted", "closed"],
        "fields": {
            "character_string1": "number",
            "thing2": "place",
            "phrase3": "stage",
            "thing4": "unit",
            "time5": "at",
        },
    },
]


def settings(base: str) -> dict[str, str]:
    """The environment of a deployment whose platforms are the stand-in at `base`, such as http://127.0.0.1:4580."""
    return {
        "WECHAT_BASE_URL": f"{base}/wechat",
        "WECHAT_APPID": APPID,
        "WECHAT_TEMPLATES": json.dumps(USED, ensure_ascii=False),
        "WECOM_BASE_URL": f"{base}/wecom",
        "WECOM_CORP_ID": CORP_ID,
        "WECOM_AGENT_ID": AGENT_ID,
    }
