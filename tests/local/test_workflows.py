"""The workflow definitions executed by the local cloud's own Step Functions, with the demo's clocks in seconds."""

import pytest

from infra.local import deploy
from infra.local.cloud import LocalCloud
from infra.local.place import REGION, Place
from infra.local.play.scaled import demo_town
from infra.local.processes import free_port, wait_until
from infra.local.town import SAMPLE
from tests.local.commands import call, import_town, report

pytestmark = pytest.mark.local_cloud

RUNGS = ["Remind the handler", "Remind the handler", "Escalate one rung", "Escalate one rung"]


@pytest.fixture(scope="module")
def hurried(place, tmp_path_factory):
    """A local cloud of its own, whose town promises in seconds; the shared one keeps the sample town."""
    folder = tmp_path_factory.mktemp("hurried")
    files = demo_town({file.name: file.read_bytes() for file in SAMPLE.glob("*.csv")})
    for name, data in files.items():
        (folder / name).write_bytes(data)
    own = Place(home=tmp_path_factory.mktemp("cloud"), port=free_port(), db_port=free_port())
    with LocalCloud(own) as running:
        done = import_town(running, folder)
        assert done.returncode == 0, done.stderr
        yield running


def states(cloud, workflow, name):
    """The states that an execution has entered; none while there is no such execution."""
    arn = f"arn:aws:states:{REGION}:000000000000:execution:mslj-local-{workflow}:{name}"
    client = deploy.client("stepfunctions", cloud.place)
    try:
        events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    except client.exceptions.ExecutionDoesNotExist:
        return []
    return [
        event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event
    ]


def test_a_feedback_that_nobody_gives_climbs_its_ladder_by_itself(hurried):
    _, session = call(hurried, "POST", "api/sessions", {})
    ticket_id = report(hurried, session["token"], text="想问一下这里的事情归谁管")

    def rung():
        return [state for state in states(hurried, "escalation", f"{ticket_id}-1") if state in RUNGS]

    assert wait_until(lambda: rung() == RUNGS, seconds=40, step=0.5), rung()


def test_a_follow_up_of_what_has_moved_on_is_done_at_once(hurried):
    _, session = call(hurried, "POST", "api/sessions", {})
    ticket_id = report(hurried, session["token"])
    arn = f"arn:aws:states:{REGION}:000000000000:stateMachine:mslj-local-follow_up"
    given = f'{{"ticket_id": "{ticket_id}", "round": 1}}'
    client = deploy.client("stepfunctions", hurried.place)
    client.start_execution(stateMachineArn=arn, name=f"{ticket_id}-1", input=given)
    assert wait_until(
        lambda: (
            states(hurried, "follow_up", f"{ticket_id}-1")
            == ["Ask the resident", "Wait for an answer", "Look for an answer", "Is a call needed?", "Done"]
        ),
        seconds=30,
        step=0.5,
    )
