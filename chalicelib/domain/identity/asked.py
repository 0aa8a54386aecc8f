"""What the one function that reads identities is asked to do (docs/access.md)."""

from enum import StrEnum


class Asked(StrEnum):
    REVEAL = "reveal"  # to a person, field by field, with a reason
    FIND_BY_PHONE = "find_by_phone"
    ERASE = "erase"
    CORRECT_CONTACT = "correct_contact"
    COPY = "copy"
    LISTEN = "listen"
    VOLUNTEER = "volunteer"
    OWN_SIGN_UP = "own_sign_up"
    EXPORT = "export"
    FORGET = "forget"
    PEOPLE_BY_PHONE = "people_by_phone"
    PERSON_OF_ORDER = "person_of_order"
    PERSON_OF_CLIENT = "person_of_client"
    PERSON_BY_OPENID = "person_by_openid"
    FIND_BY_OPENID = "find_by_openid"
    BIND_STAFF = "bind_staff"
    MAKE_WAYS = "make_ways"
