"""The phones of the play: what the stand-in for WeChat and WeCom shows, and how it is moved. Never asked through our API."""

import json
import urllib.error
import urllib.request
from typing import Any, NamedTuple

SECONDS = 20.0  # a consent is pushed to our callback before it answers: three tries of five seconds
Message = dict[str, Any]


class Shown(NamedTuple):
    """The messages on each phone ("wechat:<openid>", "wecom:<userid>"), and how many WeCom dropped without a word."""

    phones: dict[str, list[Message]]
    dropped: dict[str, int]


class Phones:
    """A stand-in at `base`. Raises OSError while it is dead."""

    def __init__(self, base: str) -> None:
        self.base = base

    def shown(self) -> Shown:
        found = self._ask("phones.json", None)
        return Shown(found["phones"], found["dropped"])

    def move(self, what: str, **given: Any) -> Any:
        return self._ask(f"_stand_in/{what}", given)

    def answer_dialog(self, openid: str, template_ids: list[str], *, accepts: bool) -> bool:
        """The dialog of requestSubscribeMessage was answered. Whether our callback took it."""
        result = "accept" if accepts else "reject"
        told = self.move("consent", openid=openid, template_ids=template_ids, result=result)
        return bool(told["status"] == 200)

    def lose_some(self, most: int = 3) -> int:
        """WeChat says of a few residents' newest messages that it could not deliver them after all. Answers how many."""
        newest = [
            (phone, shown[-1])
            for phone, shown in self.shown().phones.items()
            if shown and "msgid" in shown[-1]
        ]
        for phone, message in newest[:most]:
            self.move("undelivered", openid=phone.removeprefix("wechat:"), msgid=message["msgid"])
        return len(newest[:most])

    def _ask(self, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return json.loads(answer.read())
        except ValueError as torn:  # killed in the middle of its answer
            raise OSError(str(torn)) from torn
