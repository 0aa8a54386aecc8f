"""What must be true after any campaign. Each claim yields what contradicts it; an empty answer is the promise kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from campaign.checker import outward
from campaign.checker.evidence import ENDED, Data, Evidence, Ticket, instant
from campaign.checker.owed import OWED
from campaign.checker.planted import Secrets

RINGS = frozenset({"reminded", "escalated", "supervised"})
LATE = timedelta(minutes=2)  # after the last fault
GIVEN = frozenset({"dispatched", "assigned_finally", "transferred", "sent_without_words"})  # to a unit
UPDATING = "系统正在更新"  # met where another version has written what this one does not know
TAKEN_UP = frozenset({"reworked"})  # by the desk, whose it is where no unit has it
WITHOUT_LINES = frozenset({"reveal", "read-words"})
# No act of its own: the report itself, what was done to another ticket, what was heard in words that are a line
# themselves, a question that arrives when its page is opened, words that count as read by whoever answers them.
NO_ACT = frozenset(
    {"received", "divided_off", "absorbed", "parted", "danger_heard", "question_arrived", "words_read"}
    | {"words_held"}
)
PARTED = frozenset({"split", "parted"})  # two tickets that had been one
OPEN_LETTERS = "DEADLETTERS"  # what the sweep has sent again since stands elsewhere
LOOKS = frozenset({"words_released", "words_summed_up", "words_kept"})
TAKES = frozenset({"taken"})  # whoever says so has it from then on
TAKES_AWAY = frozenset({"returned", "split", "kept_apart"})  # from the unit that had it
Claim = Callable[[Evidence], Iterator[str]]


def every_report_is_there_once(seen: Evidence) -> Iterator[str]:
    """每件收到回执的诉求恰有一张工单；没有回执的至多一张"""
    texts = [t.state["text"] for t in seen.tickets.values() if not t.state.get("part_of")]
    reports = [each for each in seen.requests if each["method"] == "POST" and each["path"] == "/api/tickets"]
    erased = {name for name, ticket in seen.tickets.items() if ticket.state.get("erased")}
    for report in reports:
        mark = next(each["mark"] for each in seen.planted if each["who"] == report["who"])
        found = sum(mark in text for text in texts)
        ticket_id = (report["answer"] or {}).get("id") if _done(report) else None
        if ticket_id in erased:
            continue
        if ticket_id is not None and (ticket_id not in seen.tickets or found != 1):
            yield f"{report['who']} was answered {ticket_id}, {found} tickets hold the words"
        if ticket_id is None and found > (report["status"] == 0):
            yield f"{report['who']} was refused with {report['status']}, {found} tickets hold the words"


def every_act_happened_as_it_was_answered(seen: Evidence) -> Iterator[str]:
    """答复成功的操作恰好发生一次；被拒绝的没有留下痕迹；没有答复的至多一次"""
    families = _families(seen)
    asked: dict[tuple[frozenset[str], str], Counter[str]] = defaultdict(Counter)
    for act in seen.acts:
        _, _, _, ticket_id, name = act["path"].split("/")
        if name in WITHOUT_LINES or ticket_id not in seen.tickets:
            continue
        is_residents = act["who"].startswith("resident-")
        where = families[ticket_id] if is_residents else frozenset({ticket_id})
        who = "reporter" if is_residents else act["who"]
        asked[where, who]["done" if _done(act) else "lost" if act["status"] == 0 else "refused"] += 1
    for (where, who), counts in asked.items():
        own = _acts(line for each in where for line in seen.tickets[each].all_lines)
        lines = sum(("reporter" if line["by"] == "member" else line["by"]) == who for line in own)
        if not counts["done"] <= lines <= counts["done"] + counts["lost"]:
            named = "+".join(sorted(where))
            yield f"{named}: {who} was answered {dict(counts)}, the history has {lines} lines of theirs"


def versions_are_one_order(seen: Evidence) -> Iterator[str]:
    """每张工单的版本连续，谁后来看到的都不比先前旧"""
    for name, ticket in seen.tickets.items():
        if [version for version, _ in ticket.lines] != list(range(1, ticket.state["version"] + 1)):
            yield f"{name} is at {ticket.state['version']}, its history has {[v for v, _ in ticket.lines]}"
    looks: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for each in seen.requests:
        answer = each["answer"]
        if _done(each) and isinstance(answer, dict) and "version" in answer and "id" in answer:
            looks[answer["id"]].append((each["sent"], each["answered"], answer["version"]))
    for name, found in looks.items():
        for sent, _, version in found:
            newest = max((v for _, answered, v in found if answered < sent), default=0)
            if version < newest:
                yield f"{name}: version {version} was shown after version {newest} had been"


def every_notice_arrived_once(seen: Evidence) -> Iterator[str]:
    """历史里写明要告知的人，收件箱里恰有一条"""
    for name, ticket in seen.tickets.items():
        for key, line in _keyed(name, ticket):
            for n, notice in enumerate(line.get("notices", ())):
                to = notice["to"]
                if not to.startswith("staff:") or to.removeprefix("staff:") not in seen.people:
                    continue
                under = outward.lies_under(key, notice)
                at = n if under == key else 0
                found = [
                    each for each in seen.told[to] if each["event_key"] == under and each.get("n", 0) == at
                ]
                person = seen.people[to.removeprefix("staff:")]
                may_lack = outward.keeps_away(ticket, person, line) or outward.was_recalled(ticket, line, to)
                if len(found) != 1 and not (may_lack and not found):
                    yield f"{key} says {to} is told {notice['template']}, the inbox has {len(found)}"


def nobody_is_told_what_never_happened(seen: Evidence) -> Iterator[str]:
    """收件箱里的每一条都出自一条历史"""
    known = {key for name, ticket in seen.tickets.items() for key, _ in _keyed(name, ticket)}
    for to, lines in seen.told.items():
        for line in lines:
            if "-" in line["event_key"] and line["event_key"] not in known and line.get("ticket_id"):
                yield f"{to} reads {line['event_key']} ({line['template']}), which no history holds"


def who_must_hear_was_told(seen: Evidence) -> Iterator[str]:
    """该知道的人都被告知（按规则手写的表）"""
    for name, ticket in seen.tickets.items():
        for key, line in _keyed(name, ticket):
            to = {notice["to"] for notice in line.get("notices", ())}
            for party in OWED.get(line["kind"], ()):
                if not _is_among(party, to, line, ticket, seen):
                    yield f"{key} ({line['kind']} by {line['by']}) tells {sorted(to)}, not the {party}"


def every_rung_rang_once_in_order(seen: Evidence) -> Iterator[str]:
    """每个时限的每一级至多响一次，逐级不跳；并案带来的时限接着原工单的级数响"""
    for name, ticket in seen.tickets.items():
        clocks = {_named(clock): clock for clock in ticket.state.get("clocks", ())}
        for clock, rang in _rungs(ticket).items():
            before = _rang_elsewhere(clocks[clock], ticket, seen) if clock in clocks else set()
            first = min(rang)
            if rang != list(range(first, first + len(rang))) or not set(range(first)) <= before:
                yield f"{name} {clock}: rang {rang}, before it was carried here {sorted(before)}"
            moved = _rang_meanwhile(clocks[clock], ticket, seen) if clock in clocks else set()
            if set(rang) & moved and not _holds_anothers(clocks[clock]):
                yield f"{name} {clock}: rang {rang}, and {sorted(moved)} where it had been"


def rungs_are_in_time_again(seen: Evidence) -> Iterator[str]:
    """故障过去以后，该响的两分钟内都响，没有漏的"""
    calm, until = instant(seen.said["calm"]), instant(seen.said["until"])
    for name, ticket in seen.tickets.items():
        rang = {
            f"{line['details']['clock']}-{line['details']['rung']}": instant(line["at"])
            for _, line in ticket.lines
            if _is_ring(line)
        }
        for clock in ticket.state.get("clocks", ()):
            over = instant(
                clock.get("met_at") or clock.get("ended_at") or clock.get("paused_at") or seen.said["until"]
            )
            held_from = _held_from(clock, ticket)
            for n, rung in enumerate(clock.get("rungs", ())):
                at = max(instant(rung["at"]), held_from) if held_from else instant(rung["at"])
                if not calm < at < min(over, until) - LATE:
                    continue
                when = rang.get(f"{_named(clock)}-{n}")
                if when is None and n in _rang_elsewhere(clock, ticket, seen):
                    continue
                if when is None or when - at > LATE:
                    yield f"{name}: rung {n} of {clock['kind']}, due {rung['at']}, rang {when or 'never'}"


def what_has_ended_is_quiet(seen: Evidence) -> Iterator[str]:
    """了结之后什么都不再响，也没有闹钟；没有了结的都有闹钟"""
    for name, ticket in seen.tickets.items():
        end = ticket.state.get("closed_at") if ticket.has_ended else None
        for version, line in ticket.lines:
            if end and instant(line["at"]) > instant(end) and _is_ring(line):
                yield f"{name} rang at version {version} after its end"
        alarm = ticket.items.get("ALARM", {})
        is_due = str(alarm.get("GSI1PK", "")).startswith("DUE")
        if ticket.has_ended == is_due:
            yield f"{name} is {ticket.state['stage']} and {'has an' if is_due else 'has no'} alarm"


def no_promise_is_lost(seen: Evidence) -> Iterator[str]:
    """每个时限都有着落：办到、结束，或还在走；了结的工单没有还在走的时限"""
    for name, ticket in seen.tickets.items():
        ended = {clock["kind"] for clock in ticket.state.get("clocks", ()) if _is_open(clock)}
        if ticket.has_ended and ended - {"explain", "verify"}:
            yield f"{name} is {ticket.state['stage']}, and still runs {sorted(ended)}"
        if not ticket.has_ended and not ended:
            yield f"{name} is {ticket.state['stage']}, and no clock of it runs"


def the_feed_is_whole_and_in_order(seen: Evidence) -> Iterator[str]:
    """每个订阅方（推送的、自取的）收到的每张工单，版本从头到尾，先后不乱"""
    for platform in seen.said.get("subscribers", ("feed", "puller")):
        got: dict[str, list[int]] = defaultdict(list)
        for each in seen.messages(platform):
            body = each["body"]
            if body["version"] not in got[body["ticket_id"]]:
                got[body["ticket_id"]].append(body["version"])
        for name, ticket in seen.tickets.items():
            if any(ticket.state.get(each) for each in outward.HIDDEN):
                continue  # taken out of the feed
            versions = got[name]
            if versions != sorted(versions):
                yield f"{name} came to {platform} in the order {versions}"
            if set(versions) != set(range(1, ticket.state["version"] + 1)) and not _was_hidden(ticket):
                yield f"{name} is at {ticket.state['version']}, {platform} has {versions}"


def nobody_meets_a_fault_of_ours(seen: Evidence) -> Iterator[str]:
    """没有一次请求答以内部错误，换版本的那几分钟里也没有；换好以后没有人再被告知“正在更新”"""
    deployed = seen.said.get("deployed")
    over = instant(deployed[1]) if deployed else None
    for each in seen.requests:
        is_told_so = UPDATING in str(each["answer"])
        if 500 in each["met"] or (is_told_so and (over is None or instant(each["at"]) > over)):
            yield f"{each['who']} {each['method']} {each['path']} at {each['at']} met {each['met']}"


def who_reported_stays_in_the_vault(seen: Evidence) -> Iterator[str]:
    """电话、姓名只在保险箱里：不在工单、消息、数据流里，也不在没有权限的人看到的答复里"""
    of: dict[str, list[str]] = defaultdict(list)
    for person in seen.planted:
        for secret in (person["phone"], person["name"]):
            of[secret].append(person["who"])
    secrets = Secrets(person["phone"] for person in seen.planted), Secrets(p["name"] for p in seen.planted)
    stood = [text for table in ("tickets", "work", "traces") for text in seen.raw.get(table, ())]
    sent = [str(each["body"]) for each in seen.arrived if each["kind"] == "message"]
    for texts, where in ((stood, "stands in an open table"), (sent, "was sent to a phone or the subscriber")):
        whole = "\n".join(texts)
        for secret in sorted(set().union(*(each.found_in(whole) for each in secrets))):
            yield from (f"{secret} of {who} {where}" for who in of[secret])
    for each in seen.requests:
        if each["who"].startswith("resident-") or each["path"].endswith("/reveal"):
            continue
        for phone in sorted(secrets[0].found_in(str(each["answer"]))):
            yield from (f"{each['who']} read the phone of {who} at {each['path']}" for who in of[phone])


def figures_hold_every_ticket_once(seen: Evidence) -> Iterator[str]:
    """统计里每张工单恰有一条，版本是最后的"""
    facts: dict[str, list[Data]] = defaultdict(list)
    for item in seen.work:
        if item["PK"].startswith("DAY#") and item["SK"].startswith("IN#") and not item.get("moved"):
            facts[item["SK"].removeprefix("IN#")].append(item)
    for name, ticket in seen.tickets.items():
        found = facts.get(name, [])
        if ticket.state.get("practice"):
            continue
        if len(found) != 1:
            yield f"{name} stands {len(found)} times among the facts"
        elif int(found[0].get("version", 0)) != ticket.state["version"]:
            yield f"{name} is at {ticket.state['version']}, its fact at {found[0].get('version')}"


def nothing_was_given_up(seen: Evidence) -> Iterator[str]:
    """没有处理不了的记录，没有积压的推送"""
    yield from (f"dead letter {item['SK']}" for item in seen.work if item["PK"] == OPEN_LETTERS)
    until = instant(seen.said["until"])
    for item in seen.outward:
        waits = item.get("state") in ("created", "temporary_failure", "sending") and item.get("next_at")
        if waits and instant(item["next_at"]) < until - 3 * LATE:
            yield f"{item['PK']} {item['SK']} is {item['state']} since {item['next_at']}"


CLAIMS: tuple[Claim, ...] = (
    every_report_is_there_once,
    every_act_happened_as_it_was_answered,
    versions_are_one_order,
    every_notice_arrived_once,
    nobody_is_told_what_never_happened,
    who_must_hear_was_told,
    every_rung_rang_once_in_order,
    rungs_are_in_time_again,
    what_has_ended_is_quiet,
    no_promise_is_lost,
    the_feed_is_whole_and_in_order,
    who_reported_stays_in_the_vault,
    figures_hold_every_ticket_once,
    nothing_was_given_up,
    nobody_meets_a_fault_of_ours,
    outward.who_must_act_is_pushed_to,
    outward.every_push_left_once,
    outward.phones_got_what_was_sent,
    outward.words_that_wait_reach_no_unit,
    outward.photos_are_kept_or_missed,
    outward.every_order_is_one_ticket,
    outward.partners_hear_each_act_in_order,
)


def judge(seen: Evidence) -> dict[str, list[str]]:
    """What contradicts each claim, by the claim's name."""
    return {claim.__name__: list(claim(seen)) for claim in CLAIMS}


def _done(request: Data) -> bool:
    return 0 < int(request["status"]) < 300


def _acts(lines: Iterable[Data]) -> list[Data]:
    """What somebody did, each once: what is split takes along what was said on its page, the same line in both."""
    found: dict[object, Data] = {}
    for n, line in enumerate(lines):
        if not _comes_by_itself(line):
            found.setdefault((line["kind"], line["at"], line["voice"]) if line.get("voice") else n, line)
    return list(found.values())


def _families(seen: Evidence) -> dict[str, frozenset[str]]:
    """By ticket, all that were ever one with it: what somebody says on the page of what was merged is a line of what it is in."""
    families = {name: frozenset({name}) for name in seen.tickets}
    for name, ticket in seen.tickets.items():
        for line in ticket.all_lines:
            into = line["details"]["into"] if line["kind"] == "merged" else name
            whole = families[name] | families.get(into, frozenset())
            families |= dict.fromkeys(whole, whole)
    return families


def _comes_by_itself(line: Data) -> bool:
    """Under somebody's name, and no act of theirs. Whoever answers what was waited for says so in a line of its own.

    A contact that was corrected on the whole is a line of its matters too, which says not how it was learned.
    """
    is_of_the_whole = line["kind"] == "contact_corrected" and "learned" not in (line.get("details") or {})
    return (
        line["kind"] in NO_ACT or is_of_the_whole or (line["kind"] == "resumed" and line["by"] == "reporter")
    )


def _is_ring(line: Data) -> bool:
    return line["kind"] in RINGS and line["by"] == "machine"


def _named(clock: Data) -> str:
    return f"{clock['kind']}-{clock.get('round', 1)}"


def _rungs(ticket: Ticket) -> dict[str, list[int]]:
    """The rungs that rang, in their order, by the clock's name."""
    rungs: dict[str, list[int]] = defaultdict(list)
    for _, line in ticket.lines:
        if _is_ring(line):
            rungs[line["details"]["clock"]].append(int(line["details"]["rung"]))
    return rungs


def _rang_elsewhere(clock: Data, ticket: Ticket, seen: Evidence) -> set[int]:
    """The rungs of a promise that rang under another name: where a merge carried it from, or as `_rang_meanwhile`."""
    before = _rang_before(clock, seen) if clock.get("carried_from") else set()
    return before | _rang_meanwhile(clock, ticket, seen)


def _rang_meanwhile(clock: Data, ticket: Ticket, seen: Evidence) -> set[int]:
    """The rungs of a promise that a split brought back: here before it went, and there while it was away."""
    found: set[int] = set()
    for each in _earlier_rounds(clock, ticket):
        found |= set(_rungs(ticket).get(_named(each), ()))
        away = seen.tickets.get(each["carried_to"], Ticket())
        for other in away.state.get("clocks", ()) if away is not ticket else ():
            if _is_same(other, clock) and _holds_anothers(other):
                gone = other["rungs"][: other.get("rang", 0)]
                found |= set(range(sum(not rung.get("overdue") for rung in gone)))
            elif _is_same(other, clock):
                found |= set(_rungs(away).get(_named(other), ()))
    return found


def _earlier_rounds(clock: Data, ticket: Ticket) -> list[Data]:
    """Of the same promise, which a merge ended."""
    before = (each for each in ticket.state.get("clocks", ()) if each["round"] < clock.get("round", 1))
    return [each for each in before if _is_same(each, clock) and each.get("carried_to")]


def _is_same(one: Data, other: Data) -> bool:
    return (one["kind"], one.get("started_at")) == (other["kind"], other.get("started_at"))


def _holds_anothers(clock: Data) -> bool:
    """Whether rungs of a promise that was late already stand among its own, which are counted on then."""
    return any(rung.get("overdue") for rung in clock.get("rungs", ()))


def _held_from(clock: Data, ticket: Ticket) -> datetime | None:
    """Since when a promise holds again that another had stood in for: what was due meanwhile is due then."""
    went = [each["ended_at"] for each in _earlier_rounds(clock, ticket) if each.get("ended_at")]
    back = [
        line["at"] for line in ticket.all_lines if line["kind"] in PARTED and went and line["at"] >= max(went)
    ]
    return instant(min(back)) if back else None


def _rang_before(clock: Data, seen: Evidence) -> set[int]:
    """The rungs of a promise that rang on the ticket from which a merge carried it here."""
    origin = seen.tickets.get(clock["carried_from"])
    if origin is None:
        return set()
    found: set[int] = set()
    for each in origin.state.get("clocks", ()):
        if each["kind"] == clock["kind"] and each["due_at"] == clock["due_at"]:
            found |= set(_rungs(origin).get(_named(each), ()))
            found |= _rang_before(each, seen) if each.get("carried_from") else set()
    return found


def _is_open(clock: Data) -> bool:
    return not (clock.get("met_at") or clock.get("ended_at"))


def _keyed(name: str, ticket: Ticket) -> Iterator[tuple[str, Data]]:
    yield from ((f"{name}-{version:06d}", line) for version, line in ticket.lines)
    yield from ((f"{name}-{beside}", line) for beside, line in ticket.beside)


def _was_hidden(ticket: Ticket) -> bool:
    """For a while, or from its first line on: whoever reported it, or a leader, then says that nobody need be kept away."""
    return any(
        line["kind"] in ("made_confidential", "concerned", "avoid_lifted", "secrecy_lifted")
        for line in ticket.all_lines
    )


def _is_with_a_unit(ticket: Ticket, line: Data) -> bool:
    """After a line: what was answered at the desk and is taken up again has never left it."""
    given = False
    for each in ticket.all_lines:
        is_given = each["kind"] in GIVEN or "unit" in (each.get("details") or {})  # also as it was received
        given = is_given or (given and not _is_taken_away(each))
        if each is line:
            return given
    return given


def _station_at(line: Data, ticket: Ticket, seen: Evidence) -> str:
    """Whose desk it was at a line, as those read it who looked then, or as the line says that moved it."""
    at = next((version for version, each in ticket.lines if each is line), ticket.state["version"])
    shown = seen.stations[ticket.state.get("id", "")]
    moved = [
        (version, str(each["details"]["station"]))
        for version, each in ticket.lines
        if "station" in (each.get("details") or {})
    ]
    known = [(version, station) for version, station in (*shown, *moved) if version <= at]
    if known:
        return max(known)[1]
    first_moved = min((version for version, _ in moved), default=ticket.state["version"] + 1)
    until_moved = [each for each in shown if each[0] < first_moved]  # it was there from the start
    return min(until_moved)[1] if until_moved else str(ticket.state["station_id"])


def _handler_after(line: Data, ticket: Ticket) -> str:
    """Who has it after a line, as far as the history names them; "" for nobody."""
    handler = ""
    for each in ticket.all_lines:
        if each["kind"] in TAKES:
            handler = each["by"]
        elif "handler" in (each.get("details") or {}):
            handler = each["details"]["handler"]
        elif _is_taken_away(each):
            handler = ""
        if each is line:
            break
    return handler


def _is_taken_away(line: Data) -> bool:
    """Whether no unit has it after this line; a change of place takes it from a unit that does not serve the new one, and says so."""
    is_recalled = any(notice.get("template") == "recalled" for notice in line.get("notices", ()))
    return line["kind"] in TAKES_AWAY or (line["kind"] == "relocated" and is_recalled)


def _has_a_reporter(line: Data, ticket: Ticket) -> bool:
    """At a line: who is forgotten cannot be told; a later version of the partner's order may name them anew."""
    has = ticket.state.get("reporter_id") is not None
    for each in ticket.all_lines:
        if each["kind"] in ("identity_removed", "order_updated"):
            has = ticket.state.get("reporter_id") is not None and each["kind"] == "order_updated"
        if each is line:
            break
    return has


def _waits_for_words(line: Data, ticket: Ticket) -> bool:
    """Whether somebody has it at a line who goes on with it: of a ticket that has ended nobody waits for what was said."""
    before = ticket.lines[: next((n for n, (_, each) in enumerate(ticket.lines) if each is line), 0)]
    return bool(_handler_after(line, ticket)) and not any(each["kind"] in ENDED for _, each in before)


def _is_given_to_their_own(line: Data, seen: Evidence) -> bool:
    """To the unit of whoever gives it, and to nobody by name: where the others must not see it, that is all."""
    details = line.get("details") or {}
    return not details.get("handler") and details.get("unit") == seen.people.get(line["by"], {}).get(
        "unit", ""
    )


def _is_among(party: str, to: set[str], line: Data, ticket: Ticket, seen: Evidence) -> bool:
    if party == "reporter":
        return not _has_a_reporter(line, ticket) or "reporter" in to
    if party == "desk" or (line["kind"] in TAKEN_UP and not _is_with_a_unit(ticket, line)):
        told = {each.removeprefix("staff:") for each in to} | {line["by"]}
        station = _station_at(line, ticket, seen)
        return any(seen.people.get(code, {}).get("unit") == station for code in told)
    if line["kind"] in LOOKS and not _waits_for_words(line, ticket):
        return True
    if _handler_after(line, ticket) == line["by"] or _is_given_to_their_own(line, seen):
        return True  # who has it, and does it, knows
    return any(each.startswith("staff:") and each != f"staff:{line['by']}" for each in to)
