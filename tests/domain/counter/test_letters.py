"""Letters of a petition (rule 99): drafts, with the terms as data."""

import pytest

from chalicelib.domain.counter.letters import TERMS, LetterKind, letter
from chalicelib.domain.errors import WrongStage
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW, TOWN, received

PETITION = received(source=Source.PETITION)


@pytest.mark.parametrize("kind", sorted(LetterKind))
def test_a_letter_is_a_draft_with_its_terms_and_grounds(kind):
    made = letter(PETITION, kind, said="已与施工方谈妥，夜间停工", town=TOWN, now=NOW)
    assert "草稿" in made.mark
    assert made.terms == TERMS[kind]
    assert PETITION.number in made.paragraphs[0]
    assert all(term.ground.startswith("信访工作条例") for term in made.terms)


def test_what_was_done_stands_in_the_reply_alone():
    said = "已与施工方谈妥"
    assert said in letter(PETITION, LetterKind.REPLIED, said=said, town=TOWN, now=NOW).paragraphs
    assert said not in letter(PETITION, LetterKind.RECEIVED, said=said, town=TOWN, now=NOW).paragraphs


def test_no_letter_without_a_petition_and_no_reply_without_an_answer():
    with pytest.raises(WrongStage):
        letter(received(), LetterKind.RECEIVED, said="", town=TOWN, now=NOW)
    with pytest.raises(WrongStage):
        letter(PETITION, LetterKind.REPLIED, said="", town=TOWN, now=NOW)


def test_it_holds_no_word_of_the_report():
    made = letter(PETITION, LetterKind.RECEIVED, said="", town=TOWN, now=NOW)
    assert PETITION.text not in "".join(made.paragraphs)
