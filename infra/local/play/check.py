"""The check after a day: nothing was lost, nothing happened twice, nobody was told twice. Reads the tables only.

Each claim is a function that answers what contradicts it, so an empty list is the promise kept.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.parties.follow_up_policy import missing_follow_ups
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import ENDED, Stage
from chalicelib.domain.town.directory import Town
from chalicelib.store import keys
from infra.local.play import tables as reading
from infra.local.play.acts_check import Acted, each_act_once
from infra.local.play.clocks_check import went_on
from infra.local.play.phones import Phones, Shown
from infra.local.play.phones_check import (
    each_ended_as_what_it_is,
    one_time_messages_came_once,
    staff_phones_show_what_was_sent,
)
from infra.local.play.reporting import Sent
from infra.local.play.tables import Kept, Tables
from infra.local.play.telling_check import sent_once, told_once, told_to_the_right_people
from infra.local.play.weather import Lived

LATE = timedelta(seconds=150)  # two sweeps and the 30 s that the workflow is left
RINGS = frozenset({EventKind.REMINDED, EventKind.ESCALATED, EventKind.SUPERVISED})
ASKED = frozenset(
    {EventKind.FOLLOWED_UP, EventKind.VERIFIED, EventKind.UNREACHED, EventKind.ANSWERED, EventKind.EXEMPTED}
)


class Known(NamedTuple):
    """What those who acted were told: what each acknowledged report said, and how often each act succeeded."""

    sent: Mapping[str, Sent]
    acted: Mapping[Acted, int]
    uncertain: frozenset[Acted] = frozenset()  # the day ended before these were answered
    weather: tuple[Lived, ...] = ()  # when the platforms were ill
    slack: timedelta = LATE  # by which clocks may then be later than at other times


class Evidence(NamedTuple):
    """What the claims are judged by."""

    tables: Tables
    known: Known
    town: Town
    now: datetime
    shown: Shown | None = None  # what the phones show; None where there are none


Claim = Callable[[Evidence], Iterator[str]]


def every_report_is_there_once(day: Evidence) -> Iterator[str]:
    """收到回执的每件诉求都在，只有一份，内容一字不差"""
    kept = day.tables.tickets
    for ticket_id, sent in day.known.sent.items():
        if ticket_id not in kept:
            yield f"{ticket_id} lost: {sent.text[:30]!r}"
        elif kept[ticket_id].ticket.text != sent.text:
            yield f"{ticket_id} says {kept[ticket_id].ticket.text[:40]!r}, sent was {sent.text[:40]!r}"
    yield from (
        f"{ticket_id} was acknowledged to nobody: {kept[ticket_id].ticket.text[:30]!r}"
        for ticket_id in kept.keys() - day.known.sent.keys()
    )
    counted = Counter(day.tables.numbers)
    yield from (
        f"{ticket_id} has {counted[ticket_id]} numbers" for ticket_id in kept if counted[ticket_id] != 1
    )


def history_has_no_gaps(day: Evidence) -> Iterator[str]:
    """每张工单的历史逐条连续，没有缺号"""
    for ticket_id, kept in day.tables.tickets.items():
        versions = [version for version, _ in kept.changes]
        if versions != list(range(1, kept.ticket.version + 1)):
            yield f"{ticket_id} is at version {kept.ticket.version}, its history has {versions}"


def every_rung_rang_once(day: Evidence) -> Iterator[str]:
    """每一轮时限的每一级提醒、升级最多一次，没有跳级"""
    for ticket_id, kept in day.tables.tickets.items():
        rungs: dict[str, list[int]] = {}
        for _, event in kept.changes:
            if event.kind in RINGS and event.by == Actor.MACHINE:
                rungs.setdefault(event.details["clock"], []).append(int(event.details["rung"]))
        fired = {clock.id: clock.rang for clock in kept.ticket.clocks}
        for clock in fired.keys() | rungs.keys():
            if rungs.get(clock, []) != list(range(fired.get(clock, 0))):
                yield f"{ticket_id} {clock}: rang {rungs.get(clock)}, the clock counts {fired.get(clock)}"


def every_open_ticket_is_watched(day: Evidence) -> Iterator[str]:
    """每张未结工单都有下一次闹钟，没有响晚的；已结的没有"""
    for ticket_id, kept in day.tables.tickets.items():
        pending = kept.items.get(keys.alarm(ticket_id).sk, {})
        # else it is listed for retention
        alarm = pending.get("at") if keys.is_due(pending.get("GSI1PK", "")) else None
        if (kept.ticket.stage in ENDED) == bool(alarm):
            yield f"{ticket_id} is {kept.ticket.stage} and {'has an' if alarm else 'has no'} alarm"
        if alarm and from_stamp(alarm) < day.now - LATE:
            yield f"{ticket_id}: its alarm of {alarm} has not rung at {stamp(day.now)}"


def queues_say_what_tickets_say(day: Evidence) -> Iterator[str]:
    """每个人的待办与工单一致"""
    for ticket_id, kept in day.tables.tickets.items():
        wanted = {keys.queue_entry(ticket_id, entry.who).sk for entry in waits_for(kept.ticket)}
        found = {sk for sk in kept.items if sk.startswith(keys.QUEUES)}
        if wanted != found:
            yield f"{ticket_id} should stand in {sorted(wanted)}, stands in {sorted(found)}"


def nothing_closed_against_the_policy(day: Evidence) -> Iterator[str]:
    """没有一张工单不经双回访就结案"""
    for ticket_id, kept in day.tables.tickets.items():
        if kept.ticket.stage is not Stage.CLOSED:
            continue
        if missing := missing_follow_ups(kept.ticket, day.town):
            yield f"{ticket_id} is closed without {missing}"
        if not _was_asked(kept):
            yield f"{ticket_id} is closed, and its history shows nobody who was asked"


def _was_asked(kept: Kept) -> bool:
    """From the history alone: since the last rework somebody was asked, called, or looked; or answered on the spot."""
    asked = False
    for _, event in kept.changes:
        if event.kind in (EventKind.REWORKED, EventKind.REOPENED):
            asked = False
        own_word = event.kind in (EventKind.CLOSED, EventKind.RATED) and event.by == Actor.REPORTER
        asked = asked or event.kind in ASKED or own_word  # a yes may have waited for the others'
    return asked


def identities_are_elsewhere(day: Evidence) -> Iterator[str]:
    """工单表里没有任何人的电话"""
    text = "\n".join(day.tables.raw)
    yield from (
        f"a phone of {ticket_id} stands in the tickets table"
        for ticket_id, sent in day.known.sent.items()
        if sent.phone in text
    )


def every_act_happened_once(day: Evidence) -> Iterator[str]:
    """每个答复成功的操作在历史里恰好一次"""
    yield from each_act_once(day.tables, day.known.acted, day.known.uncertain)


def no_dead_letters(day: Evidence) -> Iterator[str]:
    """没有处理不了的记录"""
    yield from (f"dead letter {letter['SK']}" for letter in day.tables.dead_letters)


def everyone_was_told_once(day: Evidence) -> Iterator[str]:
    """该告知的人都收到了，收件箱里每条只有一次"""
    yield from told_once(day.tables, day.town)


def nobody_heard_twice(day: Evidence) -> Iterator[str]:
    """每件事对每个人最多推送一次，没有积压"""
    yield from sent_once(day.tables, day.town, day.now - LATE)


def every_push_ended_as_what_it_is(day: Evidence) -> Iterator[str]:
    """每条推送都有着落：送到了，或写明没送到的原因；等重发的，时间还没到"""
    yield from each_ended_as_what_it_is(day.tables, day.now - LATE, day.now)


def no_one_time_message_came_twice(day: Evidence) -> Iterator[str]:
    """居民微信里的一次性消息，一件事没有收到两次；记为送到的，手机上都有"""
    if day.shown:
        yield from one_time_messages_came_once(day.tables, day.shown)


def staff_phones_agree(day: Evidence) -> Iterator[str]:
    """记为送到的企业微信消息，手机上或群里都有；没有被平台悄悄丢掉的"""
    if day.shown:
        yield from staff_phones_show_what_was_sent(day.tables, day.town, day.shown)


def clocks_went_on(day: Evidence) -> Iterator[str]:
    """微信、企业微信出故障时，时限照走：该响的都按时响了，系统派单的反馈没有晚"""
    yield from went_on(day.tables, day.known.weather, day.known.slack)


def nobody_heard_of_a_complaint_about_himself(day: Evidence) -> Iterator[str]:
    """被投诉的单位和人员没有收到消息"""
    yield from told_to_the_right_people(day.tables, day.town)


CLAIMS: tuple[Claim, ...] = (
    every_report_is_there_once,
    history_has_no_gaps,
    every_act_happened_once,
    every_rung_rang_once,
    every_open_ticket_is_watched,
    queues_say_what_tickets_say,
    nothing_closed_against_the_policy,
    everyone_was_told_once,
    nobody_heard_twice,
    every_push_ended_as_what_it_is,
    no_one_time_message_came_twice,
    staff_phones_agree,
    clocks_went_on,
    nobody_heard_of_a_complaint_about_himself,
    identities_are_elsewhere,
    no_dead_letters,
)


def judge(known: Known, phones: Phones) -> dict[Claim, list[str]]:
    """Every claim with what contradicts it."""
    from chalicelib.store.town import directory
    from infra.local.play.people import now

    day = Evidence(reading.read(), known, directory.town(), now(), phones.shown())
    return {claim: list(claim(day)) for claim in CLAIMS}


def settle(known: Known, phones: Phones, seconds: float) -> dict[Claim, list[str]]:
    """Judge until all is well, or `seconds` have passed: what is on its way needs a moment, or the next sweep."""
    end = time.monotonic() + seconds
    while True:
        verdict = judge(known, phones)
        if not any(verdict.values()) or time.monotonic() > end:
            return verdict
        time.sleep(2)
