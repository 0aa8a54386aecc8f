"""What the follow-up policy (data: follow_up.csv) demands of a ticket, and what it still lacks (rule 5)."""

from chalicelib.domain.tickets.ticket import FollowUp, FollowUpResult, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpRule

_ACCEPTED = {  # which follow-ups count as the station's own, by policy (design §6)
    "in_app_then_call": ("in_app", "call"),
    "call": ("call",),
    "call_unless_partner": ("call", "partner"),
    "verify": ("verify",),
}


def policy(ticket: Ticket, town: Town) -> FollowUpRule:
    return town.follow_up_rule(ticket.source, ticket.answered_on_the_spot)


def missing_follow_ups(ticket: Ticket, town: Town) -> list[str]:
    """What the follow-up policy still demands before this ticket may close; empty when it may (rule 5)."""
    rule, missing = policy(ticket, town), []
    if rule.unit_feedback != "none" and ticket.fed_back_by_unit < ticket.round:
        missing.append("承办单位的初步反馈")
    if rule.station != "message_only" and not ticket.exemption:
        final = final_follow_up(ticket, rule.station)
        if final is None:
            missing.append("核查" if rule.station == "verify" else "工作站回访")
        elif final.result is FollowUpResult.NOT_SOLVED:
            missing.append("居民认可的解决（上次回访为未解决）")
    return missing


def final_follow_up(ticket: Ticket, station: str) -> FollowUp | None:
    """The round's last follow-up of a kind that the policy accepts; neighbours' ratings do not decide."""
    accepted = _ACCEPTED.get(station, ())
    of_the_round = (f for f in reversed(ticket.follow_ups) if f.round == ticket.round and f.by != "member")
    return next((f for f in of_the_round if f.how in accepted), None)
