"""An act on a class is declared once: its form asks for what its route reads, and each is offered to whom it is allowed."""

import pytest

from chalicelib.api.classes import classes as routes
from chalicelib.domain.classes.issue_class import ACT_NAMES, ClassAct
from chalicelib.domain.classes.offers import OFFERS
from tests.api.classes.test_classes import confirmed, market
from tests.api.classes.test_similar import DESK, HEAD

__all__ = ["market"]
BODIES = {
    "confirm": routes.NameBody,
    "announce": routes.MeasureBody,
    "rename": routes.NameBody,
    "add": routes.TicketsBody,
    "split": routes.SplitBody,
    "merge": routes.IntoBody,
    "end": routes.ReasonBody,
    "discard": routes.ReasonBody,
}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_a_form_asks_for_what_the_route_reads(offer):
    schema = BODIES[offer.name].model_json_schema(by_alias=True)
    assert {field.name for field in offer.fields} == set(schema["properties"])
    always = {field.name for field in offer.fields if field.required and not field.unless}
    assert always == set(schema["required"])
    for field in offer.fields:
        read = schema["properties"][field.name]
        bounds = [read[name] for name in ("maxLength", "maxItems", "maximum") if name in read]
        assert field.most is None or field.most in bounds, field.name
    assert {name for field in offer.fields for name in (field.only_with, field.unless)} <= {
        "",
        *schema["properties"],
    }


def test_every_line_of_a_history_has_words():
    assert list(ACT_NAMES) == list(ClassAct)


def test_what_is_offered_is_allowed_and_begins_with_what_is_known(service, market):
    class_id, _ = market
    confirmed(service, class_id)
    by_head, by_desk = (
        service.get(f"/desk/classes/{class_id}", service.staff(who)).body for who in (HEAD, DESK)
    )
    names = [act["name"] for act in by_head["acts"]]
    assert names == ["announce", "rename", "add", "split", "merge", "end", "discard"]
    assert [act["name"] for act in by_desk["acts"]] == [
        name for name in names if name not in ("announce", "end")
    ]
    fields = {(act["name"], field["name"]): field for act in by_head["acts"] for field in act["fields"]}
    assert fields["rename", "name"]["initial"] == "南门口流动菜摊"
    assert fields["rename", "owner"]["initial"] == HEAD
    assert fields["split", "name"]["initial"] is None
    assert fields["merge", "into"]["excluded"] == [class_id]
    assert by_head["history"][-1]["what_name"] == "确认"
