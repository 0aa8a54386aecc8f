"""Messages that wake a function, and which schedule ran when: over kills, by several processes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from infra.serve import clock, consumer
from infra.serve.waiting import MOST_RECEIVED, VISIBLE_AGAIN, Executions, Messages

NOW = 1_000_000.0


@pytest.fixture
def messages(home):
    return Messages(home.folder)


def claim(messages, now=NOW, most=10, queue="send"):
    return [each.body for each in messages.claim(queue, most, now)]


def test_messages_come_in_order_each_queue_by_itself(messages):
    messages.put("send", ["a", "b"], at=NOW)
    messages.put("jobs", ["c"], at=NOW)
    assert claim(messages, most=1) == ["a"]
    assert claim(messages) == ["b"]
    assert claim(messages, queue="jobs") == ["c"]


def test_a_message_that_nobody_finished_comes_again_and_one_that_is_done_never(messages):
    messages.put("send", ["a", "b"], at=NOW)
    first, _ = messages.claim("send", 10, NOW)
    messages.done([first.id])
    assert claim(messages, NOW + VISIBLE_AGAIN - 1) == []
    assert claim(messages, NOW + VISIBLE_AGAIN) == ["b"]


def test_what_a_dead_consumer_had_in_hand_comes_at_once(messages):
    messages.put("send", ["a"], at=NOW)
    claim(messages)
    messages.let_go()
    assert claim(messages) == ["a"]


def test_a_message_that_comes_too_often_is_set_aside_and_counted(messages):
    messages.put("send", ["poison"], at=0)
    for turn in range(MOST_RECEIVED):
        assert claim(messages, turn * VISIBLE_AGAIN) == ["poison"]
    assert claim(messages, MOST_RECEIVED * VISIBLE_AGAIN) == []
    assert messages.counts() == {"send-dead": 1}


def test_two_who_look_at_once_never_get_the_same(home):
    Messages(home.folder).put("send", [str(n) for n in range(60)], at=NOW)
    with ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(lambda _: claim(Messages(home.folder), most=3), range(24)))
    taken = [each for turn in turns for each in turn]
    assert sorted(map(int, taken)) == list(range(60))


def test_two_clocks_never_hold_the_same_execution(home):
    kept = Executions(home.folder)
    for n in range(40):
        kept.start("escalation", str(n), "Wait for the next alarm", {}, NOW)
    with ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(lambda _: Executions(home.folder).claim(NOW, 3), range(20)))
    assert sorted(int(each.name) for turn in turns for each in turn) == list(range(40))


def test_a_schedule_runs_once_in_its_minute_over_any_restart(home):
    assert Messages(home.folder).begin_minute("sweep", 7)
    assert not Messages(home.folder).begin_minute("sweep", 7)
    assert Messages(home.folder).begin_minute("count", 7)
    assert not Messages(home.folder).begin_minute("sweep", 6), "a clock that was set back"
    assert Messages(home.folder).begin_minute("sweep", 8)


# --- the schedules of the application ---


def test_every_schedule_of_the_application_is_understood():
    assert clock.schedules() == {
        **dict.fromkeys(("sweep", "count", "exchange", "feed"), "rate(1 minute)"),
        "nightly": "cron(30/10 18-21 * * ? *)",
    }


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("18:29", False),
        ("18:30", True),
        ("18:35", False),
        ("18:50", True),
        ("19:00", False),
        ("19:30", True),
        ("21:50", True),
        ("22:30", False),
        ("17:30", False),
    ],
)
def test_the_night_runs_as_aws_reads_its_expression(at, due):
    hour, minute = map(int, at.split(":"))
    now = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    assert clock.is_due("cron(30/10 18-21 * * ? *)", now) is due


@pytest.mark.parametrize(
    "expression",
    ["rate(2 minutes)", "cron(0 3 1 * ? *)", "cron(0 3 ? * MON *)", "at(x)", "cron(x 3 * * ? *)"],
)
def test_an_expression_that_is_not_understood_is_refused(expression):
    with pytest.raises(ValueError, match=r"\(|x"):
        clock.is_due(expression, datetime(2026, 11, 23, 3, tzinfo=UTC))


def test_every_queue_of_the_template_has_its_function_here():
    from infra import package

    made = package.resources()["Resources"].values()
    mappings = [each["Properties"] for each in made if each.get("Type") == "AWS::Lambda::EventSourceMapping"]
    queues = {
        each["EventSourceArn"]["Fn::GetAtt"][0]: (each["FunctionName"]["Ref"], each["BatchSize"])
        for each in mappings
        if "Queue" in each["EventSourceArn"]["Fn::GetAtt"][0]
    }
    ours = {
        f"{name.title()}Queue": ("".join(word.title() for word in queue.function.split("_")), queue.batch)
        for name, queue in consumer.QUEUES.items()
    }
    assert ours == queues
