"""Those who play: residents who report, come back and complain, and staff who do what their screens offer, rightly or at random.

Nobody here knows a rule of the town. Who looks at a ticket is asked of the tables past every API; what may be done, with
which fields, is what the ticket's own answer offers, as a screen would draw it.
"""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from campaign import aims, record
from campaign.aims import OF_RESIDENTS, Aims
from campaign.shelf import a_photo
from campaign.stage import Answer, Stage
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.tickets.ticket import Stage as TicketStage
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import DESK, FollowUpHow, Role, Staff

MOST_STEPS = 60  # of one ticket, then it is left to the ladder
STEADY = 0.8  # the share of looks at a ticket with an aim that lead to it
STRAIGHT = 0.75  # the share of looks that do what naturally comes next
AT_LEISURE = (0.5, 2, 5, 20, 90, 400)  # minutes until somebody looks at an eventful ticket again
SOON = (0.5, 2, 5, 5, 20, 400)  # the same in calm, where a rung still rings now and then
AT_ONCE = (0.5, 1, 2, 5)  # of a plain one: hardly a rung rings
LEADS, LEADS_IN_CALM = 0.25, 0.05  # the share of looks that are a leader's, who may supervise what is late
ONCE_MORE = 0.7  # the share of looks at what has ended that are followed by another
AS_ONE = 0.12  # the share of looks of foul weather at which whoever may merge it does
NEAR = 0.7  # the share of merges with what was reported at the same code
PRESSING = frozenset({"remind", "supervise"})  # may always be done again, and need never be
# Times as long until somebody looks again in calm, where look after look found nothing to do
MOST_PUT_OFF = 2**8
WITH_A_UNIT = (TicketStage.DISPATCHED, TicketStage.HANDLING)
OTHER_PHONES = 500_000  # numbers of people from which on nobody reports
GRUMBLES = 0.1  # the share of reports of a short campaign that complain of a service and that nobody looks at in time
SPOKEN = 0.05  # the share of reports that are said instead of written
WORDS = "已经看过，请放心，有进展马上告诉您"
RARELY = 0.15  # the share of acts with a picture that need none
SIGN_IN_TRIES = 3
TEMPLATES = ("stand-in-question", "stand-in-progress")  # infra/local/platform/account.py
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


class People:
    """`eventful`: the share of tickets on which anything may happen; the others live a town's plain life (campaign/mix.py)."""

    def __init__(self, stage: Stage, texts: list[str], eventful: float = 1.0) -> None:
        self.stage, self.chance, self.texts = stage, stage.chance, texts
        self.eventful, self._plain = eventful, set[str]()
        self.is_led = eventful < 1  # in a short campaign anything happens as it comes, and nothing is owed
        self.owners: dict[str, Resident] = {}  # by the ticket's id
        self.points: dict[str, str] = {}  # at which code it was reported
        self.steps: dict[str, int] = {}
        self.acted: dict[str, int] = {}  # how often each act was answered with success
        self.aims = Aims(all_acts(), self.acted, self.chance)
        self.is_fair = False  # everybody does what comes next
        # Looks at a ticket, one after another, of which nothing came; and those whose page was refused to who looked last.
        self._in_vain, self._refused = Counter[str](), set[str]()
        self._tokens: dict[str, str] = {}
        self._residents, self._phones = 0, count(1)

    # --- residents ---

    def report(self) -> None:
        stage, chance = self.stage, self.chance
        self._residents += 1
        resident = Resident(self._residents, chance)
        if not self._signs_in(resident):
            return
        self.plant(resident)
        text = f"{chance.choice(self.texts)}{resident.mark}"
        if chance.random() < 0.3:
            text += f"我的电话{resident.phone}"
        body: dict[str, Any] = {"point": chance.choice(stage.codes), "text": text}
        if chance.random() < 0.6:
            body["contact"] = {"name": resident.name, "phone": resident.phone}
        if chance.random() < 0.1:
            body["confidential"] = True
        if chance.random() < 0.3:
            body["photos"] = self._photos(resident.who, resident.token, waits=False)
        if chance.random() < SPOKEN:
            body["recording"] = self._recording(resident)
        aim = self._aim() if self.is_led else None
        is_unlooked = aim in aims.UNLOOKED or (aim is None and chance.random() < GRUMBLES)
        if is_unlooked:
            body = {"point": chance.choice(stage.codes), "text": f"{aims.UNHAPPY}{resident.mark}"}
        answer = stage.post(
            resident.who, "/api/tickets", body | aims.SAID_WITH.get(aim or "", {}), resident.token
        )
        if answer.ok:
            ticket_id = str(answer.body["id"])
            self.owners[ticket_id], self.points[ticket_id] = resident, body["point"]
            self.begin(ticket_id, aim, least=aims.LEFT_ALONE if is_unlooked else 0)

    def _recording(self, resident: "Resident") -> str:
        """What was said besides, for the desk to write down; "" where nobody answered."""
        body = {"content_type": "audio/mpeg", "size": 1000, "seconds": 10, "agreed": True}
        granted = self.stage.post(resident.who, "/api/recordings", body, resident.token)
        return str(granted.body["recording_id"]) if granted.ok else ""

    def _signs_in(self, resident: "Resident") -> bool:
        """In a browser, or in WeChat, where a code is good for one try; and allows some messages there."""
        stage, is_in_wechat = self.stage, self.chance.random() < 0.4
        for _ in range(SIGN_IN_TRIES if is_in_wechat else 1):
            body = {"wechat_code": stage.platforms.login(resident.openid)} if is_in_wechat else {}
            began = stage.post(resident.who, "/api/sessions", body)
            if began.ok:
                resident.token = str(began.body["token"])
                if is_in_wechat:
                    self._allows(resident)
                return True
        return False

    def _allows(self, resident: "Resident") -> None:
        """Consents to some messages of each template. WeChat knows at once; its word to the town is not played."""
        from chalicelib.actions.identity import persons
        from chalicelib.store.identity import consents

        stage = self.stage
        for template in TEMPLATES:
            times = self.chance.choice((0, 1, 3, 9))
            stage.platforms.allowed[resident.openid, template] += times
            with stage.unharmed():
                person = persons.find_by_openid(resident.openid)
                for n in range(times):
                    consents.accept(person or "", template, event=f"{template}-{n}", at=stage.now)
        stage.record.note(record.PHONES, who=resident.who, openid=resident.openid, reporter=person)

    def plant(self, resident: "Resident") -> None:
        self.stage.record.note(
            record.PLANTED, who=resident.who, name=resident.name, phone=resident.phone, mark=resident.mark
        )

    def _aim(self) -> str:
        """What a life that begins is led to; "" for a plain one."""
        return self.aims.draw() if self.chance.random() < self.eventful else ""

    def begin(self, ticket_id: str, aim: str | None = None, least: float = 0) -> None:
        """A ticket's life, plain or eventful; `aim` where it was drawn before. Nobody looks for `least` minutes."""
        if self.is_led and (aim := self._aim() if aim is None else aim):
            self.aims.begin(ticket_id, aim)
        elif self.is_led:
            self._plain.add(ticket_id)
        self.watch(ticket_id, least)

    def watch(self, ticket_id: str, least: float = 0) -> None:
        """Somebody looks at it some minutes later, `least` of them at least."""
        minutes = self.chance.choice(
            AT_ONCE if ticket_id in self._plain else SOON if self.is_fair else AT_LEISURE
        )
        if self.is_fair:  # who found nothing to do is in no hurry to look again
            minutes *= min(2 ** max(0, self._in_vain[ticket_id] - 1), MOST_PUT_OFF)
        minutes = max(least, minutes * (0.5 + self.chance.random()))
        self.stage.later(timedelta(minutes=minutes), lambda: self.look(ticket_id))

    # --- a look at a ticket ---

    def look(self, ticket_id: str) -> None:
        self.steps[ticket_id] = steps = self.steps.get(ticket_id, 0) + 1
        ticket, town = self._ticket(ticket_id)
        if ticket is None or steps > MOST_STEPS:
            return
        self._begin_parts(ticket)
        whole = self._whole(ticket)
        is_over = whole.stage in ENDED
        is_plain = ticket_id in self._plain
        if steps > aims.PATIENCE:
            self.aims.give_up(ticket_id)
        is_asked_for = not self.is_fair or self._in_vain[ticket_id] % 2 == 0  # else whoever has it goes on
        wanted = self.aims.wanted(ticket_id) if is_asked_for else []
        look = Look(ticket, town, is_plain, is_plain or self.is_fair, wanted, whole)
        if not is_over or ((wanted or not look.is_calm) and self.chance.random() < ONCE_MORE):
            self._in_vain[ticket_id] += 1  # unless something comes of it
            self._someone_acts(look)
            self.watch(ticket_id)

    def _whole(self, ticket: Ticket) -> Ticket:
        """What it was merged into and goes on as, so that whoever reported it comes back to their own page; else itself."""
        into = self._ticket(ticket.merged_into)[0] if ticket.merged_into else None
        return self._whole(into) if into else ticket

    def _begin_parts(self, ticket: Ticket) -> None:
        """The other matters of a report that was divided go on too: without them the whole would never end."""
        for part in ticket.parts:
            if part.id not in self.steps:
                self.steps[part.id] = 0
                if ticket.id in self.owners:
                    self.owners[part.id] = self.owners[ticket.id]
                self.begin(part.id)

    def _ticket(self, ticket_id: str) -> tuple[Ticket | None, Town]:
        from chalicelib.domain.errors import Refusal
        from chalicelib.store.tickets import tickets
        from chalicelib.store.town import directory

        with self.stage.unharmed():
            try:
                return tickets.get(ticket_id), directory.town()
            except (
                Refusal,
                ValueError,
            ):  # gone, or written by a version that no other may run beside: a mutant's
                return None, directory.town()

    def _someone_acts(self, look: "Look") -> None:
        owner = self.owners.get(look.ticket.id)
        if look.wanted and self.chance.random() < STEADY:
            may_act = look.wanted[0].startswith(OF_RESIDENTS)
        else:
            may_act = self._is_residents_turn(look) or (not look.is_calm and self.chance.random() < 0.15)
        if owner and may_act and self._resident_acts(look, owner):
            return
        person = self._who(look)
        if person is not None:
            self._staff_acts(look, person)

    def _is_residents_turn(self, look: "Look") -> bool:
        if look.ticket.merged_into and not look.is_calm:  # whoever reported it looks at what it goes on as
            return self.chance.random() < 0.4
        if look.whole.stage is not TicketStage.RESOLVED or look.whole.on_call_list:
            return False
        return look.is_calm or self.chance.random() < 0.6

    def _who(self, look: "Look") -> Staff | None:
        """Who has it, most of the time; now and then anybody."""
        ticket, town = look.ticket, look.town
        if look.wanted and self.chance.random() < STEADY and (able := self._able(look)):
            return self.chance.choice(able)
        if not look.is_calm and self.chance.random() < 0.1:
            return self.chance.choice(town.staff)
        helping = [part.unit_id for part in ticket.assisting if part.is_open]
        if helping and self.chance.random() < 0.5:
            return self._of_unit(helping[0], town)
        is_with_unit = ticket.stage in WITH_A_UNIT
        if is_with_unit and (look.is_plain or self.chance.random() < 0.8):
            named = town.find_staff(ticket.handler_id) if ticket.handler_id else None
            return named or self._of_unit(ticket.lead_unit_id or "", town)
        leaders = town.leader(Role.AREA_LEADER, ticket.where.path) or town.leader(
            Role.TOWN_LEADER, ticket.where.path
        )
        share = 0 if look.is_plain else LEADS_IN_CALM if look.is_calm else LEADS
        is_theirs = ticket.stage is TicketStage.SUSPENDED or ticket.id in self._refused
        if leaders and (is_theirs or self.chance.random() < share):
            return self.chance.choice(leaders)
        clerks = [p for p in town.staff if p.unit == ticket.station_id and DESK.intersection(p.roles)]
        return self.chance.choice(clerks) if clerks else None

    def _able(self, look: "Look") -> list[Staff]:
        """Those around the ticket whom the registry allows what it is led to."""
        from chalicelib.domain.offers.possible import ACTS

        ticket, town = look.ticket, look.town
        of_staff = [act for act in look.wanted if act in ACTS]
        if not of_staff:
            return []
        allowed = ACTS[self.chance.choice(of_staff)].allowed
        units = {ticket.station_id, ticket.lead_unit_id, *(part.unit_id for part in ticket.assisting)}
        leaders = [
            *town.leader(Role.AREA_LEADER, ticket.where.path),
            *town.leader(Role.TOWN_LEADER, ticket.where.path),
        ]
        around = [each for each in town.staff if each.unit in units and each not in leaders]
        return [each for each in (*around, *leaders) if allowed.intersection(each.roles)]

    def _of_unit(self, unit: str, town: Town) -> Staff | None:
        found = [person for person in town.staff if person.unit == unit]
        return self.chance.choice(found) if found else None

    # --- acts ---

    def _resident_acts(self, look: "Look", owner: "Resident") -> bool:
        """Whether there was something to do for whoever reported it."""
        path = f"/api/tickets/{look.ticket.id}"
        seen = self.stage.get(owner.who, path, owner.token)
        act = self._chosen_by_resident(seen.body, look) if seen.ok else None
        if act is None:
            return False
        how = RESIDENTS[act]
        body = how.body(self.chance.random() < (1 if look.is_calm else 0.6), seen.body)
        if "text" in body:
            body["text"] += owner.mark  # later words are looked for as the first are
        answer = self.stage.post(owner.who, f"{path}/{how.path}", body, owner.token)
        self._done(look.ticket.id, f"{OF_RESIDENTS}{act}", answer)
        return True

    def _chosen_by_resident(self, page: dict[str, Any], look: "Look") -> str | None:
        """What their page asks of them, most of the time; else, in foul weather, any of its buttons."""
        may: list[str] = [*(each for each, is_asked in ASKED.items() if is_asked(page)), *page["acts"]]
        aim = next((act for act in may if f"{OF_RESIDENTS}{act}" in look.wanted), None)
        if aim and self.chance.random() < STEADY:
            return aim
        asked = next((each for each in may if each in (*ASKED, "rate")), None)
        if asked and (look.is_calm or self.chance.random() < STRAIGHT):
            return asked
        return self._any_of(may, OF_RESIDENTS) if may and not look.is_calm else None

    def _any_of(self, acts: list[str], of: str = "") -> str:
        """Any, half of the time what was done least so far: what is seldom offered is taken when it is."""
        if self.chance.random() < 0.5:
            return self.chance.choice(acts)
        least = min(self.acted.get(of + act, 0) for act in acts)
        return self.chance.choice([act for act in acts if self.acted.get(of + act, 0) == least])

    def _staff_acts(self, look: "Look", person: Staff) -> None:
        token, ticket = self._token(person), look.ticket
        seen = self.stage.get(person.code, f"/staff/tickets/{ticket.id}", token)
        if not seen.ok:
            self._refused.add(ticket.id)
            return
        self._refused.discard(ticket.id)
        offers = [each for each in seen.body.get("offers", []) if each["now"]]
        offer = self._choose(offers, look)
        if offer is None:
            return
        body = self._filled(offer, look, person, token)
        if self.chance.random() < 0.5:
            body["version"] = seen.body["version"]
        path = f"/{offer['path']}/tickets/{ticket.id}/{offer['sends']}"
        self._done(ticket.id, offer["name"], self.stage.post(person.code, path, body, token))

    def _choose(self, offers: list[Any], look: "Look") -> Any:
        of = {each["name"]: each for each in offers}
        if look.is_calm and "follow-up" in of and not to_be_called(look.ticket):
            offers = [each for each in offers if each is not of["follow-up"]]  # somebody else is waited for
        if (wanted := [act for act in look.wanted if act in of]) and self.chance.random() < STEADY:
            return of[wanted[0]]
        steps = sorted(
            (each for each in offers if each["step"] and each["name"] not in PRESSING),
            key=lambda each: each["step"],
        )
        if look.ticket.pause is not None and "resume" in of:  # whoever put it off goes on with it
            steps.insert(0, of["resume"])
        if "merge" in of and not look.is_calm and self.chance.random() < AS_ONE:
            return of["merge"]
        if steps and (look.is_calm or self.chance.random() < STRAIGHT):
            return steps[0]
        if look.is_calm:  # nobody does what need not be done; what comes of waiting, the ladder says
            return next((each for each in offers if each["name"] in ENDING), None)
        return of[self._any_of(sorted(of))] if of else None

    def _done(self, ticket_id: str, act: str, answer: Answer) -> None:
        if answer.ok:
            self._in_vain[ticket_id] = 0
            self.acted[act] = self.acted.get(act, 0) + 1
            self.aims.done(ticket_id, act)

    def _token(self, person: Staff) -> str:
        from chalicelib.store.identity import sessions

        with self.stage.unharmed():
            if person.code not in self._tokens:
                self._tokens[person.code] = sessions.start(
                    sessions.Kind.STAFF, person.code, channel="console", now=self.stage.now
                )
            return self._tokens[person.code]

    # --- filling in a form as it is offered ---

    def _filled(self, offer: Any, look: "Look", person: Staff, token: str) -> dict[str, Any]:
        body = dict(offer["sent"])
        if offer["name"] == "follow-up" and look.is_calm and (whom := to_be_called(look.ticket)):
            body["of"] = whom[0]
        for field in offer["fields"]:
            needed = field["required"] or any(need["field"] == field["name"] for need in offer["needs"])
            may = RARELY if field["kind"] == "photos" else 0.5
            if needed or field["required_if"] or self.chance.random() < may:
                value = self._value(field, look, person, token)
                if value is not None:
                    body[field["name"]] = value
        return body

    def _value(self, field: Any, look: "Look", person: Staff, token: str) -> Any:
        chance, kind, ticket, town = self.chance, field["kind"], look.ticket, look.town
        if field["name"] == "phone":
            return self._another_phone(person)
        if kind in ("line", "area"):
            return WORDS[: field["most"]] if kind == "area" else "已确认"[: field["most"]]
        if kind == "choice":
            return self._chosen(field["options"], look)
        if kind == "switch":
            return bool(field["initial"])
        if kind == "number":
            return max(field["least"], min(field["most"] or 3, 1))
        if kind == "instant":
            days = chance.choice(field["options"])["code"] if field["options"] else 3
            return stamp(self.stage.now + timedelta(days=int(days)))
        if kind == "photos":
            return self._photos(person.code, token, waits=True, is_calm=look.is_calm)
        if kind == "unit":
            if field["initial"] and chance.random() < 0.7:
                return field["initial"]
            codes = [each["code"] for each in field["options"]] or [unit.code for unit in town.units]
            return chance.choice([code for code in codes if code not in field["excluded"]] or codes)
        if kind == "category":
            return chance.choice(town.categories).code
        if kind == "place":
            return chance.choice([place.code for place in town.places])
        if kind == "ticket":
            others = [each for each in self.owners if each != ticket.id]
            near = [each for each in others if self.points.get(each) == self.points.get(ticket.id)]
            return chance.choice((near if chance.random() < NEAR else others) or others or [ticket.id])
        if kind == "matters":
            half = max(2, len(ticket.text) // 2)
            return [
                {"title": "第一件", "text": ticket.text[:half] or WORDS},
                {"title": "第二件", "text": WORDS},
            ]
        return [] if kind == "parties" else None

    def _another_phone(self, by: Staff) -> str:
        """Of whoever reported it, as somebody at the desk learns it: no more for other eyes than the one before."""
        known = Resident(OTHER_PHONES + next(self._phones), self.chance)
        self.stage.record.note(
            record.PLANTED, who=f"told-{by.code}", name=known.name, phone=known.phone, mark=known.mark
        )
        return known.phone

    def _chosen(self, options: list[Any], look: "Look") -> Any:
        """At random; in fair weather the best that can be: yes where it is a yes or a no, else the first."""
        if not options:
            return None
        if not look.is_calm:
            return self.chance.choice(options)["code"]
        return next((each["code"] for each in options if each["code"] is True), options[0]["code"])

    def _photos(self, who: str, token: str, *, waits: bool, is_calm: bool = False) -> list[str]:
        """One or two pictures, most of them good, some cut short on their way or never sent."""
        photos = []
        for _ in range(self.chance.choice((1, 1, 2))):
            granted = self.stage.post(
                who, "/api/uploads", {"content_type": "image/jpeg", "size": 1000}, token
            )
            if granted.ok:
                photos.append(str(granted.body["photo_id"]))
                self._upload(photos[-1], who, waits=waits, is_calm=is_calm)
        return photos

    def _upload(self, photo_id: str, who: str, *, waits: bool, is_calm: bool) -> None:
        share, mark = self.chance.random(), f"taken-at-{photo_id}"
        how = "good" if share < 0.85 or is_calm else "broken" if share < 0.95 else "never"
        data = a_photo(self.chance, mark)
        if how != "never":
            self.stage.upload(photo_id, data if how == "good" else data[: len(data) // 2], waits=waits)
        self.stage.record.note(record.PHOTOS, photo=photo_id, who=who, how=how, mark=mark)


class Look(NamedTuple):
    """At a ticket as it stands. `is_plain`: of its whole life; `is_calm`: nobody does anything but what comes next, or is
    wanted (campaign/aims.py). `whole`: what it was merged into, else itself.
    """

    ticket: Ticket
    town: Town
    is_plain: bool
    is_calm: bool
    wanted: list[str]
    whole: Ticket


class Resident:
    """`mark` stands in the text of the report and nowhere else in the town."""

    def __init__(self, n: int, chance: Any) -> None:
        self.who, self.token = f"resident-{n}", ""
        self.phone = f"1{chance.randrange(30, 99)}{n:08d}"
        self.name = chance.choice(NAMES) + chance.choice(NAMES) + chance.choice(NAMES)
        self.mark, self.openid = f"（第{n}户）", f"openid-{n:08d}"


ENDING = (
    "resume",
    "decide-extension",
    "answer-supervision",
    "finish-assisting",
    "follow-up",
    "verify",
    "close",
)
# What a resident's page asks besides its buttons, and when it does.
ASKED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "danger": lambda page: bool(page["danger"] and page["danger"]["asks"]),
    "confront": lambda page: bool(page["confront"]),
}


class Tap(NamedTuple):
    """Where a button of a resident's page sends to, and what, for someone content or not, from the page that they see."""

    path: str
    body: Callable[[bool, dict[str, Any]], dict[str, Any]]


RESIDENTS: dict[str, Tap] = {
    "rate": Tap(
        "rating",
        lambda good, _: {"solved": good, "satisfied": good, "words": "谢谢" if good else "还是老样子"},
    ),
    "comment": Tap("comments", lambda good, _: {"text": "请问什么时候来" if good else "怎么还没有人来"}),
    "withdraw": Tap("withdraw", lambda _good, _: {"reason": "已经好了"}),
    "reopen": Tap("reopen", lambda _good, _: {"reason": "又坏了"}),
    "split": Tap("split", lambda _good, _: {"reason": "不是同一件事"}),
    "avoid": Tap("avoid", lambda good, page: {"avoid": [] if good and page["secrecy"] else ["property"]}),
    "danger": Tap("danger", lambda good, _: {"answer": "no" if good else "unsure"}),
    "confront": Tap("confront", lambda good, page: {"id": page["confront"]["id"], "agreed": good}),
}


def to_be_called(ticket: Ticket) -> list[str]:
    """Whom nobody has called yet since it was done: "" whoever reported it, else the tickets that were merged into it."""
    called = {
        said.of for said in ticket.follow_ups if said.round == ticket.round and said.how == FollowUpHow.CALL
    }
    return [each for each in ("", *(joined.id for joined in ticket.joined)) if each not in called]


def all_acts() -> set[str]:
    """All that staff and residents can do to a ticket."""
    from chalicelib.domain.offers.possible import ACTS

    return {*ACTS, *(f"{OF_RESIDENTS}{act}" for act in RESIDENTS)}


def sample_texts(town: Any) -> list[str]:
    """The bodies of the sample town's reports."""
    with (town / "sample_reports.csv").open(encoding="utf-8") as file:
        return [row["body"] for row in csv.DictReader(file)]
