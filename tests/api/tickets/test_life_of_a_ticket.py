"""One ticket from scan to close over the app's routes, as in the town's account."""


def test_a_broken_lamp_goes_from_scan_to_closed(service):
    resident = service.resident()
    page = service.get(f"/api/points/{service.point()}")
    assert page.status == 200
    assert page.body["place"]["full_name"]

    reported = service.report(
        "四号楼一单元楼道灯不亮，老人看不清台阶，请来修。我的电话13812345678",
        contact={"phone": "13812345678"},
    )
    assert reported.status == 201, reported.raw
    ticket_id = reported.body["id"]
    ticket = service.ticket(ticket_id)
    assert "13812345678" not in ticket.text
    assert ticket.stage == "dispatched", ticket
    service.settle()

    handler = ticket.handler_id
    service.later(minutes=3)
    assert service.staff_act(ticket_id, "take", handler).status == 200
    service.later(minutes=10)
    assert service.staff_act(ticket_id, "arrived", handler).status == 200
    feedback = service.staff_act(ticket_id, "unit-feedback", handler, text="已到现场，缺灯泡，下午四点前换好")
    assert feedback.status == 200
    refused = service.staff_act(ticket_id, "resolve", handler, note="换好了")
    assert refused.status == 422, refused.raw
    photo = an_uploaded_photo(service, handler)
    resolved = service.staff_act(ticket_id, "resolve", handler, note="换好了", photos=[photo])
    assert resolved.status == 200, resolved.raw
    service.settle()

    mine = service.get(f"/api/tickets/{ticket_id}", resident)
    assert mine.status == 200, mine.raw
    assert mine.body["may"]["rate"]
    rated = service.post(
        f"/api/tickets/{ticket_id}/rating", {"solved": True, "satisfied": True, "words": "很快"}, resident
    )
    assert rated.status == 200, rated.raw
    assert rated.body["stage"] == "closed"
    service.settle()
    closed = service.ticket(ticket_id)
    assert closed.outcome == "solved"
    assert all(not clock.is_running for clock in closed.clocks)
    assert service.get("/api/inbox", resident).body["items"][0]["template"] == "closed"


def an_uploaded_photo(service, by):
    answer = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 1000}, service.staff(by))
    assert answer.status == 201, answer.raw
    from chalicelib.store.photos import PhotoState, mark

    mark(answer.body["photo_id"], PhotoState.READY)
    return answer.body["photo_id"]
