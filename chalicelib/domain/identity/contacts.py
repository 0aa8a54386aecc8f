"""更正联系方式: how the desk knows the right number of whoever reported."""

from enum import StrEnum


class Learned(StrEnum):
    """How the desk knows the right number: nobody's contact is changed on a guess."""

    BY_PERSON = "by_person"
    BY_RELATIVE = "by_relative"
    BY_PARTNER = "by_partner"
    MISWRITTEN = "miswritten"


LEARNED_NAMES = {
    Learned.BY_PERSON: "本人当面或来电说的",
    Learned.BY_RELATIVE: "接电话的家人告诉的",
    Learned.BY_PARTNER: "转来的单位核实的",
    Learned.MISWRITTEN: "登记时写错，按原始记录更正",
}
