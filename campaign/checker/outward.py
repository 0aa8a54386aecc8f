"""What left the house: onto phones, to partners, to subscribers. Compared with the histories, whose lines say who hears what."""

import base64
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from campaign.checker.evidence import Data, Evidence, Ticket, instant
from campaign.checker.owed import PARTNER_ACTS, PUSHED

NAMES_NO_TICKET = frozenset({"danger_place"})  # place and kind alone, to whoever may help and not open it
ON_A_PHONE = ("wecom", "wechat")  # both the channel of a delivery and the platform that carries it
PUSHES = ("push", "ring")
HIDDEN = ("confidential", "concerns", "practice", "erased")
KEEPS_AWAY = frozenset({"kept_apart"})
GIVEN = frozenset({"sent_without_words", "dispatched", "assigned_finally", "transferred"})  # to a unit
# By somebody of the desk or above, who has looked then; also filed anew.
PASSED_ON = GIVEN - {"sent_without_words"} | {"classified", "secrecy_lifted", "words_released"}
KEPT_BACK = frozenset({"words_kept", "words_summed_up"})
LEADS = frozenset({"area_leader", "town_leader"})
ON_ITS_WAY = timedelta(minutes=30)  # a message, under the faults that there are
OVER = frozenset({"delivered", "permanent_failure", "no_consent", "not_set_up", "expired"})


def who_must_act_is_pushed_to(seen: Evidence) -> Iterator[str]:
    """该马上知道的人，历史里写的是推送或响（按规则手写的表），不是只进收件箱"""
    for key, _, line in _lines(seen):
        for template in PUSHED.get(line["kind"], ()):
            for notice in line.get("notices", ()):
                is_meant = notice["template"] == template and notice["to"] != "members"
                if is_meant and notice.get("level", "push") not in PUSHES:
                    yield f"{key} ({line['kind']}) tells {notice['to']} {template} only {notice['level']}"


def every_push_left_once(seen: Evidence) -> Iterator[str]:
    """历史里写明推送的每一条，都有一条发往手机的消息（或并入一条汇总），并且有了结果"""
    sent: dict[tuple[str, str], Data] = {}
    for item in seen.outward:
        document = item["document"]
        for key in _event_keys(item):
            sent[document["recipient"], key] = item
    for key, ticket, line in _lines(seen):
        for notice in line.get("notices", ()):
            code = notice["to"].removeprefix("staff:")
            if notice["to"] == code or notice.get("level", "push") not in PUSHES:
                continue
            person = seen.people.get(code)
            if person is None or not person["wecom"] or keeps_away(ticket, person, line):
                continue
            found = sent.get((notice["to"], lies_under(key, notice)))
            if found is None and was_recalled(ticket, line, notice["to"]):
                continue
            if found is None:
                yield f"{key} pushes {notice['template']} to {code}, nothing was sent"
            elif found["document"]["way"] != "call" and not _is_over_or_waits(found, seen):
                yield f"{key} pushes {notice['template']} to {code}, it is {found['state']}"


def phones_got_what_was_sent(seen: Evidence) -> Iterator[str]:
    """记作已送达的，手机上确有；手机上有的，都有出处；微信的一次性消息不多一条"""
    got: dict[tuple[str, str, str], int] = Counter()
    for platform in ON_A_PHONE:
        for message in seen.messages(platform):
            got[platform, message["to"], _ticket_named(message["body"])] += 1
    delivered: Counter[tuple[str, str, str]] = Counter()
    tried: Counter[tuple[str, str, str]] = Counter()
    for item in seen.outward:
        document = item["document"]
        phone = seen.phone_of(document["recipient"])
        if document["way"] not in ON_A_PHONE or phone is None or document["template"] == "sign_in_code":
            continue
        named = "" if document["template"] in NAMES_NO_TICKET else document["ticket_id"]
        at = document["way"], phone, named
        delivered[at] += item["state"] == "delivered"
        tried[at] += 1 if document["way"] == "wechat" else int(item["attempts"])
    for at in sorted({*got, *delivered}):
        platform, _, ticket = at
        if platform == "wechat" and ticket in seen.tickets and seen.tickets[ticket].state.get("erased"):
            continue  # whoever asked to be forgotten: what was sent to them is forgotten too
        if not delivered[at] <= got[at] <= tried[at]:
            yield f"{at}: {delivered[at]} delivered, the phone got {got[at]}, at most {tried[at]} were sent"


def words_that_wait_reach_no_unit(seen: Evidence) -> Iterator[str]:
    """原话待转：工作站看过以前，承办单位的页面、谁的手机、合作方和订阅方都没有居民的原话；不转的，转以前一直没有"""
    marks = [each["mark"] for each in seen.planted]
    for name, ticket in seen.tickets.items():
        waits = _waits(ticket, seen)
        said = [mark for mark in marks if waits and mark in ticket.state["text"]]
        for shown in _shown_to_staff_and_outside(seen) if said else ():
            is_kept = any(wait.covers(shown) for wait in waits)
            if is_kept and any(mark in shown.text for mark in said):
                yield f"{name}: {shown.what} held its words at {shown.since}, before they were passed on"


def photos_are_kept_or_missed(seen: Evidence) -> Iterator[str]:
    """传到的好照片都在，没有拍摄地点；坏的有人被告知；原件一张不留"""
    stored = {each["key"]: base64.b64decode(each["bytes"]) for each in seen.files}
    yield from (f"{key} lies there as it was uploaded" for key in stored if key.startswith("incoming/"))
    by_ticket = defaultdict(set)
    for name, ticket in seen.tickets.items():
        for photo in [
            *ticket.state.get("photos", ()),
            *(p for e in ticket.all_lines for p in e.get("photos", ())),
        ]:
            by_ticket[photo].add(name)
    for photo in seen.photos:
        name, mark = photo["photo"], photo["mark"].encode()
        held = by_ticket.get(name)
        shown = [stored.get(f"{folder}/{name}.jpg") for folder in ("photos", "thumbs")]
        yield from (f"{name} tells where it was taken" for each in shown if each and mark in each)
        if photo["how"] == "good" and held and not all(shown):
            yield f"{name} arrived whole, {sorted(held)} have it, and it is gone"
        if photo["how"] == "broken" and held and any(shown):
            yield f"{name} arrived broken and is shown"
        if photo["how"] == "broken" and held and not _missed(name, held, seen):
            yield f"{name} arrived broken, nobody was told in {sorted(held)}"


def every_order_is_one_ticket(seen: Evidence) -> Iterator[str]:
    """每个收到回执的派单恰是一张工单，最后一次的内容在历史里；没有回执的至多一张"""
    bearing: dict[str, list[str]] = defaultdict(list)
    for name, ticket in seen.tickets.items():
        for one in ticket.state.get("external_ids", ()):
            if not ticket.state.get("part_of") and not ticket.state.get("merged_from"):
                bearing[one["number"]].append(name)
    carried = {number for ticket in seen.tickets.values() if ticket.state.get("merged_from")
               for number in (one["number"] for one in ticket.state.get("external_ids", ()))}  # fmt: skip
    asked: dict[str, list[Data]] = defaultdict(list)
    for each in seen.requests:
        if each["who"] == "partner-hotline" and each["method"] == "POST":
            asked[each["body"]["number"]].append(each)
    for number, tries in asked.items():
        answered = [each for each in tries if 0 < each["status"] < 300]
        found = len(bearing[number])
        if answered and found != 1 and number not in carried:
            yield f"{number} was acknowledged, {found} tickets bear it: {bearing[number]}"
        if sum(each["answer"]["how"] == "made" for each in answered) > 1:
            yield f"{number} was made more than once"
        if found == 1 and number not in carried:
            lines = seen.tickets[bearing[number][0]].all_lines
            known = sum(line["kind"] == "order_updated" for line in lines)
            versions = {each["body"]["text"] for each in answered}
            if known != len(versions) - 1:
                yield f"{number} was acknowledged in {len(versions)} versions, its history has {known} later ones"


def partners_hear_each_act_in_order(seen: Evidence) -> Iterator[str]:
    """合作方收到的：该回传的每件事恰一个编号，次序不乱，重发的内容不变，没有多的"""
    got: dict[str, dict[str, Data]] = defaultdict(dict)
    for message in seen.messages("hotline"):
        body = message["body"]
        before = got[body["number"]].setdefault(body["id"], body)
        if before != body:
            yield f"{body['id']} was sent again with something else"
    for name, ticket in seen.tickets.items():
        moved = any(line["kind"] in ("merged", "absorbed", "parted", "divided") for line in ticket.all_lines)
        for one in ticket.state.get("external_ids", ()):
            if moved or ticket.state.get("practice"):
                continue  # whose acts go back is then another ticket's too
            heard = [body["act"] for body in got[one["number"]].values()]
            owed = [PARTNER_ACTS[line["kind"]] for line in _in_time(ticket) if _goes_back(line)]
            if heard != owed:
                yield f"{name} owes {one['number']} {owed}, it heard {heard}"


def _is_over_or_waits(item: Data, seen: Evidence) -> bool:
    """It has become something, or is not due yet: what is gathered goes out when its time has come."""
    return item["state"] in OVER or str(item.get("next_at", "")) > str(seen.said["until"])


def keeps_away(ticket: Ticket, person: Data, line: Data) -> bool:
    """Whom the ticket is about hears nothing of it (rule 21), nor who gave back what nobody of the desk had looked at (rule 104)."""
    concerned = set(ticket.state.get("concerns") or ()) | _may_be_about(ticket, line)
    if any(line["kind"] == "returned" for line in ticket.all_lines):
        unlooked = (line for line in ticket.all_lines if line["kind"] == "sent_without_words")
        concerned |= {line["details"]["unit"] for line in unlooked}
    return bool(concerned & {person["code"], person["unit"], *person["roles"]})


def _may_be_about(ticket: Ticket, line: Data) -> set[str]:
    """Whom words may be about, for what is told before it was given to anybody: it may be written once they are kept away."""
    given = [each["at"] for each in ticket.all_lines if each["kind"] in GIVEN]
    if given and line["at"] >= min(given):
        return set()
    read = [(each.get("reading") or {}).get("concerned") or {} for each in ticket.all_lines]
    # Who looks is kept from nothing: the station, of what complains of a service, its own too.
    looks = {"service": {ticket.state.get("station_id")}, "possible": set()}
    return {
        party
        for said in read
        if said.get("grievance") in looks
        for party in set(said.get("parties", ())) - looks[said["grievance"]]
    }


def lies_under(key: str, notice: Data) -> str:
    """A message lies under its line; what is asked of those whom a ticket is about names no ticket, but what is asked."""
    asked = (notice.get("params") or {}).get("of")
    return f"statement-{asked}" if notice["template"] == "statement_asked" and asked else key


def was_recalled(ticket: Ticket, line: Data, to: str) -> bool:
    """Whether somebody was kept from it soon after a line, and so perhaps before its message: also if it was lifted since."""
    return any(
        each["kind"] in KEEPS_AWAY
        and timedelta(0) <= instant(each["at"]) - instant(line["at"]) <= ON_ITS_WAY
        and any(n["to"] == to and n["template"] == "recalled" for n in each.get("notices", ()))
        for each in ticket.all_lines
    )


class Shown(NamedTuple):
    """A page that somebody of a unit read, or a message that left the house, to no `unit`."""

    what: str
    unit: str
    since: datetime
    until: datetime
    text: str


class Wait(NamedTuple):
    """From when to when no unit that has a ticket holds its words, nor anybody outside; an open end is None."""

    unit: str
    since: datetime | None
    until: datetime | None

    def covers(self, shown: Shown) -> bool:
        began = self.since is None or self.since < shown.since
        return began and (self.until is None or shown.until < self.until) and shown.unit in ("", self.unit)


def _waits(ticket: Ticket, seen: Evidence) -> list[Wait]:
    """From its first line on until somebody looked who is not of the unit; what was kept back then, until it is passed on."""
    waits: list[Wait] = []
    unit, since, is_open, is_kept = "", None, False, False
    for line in _in_time(ticket):
        kind, at = line["kind"], instant(line["at"])
        is_anew = kind in GIVEN or kind in KEPT_BACK or kind in PASSED_ON
        if is_open and is_anew:
            waits.append(Wait(unit, since, at))
        is_theirs = line["by"] == "machine" or seen.people.get(line["by"], {}).get("unit") == unit
        if kind == "sent_without_words":
            is_open, since = True, None
            waits.append(Wait(line["details"]["unit"], None, at))
        is_kept = kind in KEPT_BACK or (is_kept and kind != "words_released")
        is_looked_at = kind == "words_released" or (kind in PASSED_ON and not is_theirs)
        is_open = is_open and (is_kept or not is_looked_at)
        since = at if is_anew else since
        unit = str(line["details"].get("unit", unit)) if kind in GIVEN else unit
    return [*waits, Wait(unit, since, None)] if is_open else waits


def _shown_to_staff_and_outside(seen: Evidence) -> Iterator[Shown]:
    for each in seen.requests:
        person = seen.people.get(each["who"])
        if person and not LEADS.intersection(person["roles"]):
            what = f"{each['who']} at {each['path']}"
            text = str(each["answer"])
            yield Shown(what, person["unit"], instant(each["at"]), instant(each["until"]), text)
    for message in seen.arrived:
        if message["kind"] == "message":
            at, what = instant(message["at"]), f"a message of {message['platform']} to {message['to']}"
            yield Shown(what, "", at, at, str(message["body"]))


def _lines(seen: Evidence) -> Iterator[tuple[str, Ticket, Data]]:
    for name, ticket in seen.tickets.items():
        yield from ((f"{name}-{version:06d}", ticket, line) for version, line in ticket.lines)
        yield from ((f"{name}-{beside}", ticket, line) for beside, line in ticket.beside)


def _event_keys(item: Data) -> list[str]:
    """Of a message alone its own; of a gathered one those of what it gathers, each `<event key>|<number>`."""
    gathered = [each.rpartition("|")[0] for each in item.get("members", ())]
    return gathered or [item["document"]["event_key"]]


def _ticket_named(body: Data) -> str:
    """Which ticket a message opens; "" for one that gathers several."""
    link = str(body.get("page") or body.get("textcard", {}).get("url") or "")
    if "template_card" in body:
        link = str(body["template_card"].get("card_action", {}).get("url", ""))
    return link.rpartition("id=" if "page" in body else "/")[2] if link else ""


def _missed(photo: str, held: set[str], seen: Evidence) -> bool:
    """Whoever sent it reads of it; one that was named only in words that were refused is nobody's."""
    told = [line for name in held for line in seen.tickets[name].all_lines if line["kind"] == "photo_missed"]
    return any(photo in str(line) for line in told)


def _in_time(ticket: Ticket) -> list[Data]:
    return sorted(ticket.all_lines, key=lambda line: str(line["at"]))


def _goes_back(line: Data) -> bool:
    return line["kind"] in PARTNER_ACTS and line.get("details", {}).get("approved") != "no"
