"""待打的电话 of a complaint about the station itself: 保密受理 makes them, and the station knows of none."""

CLERK, CONTACT, OTHER, LEADER = "gglw-fc1", "gglw-bm1", "hjb-bm1", "gglw-leader"
COMPLAINT = "关港蓝湾工作站的人收了我的材料就扔在一边，还骂我，我要投诉工作站"
LAMP = "四号楼一单元楼道灯不亮，请来修"
CALLER = {"name": "王阿姨", "phone": "13800001111"}


def entered(service, text):
    body = {"source": "phone", "place": "SHJY-4-1", "text": text, "contact": CALLER}
    answer = service.post("/staff/tickets", body, service.staff(CLERK))
    assert answer.status == 201, answer.body
    service.settle()
    return answer.body["id"]


def listed(service, code):
    items = service.get("/desk/calls", service.staff(code)).body["items"]
    return {call["ticket_id"]: call for call in items}


def test_who_takes_the_complaint_calls_about_it_and_the_station_hears_of_no_call(service):
    ticket_id = entered(service, COMPLAINT)
    assert "ST-GGLW" in service.ticket(ticket_id).concerns
    done = service.desk_act(ticket_id, "answer", LEADER, text="已经查实，站长当面向您道歉")
    assert done.status == 200, done.body
    service.settle()
    call = listed(service, CONTACT)[ticket_id]
    assert ticket_id in listed(service, LEADER)
    assert ticket_id not in listed(service, CLERK)
    assert ticket_id not in listed(service, OTHER)
    told = {"ticket_id": ticket_id, "to": call["to"], "line": call["line"], "reached": True}
    assert service.post("/desk/calls", told, service.staff(CLERK)).status == 404
    assert service.post("/desk/calls", told, service.staff(OTHER)).status == 404
    assert service.post("/desk/calls", told, service.staff(CONTACT)).status == 200
    assert ticket_id not in listed(service, CONTACT)
    assert ticket_id not in listed(service, LEADER)


def test_who_takes_complaints_makes_no_other_calls_of_the_station(service):
    ticket_id = entered(service, LAMP)
    assert ticket_id in listed(service, CLERK)
    assert ticket_id not in listed(service, CONTACT)
    assert ticket_id not in listed(service, LEADER)
