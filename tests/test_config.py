"""What a deployment must say before the code runs."""

import pytest

from chalicelib.settings import BadSettings, read

COMPLETE = {
    "TICKETS_TABLE": "mslj-local-tickets",
    "WORK_TABLE": "mslj-local-work",
    "IDENTITIES_TABLE": "mslj-local-identities",
    "TRACES_TABLE": "mslj-local-traces",
    "TRACES_BUCKET": "mslj-local-traces",
    "PHOTOS_BUCKET": "mslj-local-photos",
    "RECORDINGS_BUCKET": "mslj-local-recordings",
    "SEND_QUEUE_URL": "http://127.0.0.1:4566/000000000000/mslj-local-send",
    "JOBS_QUEUE_URL": "http://127.0.0.1:4566/000000000000/mslj-local-jobs",
    "ESCALATION_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:mslj-local-escalation",
    "FOLLOW_UP_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:mslj-local-follow_up",
    "REVEAL_FUNCTION": "mslj-local-reveal",
    "JOBS_FUNCTION": "mslj-local-run_job",
    "SECRETS_PATH": "/mslj/local/secrets",
}


@pytest.mark.parametrize("name", COMPLETE)
def test_a_variable_that_is_not_set_is_named(name):
    with pytest.raises(BadSettings, match=name):
        read({key: value for key, value in COMPLETE.items() if key != name})


def test_an_empty_variable_counts_as_not_set():
    with pytest.raises(BadSettings, match="TICKETS_TABLE"):
        read(COMPLETE | {"TICKETS_TABLE": ""})


def test_every_missing_variable_is_named_at_once():
    with pytest.raises(BadSettings) as refusal:
        read({})
    assert all(name in str(refusal.value) for name in COMPLETE)


def test_a_complete_environment_is_read_and_what_else_it_holds_is_ignored():
    found = read(COMPLETE | {"PATH": "/bin", "PRACTICE": "true"})
    assert found.tickets_table == "mslj-local-tickets"
    assert found.practice
    assert found.public_url == ""


@pytest.mark.parametrize("value", ["perhaps", "2"])
def test_practice_is_yes_or_no(value):
    with pytest.raises(BadSettings, match="PRACTICE"):
        read(COMPLETE | {"PRACTICE": value})
