"""On the page of what was merged its reporter reads how far it is where it goes on, and says there what they say (rule 38)."""

import pytest

from tests.apart import DESK, HANDLER, HEAD, Life
from tests.service import one_service

service = one_service


@pytest.fixture
def life(service, request):
    """A ticket that was taken, with a report of somebody else merged into it five minutes later."""
    life = Life(service, request.node.name)
    life.staff("take", HANDLER)
    life.staff("unit-feedback", HANDLER, text="下午去修")
    return life


def page(life, who="merged"):
    answer = life.service.get(f"/api/tickets/{life.merged}", life.token(who))
    assert answer.status == 200, answer.raw
    return answer.body


def resolved(life):
    life.staff("arrived", HANDLER)
    life.staff("resolve", HANDLER, note="换了灯泡", photos=[life.photo(HANDLER)])


def says(life, ticket_id, who, text):
    life._done(life.service.post(f"/api/tickets/{ticket_id}/comments", {"text": text}, life.token(who)))


def test_it_reads_by_when_then_is_asked_and_says_no_on_the_own_page(life):
    life.merges("merged")
    first = page(life)
    assert first["standing"].startswith(
        "与另一件合在一起办，您反映的没有取消。盛华景苑物业服务处正在办，最迟"
    )
    assert (first["holder"]["unit"], first["may"]["rate"]) == ("盛华景苑物业服务处", False)
    resolved(life)
    asked = page(life)
    assert "办好没有请您说" in asked["standing"]
    assert asked["may"]["rate"]
    said = life.service.post(f"/api/tickets/{life.merged}/rating", {"solved": False}, life.token("merged"))
    life._done(said)
    assert "您说没有解决" in page(life)["standing"]
    assert not page(life)["may"]["rate"]
    told = life.service.get("/staff/inbox", life.service.staff(DESK)).body["items"]
    assert ("call_needed", life.id) in [(line["template"], line["ticket_id"]) for line in told]


def test_after_it_was_closed_it_is_opened_again_from_the_own_page(life):
    life.merges("merged")
    resolved(life)
    for who, ticket_id in (("reporter", life.id), ("merged", life.merged)):
        given = {"solved": True}
        life._done(life.service.post(f"/api/tickets/{ticket_id}/rating", given, life.token(who)))
    assert page(life)["standing"] == "与另一件合在一起办。您说办好了，已结案"
    assert page(life)["may"]["reopen"]
    life._done(
        life.service.post(f"/api/tickets/{life.merged}/reopen", {"reason": "又不亮了"}, life.token("merged"))
    )
    assert not page(life)["may"]["reopen"]
    assert life.ticket().stage == "handling"


def test_only_who_was_asked_ends_the_wait(life):
    life.staff("wait", HANDLER, question="是哪一层？")
    life.service.later(minutes=5)
    life.merges("merged")
    says(life, life.merged, "merged", "谢谢你们，越快越好")
    assert life.ticket().pause is not None
    assert "在等反映人的回答" in page(life)["standing"]
    told = life.service.get("/staff/inbox", life.service.staff(HANDLER)).body["items"]
    assert ("commented", life.id) in [(line["template"], line["ticket_id"]) for line in told]
    life.service.later(minutes=1)
    says(life, life.id, "reporter", "三层")
    assert life.ticket().pause is None


def test_who_was_merged_in_before_the_question_answers_it_too(life):
    life.merges("merged")
    life.service.later(minutes=5)
    life.staff("wait", HANDLER, question="是哪一层？")
    assert "在等您的回答" in page(life)["standing"]
    says(life, life.merged, "merged", "三层")
    assert life.ticket().pause is None


def test_into_what_is_put_off_its_reporter_reads_why_and_nothing_rings(life):
    until = (life.service.now.replace(hour=10, minute=0)).isoformat().replace("-11-", "-12-")
    life.staff("suspend", HEAD, reason="等配件到货", review_at=until)
    life.merges("merged")
    lines = life.service.get("/api/inbox", life.token("merged")).body["items"]
    (told,) = [line for line in lines if line["template"] == "merged_suspended"]
    assert "先挂账，没有放下。原因：等配件到货" in told["text"]
    assert "暂时办不了" in page(life)["standing"]
    assert {clock.kind for clock in life.ticket().clocks if clock.is_running} == {"review"}


def test_whom_to_avoid_is_chosen_once_it_goes_its_own_way(life):
    life.merges("merged")
    refused = life.service.post(
        f"/api/tickets/{life.merged}/avoid", {"avoid": ["property"]}, life.token("merged")
    )
    assert (refused.code, "分开办" in refused.body["message"]) == ("wrong_stage", True)
