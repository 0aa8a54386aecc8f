"""保密: whom a confidential ticket keeps out (rule 21)."""

from collections.abc import Collection

from chalicelib.domain.town.vocabulary import LEADERS, Staff


def is_concerned(staff: Staff, concerns: Collection[str]) -> bool:
    """Whether a ticket about these units and people is about this person.

    A complaint about a unit is about everyone in it but the leaders who sit there: they are whom it goes to.
    """
    if staff.code in concerns:
        return True
    return staff.unit in concerns and LEADERS.isdisjoint(staff.roles)
