"""People's names: the sender's own wherever it stands, others' where the words around say that it is a name.

There is no dictionary of names. A cue says that a name comes (我叫, 联系人, 我女儿), a surname begins it, and the
characters after it may stand in a given name. The weaker the cue, the more the rest must look like a name.
王阿姨, 张师傅, 小陈 name nobody who could be found by it, and stay; so do shops and roads called after people.
"""

import re
from collections.abc import Iterator

from chalicelib.domain.identity.name_cues import (
    AFTER_NAME,
    ANNOUNCES,
    FOREIGN,
    HAN,
    IS_ONE,
    NAMES_ONE,
    NOT_FOREIGN,
    PAUSE,
    PLACE,
    PLACE_ENDS,
    RELATION,
    SOMEONE,
    SURNAME_THEN_GIVEN,
    TITLE,
)
from chalicelib.domain.identity.name_words import (
    DOUBLE_SURNAMES,
    GIVEN,
    NO_GIVEN,
    ORDINARY,
    SELDOM_SURNAMES,
    SURNAMES,
    WORD_SURNAMES,
)

Span = tuple[int, int]


def other_names(plain_text: str, numbers: list[Span]) -> Iterator[Span]:
    """Where somebody's name stands; `numbers` are the places of phones and the like, beside which a name may stand."""
    for cue in NAMES_ONE.finditer(plain_text):
        yield from _name_at(plain_text, cue.end(), sure=True)
    for cue in IS_ONE.finditer(plain_text):
        yield from (span for span in _name_at(plain_text, cue.end()) if _is_whole(plain_text, span))
    for cue in SOMEONE.finditer(plain_text):
        yield from _name_at(
            plain_text, cue.end(), sure=bool(ANNOUNCES.search(cue[0])) and cue[0][-1] not in "是为"
        )
    for found in SURNAME_THEN_GIVEN.finditer(plain_text):
        if found["surname"] in DOUBLE_SURNAMES or found["surname"] in SURNAMES:
            yield found.span("given")
    for found in FOREIGN.finditer(plain_text):
        if not NOT_FOREIGN.intersection(re.split(r"[\s·-]", found["name"])):
            yield found.span("name")
    yield from _beside_numbers(plain_text, numbers)
    yield from _before_titles(plain_text)


def own_name(plain_text: str, name: str) -> Iterator[Span]:
    """Where the sender's own name stands: as a whole word, so that 早高峰 is not 高峰, nor 张杨路 somebody 张杨.

    `name` is plain. Blanks and dots between its characters are read over. Of a name of three or more characters the
    given name alone counts too, where it stands by itself.
    """
    letters = [re.escape(letter) for letter in name if not letter.isspace() and letter not in ".·"]
    if len(letters) < 2:
        return
    pattern = re.compile(r"[\s·.]{0,2}".join(letters), re.IGNORECASE)
    for found in pattern.finditer(plain_text):
        if not PLACE.match(plain_text, found.end()) and (
            name not in ORDINARY or _stands_alone(plain_text, *found.span())
        ):
            yield found.span()
    given = name[2:] if name[:2] in DOUBLE_SURNAMES else name[1:]
    if len(given) < 2 or not HAN.match(given) or given in ORDINARY:
        return
    for found in re.finditer(re.escape(given), plain_text):
        if _stands_alone(plain_text, *found.span()):
            yield found.span()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 1) : start]
    begins = (
        not before or not HAN.match(before) or before in "叫是姓名人主我找问给替帮跟和与同把被让请的系为长板"
    )
    return begins and bool(AFTER_NAME.match(text, end)) and not PLACE.match(text, end)


def _name_at(text: str, at: int, *, sure: bool = False) -> Iterator[Span]:
    """The name that begins here, if one does."""
    surname = 2 if text[at : at + 2] in DOUBLE_SURNAMES else 1 if text[at : at + 1] in SURNAMES else 0
    if not surname:
        return
    ends = [at + surname + given for given in (2, 1) if at + surname + given <= len(text)]
    names = [end for end in ends if _may_be_a_name(text, text[at:end], surname, end, sure=sure)]
    whole = [end for end in names if AFTER_NAME.match(text, end)]
    if names:
        yield at, (whole or names)[0]


def _may_be_a_name(text: str, name: str, surname: int, end: int, *, sure: bool) -> bool:
    given = name[surname:]
    if not all(HAN.match(character) and character not in NO_GIVEN for character in given):
        return False
    if (
        (surname == 1 and name[:2] in ORDINARY)
        or name[-1] in PLACE_ENDS
        or re.fullmatch(rf"(?:{TITLE})", given)
        or PLACE.match(text, end)
    ):
        return False
    if PLACE.match(text, end - 1) and len(given) == 2 and not AFTER_NAME.match(text, end):
        return False
    is_whole = bool(AFTER_NAME.match(text, end))
    if sure:
        return is_whole or (len(given) == 2 and all(character in GIVEN for character in given))
    if name[0] in WORD_SURNAMES and surname == 1:
        unmistakable = len(given) == 2 and given not in ORDINARY and PAUSE.match(text, end)
        if name[0] in SELDOM_SURNAMES or not unmistakable:
            return False
    return is_whole and all(character in GIVEN for character in given)


def _is_whole(text: str, span: Span) -> bool:
    """我是岳海涛的妈妈 names one; 我是周浦的 does not."""
    if text[span[1] : span[1] + 1] != "的":
        return True
    return bool(re.match(rf"的(?:{RELATION}|本人|代理|邻居)", text[span[1] :]))


def _beside_numbers(text: str, numbers: list[Span]) -> Iterator[Span]:
    """熊立军 152…, 152…（熊立军）."""
    for start, end in numbers:
        before = re.search(
            r"(?:^|[^\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,4})[\s,:(]{0,3}$",
            text[max(0, start - 9) : start],
        )
        if before:
            at = max(0, start - 9) + before.start("name")
            yield from ((s, e) for s, e in _name_at(text, at) if e == at + len(before["name"]))
        after = re.match(
            r"[\s,:(（]{0,3}(?P<name>[\u4e00-\u9fff]{2,4})(?:$|[\s,。;)）])", text[end : end + 9]
        )
        if after:
            at = end + after.start("name")
            yield from ((s, e) for s, e in _name_at(text, at) if e == at + len(after["name"]))


def _before_titles(text: str) -> Iterator[Span]:
    """王小明先生: the name goes, the title stays. 王阿姨 and 和李老师 hold no full name."""
    for title in re.finditer(rf"(?:{TITLE})", text):
        for surname in (1, 2):
            at = title.start() - surname - 2
            if at >= 0 and _is_full_name(text[at : title.start()], surname):
                yield at, title.start()


def _is_full_name(name: str, surname: int) -> bool:
    """A surname of so many characters and two more that may be a given name."""
    first, given = name[:surname], name[surname:]
    begins = first in (DOUBLE_SURNAMES if surname == 2 else SURNAMES - WORD_SURNAMES)
    is_two_people = given[0] in SURNAMES and given[1] in "小老大"
    return begins and name[:2] not in ORDINARY and not is_two_people and set(given) <= GIVEN - NO_GIVEN
