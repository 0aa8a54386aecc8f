"""Judging answers step by step: ✓ or ✗ with what was expected, and how many surprises there were."""

import time
from collections.abc import Callable, Iterable

from infra.local.play.caller import Answer

SOON = 30  # seconds within which what happens behind the API must have happened
PACED = SOON + 120  # where a push may wait for the share of a minute or two, behind those of a busy town


class Surprise(Exception):
    """An answer that the next steps cannot go on from."""


class Judge:
    """`surprises` counts the ✗."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.surprises = 0

    def tell(self, stories: Iterable[Callable[[], None]], *, goes_on: bool) -> int:
        """Each under its docstring. One that cannot go on ends alone, or, unless the play `goes_on`, the last. Answers the ✗."""
        for story in stories:
            self.say(f"\n{(story.__doc__ or '').strip()}")
            try:
                story()
            except Surprise as stop:
                self.say(f"  ✗ 无法继续：{stop}")
                self.surprises += 1
                if not goes_on:
                    break
        return self.surprises

    def expect(self, what: str, answer: Answer, status: int) -> Answer:
        """The answer must have this status; the walk cannot go on from another success or refusal."""
        self.check(f"{what}（{status}）", answer.status == status)
        if answer.status != status:
            raise Surprise(f"{answer.status} {answer.raw[:300].decode(errors='replace')}")
        return answer

    def refuse(self, what: str, answer: Answer, status: int, code: str) -> None:
        """The answer must be this refusal, with words for a person."""
        as_wanted = (answer.status, answer.code) == (status, code) and bool(answer.body.get("message"))
        told = answer.body.get("message", "") if isinstance(answer.body, dict) else ""
        self.check(f"拒绝：{what}（{status} {code}）{told[:40]}", as_wanted)
        if not as_wanted:
            self.say(f"      实际是 {answer.status} {answer.raw[:200].decode(errors='replace')}")

    def check(self, what: str, is_so: bool) -> None:
        self.say(f"  {'✓' if is_so else '✗'} {what}")
        self.surprises += not is_so

    def soon(self, what: str, ask: Callable[[], Answer], status: int) -> None:
        self.check(f"{what}（{status}）", within(SOON, lambda: ask().status == status))

    def soon_told(self, what: str, inbox: Callable[[], Answer], ticket_id: str, template: str) -> None:
        """The stream has carried the line of history to the person's inbox."""

        def is_told() -> bool:
            lines = inbox().body.get("items", [])
            return any((line["ticket_id"], line["template"]) == (ticket_id, template) for line in lines)

        self.check(what, within(SOON, is_told))


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.3)
    return False
