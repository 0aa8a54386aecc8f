"""What a deployed function asks DynamoDB and the parameter store in a test is weighed by its deployment's own policies.

moto refuses nobody: without this, an act that its function has no right to is green here and refused on AWS.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from importlib import import_module
from typing import Any

import pytest

from infra.local.policies import Where, rules
from infra.local.runtime import asked, judging
from infra.local.runtime.judge import Rules

_SERVICES = ("dynamodb:", "ssm:")  # buckets and queues bear other names here than on a deployment
_TASKS = {  # what tests call in the place of a function that a schedule, a queue or a stream wakes
    "sweep": ("sweeping.sweep",),
    "nightly": ("nightly.run", "identity.erasing.repeat", "figures.counting.recount"),
    "count": ("figures.counting.count_changed", "figures.trends.watch"),
    "exchange": ("partners.exchanging.send_due",),
    "feed": ("feed.sending.send_due",),
    "send": ("notices.sending.send",),
    "keep_traces": ("identity.sealing.keep",),
    "on_ticket_event": ("consuming.consume",),
    "run_job": ("jobs.run_chunk",),
    "ask_resident": ("tickets.escalating.ask_resident",),
    "look_for_answer": ("tickets.escalating.look_for_answer",),
    "put_on_call_list": ("tickets.escalating.put_on_call_list",),
    "look_at_calls": ("tickets.escalating.look_at_calls",),
    "look_at_ticket": ("tickets.escalating.look",),
}
_weighing = threading.local()
our_rules: Callable[[], Rules] = cache(lambda: rules(Where(stage="test", region="cn-north-1")))


@contextmanager
def as_function(name: str) -> Iterator[None]:
    """What this thread asks meanwhile is asked by that function of .chalice/config.json; it may ask another, as `reveal`."""
    before = getattr(_weighing, "name", "")
    _weighing.name = name
    try:
        yield
    finally:
        _weighing.name = before


@contextmanager
def weighed(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was refused. Raises what AWS would answer inside the function that asks, and AssertionError at the end all the same."""
    refused: list[str] = []

    def hear(calls: list[asked.Asked], operation: str) -> None:
        function = getattr(_weighing, "name", "")
        ours = [call for call in calls if call.action.startswith(_SERVICES)]
        if not function or not ours:
            return
        try:
            judging.weigh(our_rules(), function, ours, operation)
        except Exception as denied:
            refused.append(str(denied))
            raise

    for function, acts in _TASKS.items():
        for module, _, name in (act.rpartition(".") for act in acts):
            of = import_module(f"chalicelib.actions.{module}")
            patch.setattr(of, name, _asked_by(function, getattr(of, name)))
    take_out: Callable[[], Any] = judging.install(hear)
    try:
        yield refused
    finally:
        take_out()
    assert not refused, refused


def _asked_by(function: str, act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def asking(*given: Any, **named: Any) -> Any:
        with as_function(getattr(_weighing, "name", "") or function):
            return act(*given, **named)

    return asking
