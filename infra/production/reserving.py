"""Places of their own, among all that an account may run at once, for the functions that keep the clocks.

Without them a flood of requests takes every place, and nobody is told, reminded or escalated. A place that is reserved is
also a function's most, so each has as many as it ever needs; together they are taken from everybody else. AWS leaves at
least 100 unreserved, so a new account, which has ten in all, has none to give.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from infra.production import quotas
from infra.production.aws import Account

PLACES = {
    "on_ticket_event": 40,  # ten tickets at a time of each shard of the stream (messages.yaml); a table begins with four
    "send": 2,  # as its queue's MaximumConcurrency
    "sweep": 2,  # one a minute, each for less than one
    # called by the workflows, which wait and ask again
    **dict.fromkeys(("look_at_ticket", "remind_handler", "escalate_one_rung", "issue_supervision_order"), 5),
}
LEFT_TO_ALL = 100  # AWS refuses to leave fewer


class Told(NamedTuple):
    """One line for the doctor."""

    ok: bool
    text: str


def reserve(account: Account, stage: str) -> Iterator[Told]:
    """Reserve what is missing, where the account has it to give; whatever somebody has set otherwise stays.

    Raises what AWS raises, but for a function that is not there.
    """
    called, names = account.client("lambda"), {f"mslj-{stage}-{name}": most for name, most in PLACES.items()}
    found = {name: reserved(called, name) for name in names if _exists(called, name)}
    if not found:
        yield Told(True, "部署以后再执行一次，会给管时限的函数留出并发")
        return
    if stopped := [name for name, number in found.items() if number == 0]:
        yield Told(False, f"{'、'.join(stopped)} 的并发被设成 0，不会运行：恢复没做完请接着做，否则请改回去")
    missing = {name: names[name] for name, number in found.items() if number is None}
    spare = quotas.unreserved(account) - LEFT_TO_ALL
    if sum(missing.values()) > spare:
        needed = sum(missing.values()) + LEFT_TO_ALL
        yield Told(
            True,
            f"没有给管时限的函数留并发：账号要有 {needed} 个没被占用的，现在有 {spare + LEFT_TO_ALL} 个。"
            "配额提高后再执行一次",
        )
        return
    for name, number in missing.items():
        called.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=number)
    others = [f"{name} {number}" for name, number in found.items() if number and number != names[name]]
    more = f"；另外设过、没有动的：{'、'.join(others)}" if others else ""
    made = f"，这次设了 {len(missing)} 个" if missing else ""
    yield Told(True, f"管时限的函数各有自己的并发{made}{more}")


def reserved(called: Any, name: str) -> int | None:
    """How many places a function has of its own; None where it shares with all."""
    number = called.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
    return None if number is None else int(number)


def _exists(called: Any, name: str) -> bool:
    try:
        called.get_function_configuration(FunctionName=name)
    except called.exceptions.ResourceNotFoundException:
        return False
    return True
