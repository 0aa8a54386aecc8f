"""派单摘要: the few words about a matter that go to a phone and, where the reporter is sealed, all that its unit reads (design §12).

A resident's own words stay in the app. The machine proposes, the dispatcher confirms: what nobody confirmed is not sent.
"""

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.dangers import name_of
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town

LONGEST = 30  # characters
SENSITIVE = "一件工单"
WITHOUT_WORDS = "内容由工作站看过后再转"  # of what went out before anybody of the desk had looked (rule 104)
_CLAUSE_END = regex(r"[。！？!?；;\n]")
_NUMBERS = regex(r"[0-9A-Za-z]{4,}")


def proposed(ticket: Ticket) -> str:
    """What the machine proposes: the first sentence without what identifies. Nothing of a matter that is kept from anybody, nor
    of words that are withheld from the unit: what goes there in their place the desk writes itself.
    """
    if ticket.confidential or ticket.withheld:
        return ""
    first = next((part for part in _CLAUSE_END.split(ticket.text) if part.strip()), "")
    return _NUMBERS.sub("", scrub(first)).strip()[:LONGEST]


def confirmed(ticket: Ticket, given: str) -> str:
    """What the dispatcher confirmed, else what stood there before.

    Raises Invalid where it is too long, or names somebody.
    """
    summary = given.strip() or ticket.summary
    if len(summary) > LONGEST:
        raise Invalid(f"派单摘要最多{LONGEST}个字", fields=["summary"])
    if scrub(summary) != summary:
        raise Invalid("派单摘要里不要写姓名、电话、门牌、证件号", fields=["summary"])
    return summary


def on_a_phone(ticket: Ticket, town: Town) -> str:
    """What a phone is sent of it: fixed words of a danger and of words that are withheld, none of what is kept from somebody, and of
    what is sensitive that it is one.
    """
    category = town.find_category(ticket.category or "")
    if ticket.danger and ticket.danger.level is Danger.SURE and ticket.danger.decided is not Answer.NO:
        return name_of(ticket.danger)
    if ticket.concerns:
        return ""
    if ticket.withheld and ticket.withheld.waits and ticket.withholds_text:
        return WITHOUT_WORDS
    return SENSITIVE if category and category.sensitive else ticket.summary
