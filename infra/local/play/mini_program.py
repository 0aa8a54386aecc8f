"""People who come through WeChat: they sign in with its code, answer its dialog, and go to the page when it does not work."""

from collections import Counter
from itertools import count

from chalicelib.domain.town.vocabulary import StaffChannel
from infra.local.play.caller import Caller, Unanswered
from infra.local.play.people import People
from infra.local.play.phones import Phones

MOST_TRIES = 3  # then the same address is opened in the browser


class MiniProgram:
    """`signed_in` and `gave_up` count sign-ins, `answered` the dialogs, by "accept", "reject" and "lost"."""

    def __init__(self, url: str, phones: Phones) -> None:
        self.caller, self.phones = Caller(url), phones
        self.signed_in = 0
        self.gave_up = 0
        self.answered: Counter[str] = Counter()
        self._codes = count(1)

    def sign_in(self, name: str) -> str:
        """The session of whoever has the openid `o-<name>`, "" when WeChat does not let anyone in just now."""
        for _ in range(MOST_TRIES):
            if token := self._try(name):
                self.signed_in += 1
                return token
        self.gave_up += 1
        return ""

    def answer_dialog(self, name: str, token: str, *, accepts: bool) -> None:
        """What the mini-program asks consent for, and what the resident taps. A dialog that gets lost is no trouble."""
        try:
            asked = self.caller.get("/api/subscriptions", token)
            wanted = [item["id"] for item in asked.body["items"]] if asked.ok else []
            taken = bool(wanted) and self.phones.answer_dialog(f"o-{name}", wanted, accepts=accepts)
        except (Unanswered, OSError):
            taken = False
        self.answered[("accept" if accepts else "reject") if taken else "lost"] += 1

    def bind_staff(self, people: People) -> int:
        """Whoever is told through WeChat binds it and accepts once. Answers how many; raises when one cannot."""
        from chalicelib.store.town import directory

        told = [person for person in directory.town().staff if person.channel is StaffChannel.WECHAT]
        for person in told:
            given = {"wechat_code": self._code(person.code)}
            bound = self.caller.post("/staff/wechat", given, people.token(person.code))
            if not bound.ok:
                raise OSError(f"{person.code}：{bound.status} {bound.code}")
            self.answer_dialog_of_staff(person.code)
        return len(told)

    def answer_dialog_of_staff(self, code: str) -> None:
        from chalicelib.gateways import wechat

        ids = [template.id for template in wechat.templates()]
        self.phones.answer_dialog(f"o-{code}", ids, accepts=True)

    def _try(self, name: str) -> str:
        """With a fresh code each time: WeChat takes each but once, also when its answer gets lost."""
        try:
            answer = self.caller.post("/api/sessions", {"wechat_code": self._code(name)})
        except Unanswered:
            return ""
        return str(answer.body["token"]) if answer.ok else ""

    def _code(self, name: str) -> str:
        return f"{name}.{next(self._codes)}"
