"""Schemas of what the mini-program asks of WeChat."""

from typing_extensions import TypedDict


class Subscription(TypedDict):
    """A template that consent may be asked for, and how many messages of it are still allowed."""

    id: str
    kind: str
    notices: tuple[str, ...]
    left: int


class Phone(TypedDict):
    """手机号快速验证, for the form; nothing is kept."""

    phone: str
