"""The deployment's files agree with each other and with the code: a name spelt wrong in one of them fails here."""

import json
import re

import pytest

from app import app
from chalicelib.settings import Settings
from infra import package
from infra.local import template
from tests.local.templates import CONFIG, RESOURCES, cfn_name, policy

FUNCTIONS = sorted(
    {"api_handler"}
    | {each.name for each in app.pure_lambda_functions}
    | {each.name for each in app.event_sources}
)


def resource(name):
    return RESOURCES["Resources"][name]


def as_list(value):
    return value if isinstance(value, list) else [value]


def text_of(resource_of_statement):
    return json.dumps(resource_of_statement)


def allowed(function, table):
    """The DynamoDB actions that a function's policy allows on a table."""
    return {
        action
        for statement in policy(function)
        if statement["Effect"] == "Allow" and f"-{table}" in text_of(statement["Resource"])
        for action in as_list(statement["Action"])
        if action.startswith("dynamodb:")
    }


def test_every_function_is_configured_under_its_own_name_and_no_other():
    assert sorted(CONFIG["lambda_functions"]) == FUNCTIONS


def test_every_function_has_a_policy_of_its_own():
    files = [settings["iam_policy_file"] for settings in CONFIG["lambda_functions"].values()]
    assert len(set(files)) == len(files)
    assert all((package.ROOT / ".chalice" / file).exists() for file in files)


def test_no_policy_file_is_left_over():
    there = {file.name for file in (package.ROOT / ".chalice").glob("policy-*.json")}
    assert there == {settings["iam_policy_file"] for settings in CONFIG["lambda_functions"].values()}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_name_that_others_may_rely_on(function):
    short = "api" if function == "api_handler" else function
    assert resource(cfn_name(function))["Properties"]["FunctionName"] == {
        "Fn::Sub": f"mslj-${{Stage}}-{short}"
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_policy_names_what_it_allows(function):
    for statement in policy(function):
        for action in as_list(statement["Action"]):
            assert "*" not in action
        if statement["Resource"] == "*":  # ListStreams knows no resource
            assert statement["Action"] == ["dynamodb:ListStreams"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_policy_names_no_partition_region_account_or_stage(function):
    text = json.dumps(policy(function))
    assert not re.search(r"arn:aws|us-east|cn-north|\d{12}|mslj-(local|prod)", text)


def test_the_api_may_only_put_identities_and_read_the_words_of_traces():
    assert allowed("api_handler", "identities") == {"dynamodb:PutItem", "dynamodb:Query"}
    [reads] = [
        each
        for each in policy("api_handler")
        if "dynamodb:Query" in each["Action"] and "-identities" in text_of(each["Resource"])
    ]
    assert reads["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["WHY#*"]


def test_only_reveal_the_night_and_who_sends_may_read_identities_beside_the_words_of_traces():
    readers = {
        name for name in FUNCTIONS if allowed(name, "identities") & {"dynamodb:GetItem", "dynamodb:Query"}
    }
    assert readers == {"api_handler", "reveal", "nightly", "send", "feed"}


def test_the_sender_of_messages_reads_openids_and_nothing_else_of_a_person():
    on_identities = [each for each in policy("send") if "-identities" in text_of(each["Resource"])]
    assert [each["Action"] for each in on_identities] == ["dynamodb:GetItem"]
    assert on_identities[0]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["PERSON#*"]


def test_the_feed_reads_who_reported_a_ticket_and_no_list_of_people():
    on_identities = [each for each in policy("feed") if "-identities" in text_of(each["Resource"])]
    assert [each["Action"] for each in on_identities] == ["dynamodb:GetItem"]
    assert on_identities[0]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["TICKET#*"]


CHANGING = {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}


def test_a_trace_may_be_added_and_read_and_nothing_else():
    streamed = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
    assert allowed("keep_traces", "traces") == streamed
    writers = {name for name in FUNCTIONS if allowed(name, "traces")} - {"keep_traces"}
    assert writers == {"api_handler", "reveal", "feed", "nightly"}
    for name in sorted(writers):
        assert allowed(name, "traces") <= {"dynamodb:PutItem", "dynamodb:Query"}
        denied = [each for each in policy(name) if each["Effect"] == "Deny"]
        assert [set(each["Action"]) for each in denied if "-traces" in text_of(each["Resource"])] == [
            CHANGING
        ]


def test_the_stream_consumer_adds_lines_to_a_history_and_changes_no_ticket():
    changing = {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    assert not allowed("on_ticket_event", "tickets") & changing


def test_every_setting_is_set_by_the_template_and_nothing_else():
    set_by_template = RESOURCES["Globals"]["Function"]["Environment"]["Variables"]
    assert set(set_by_template) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(("name", "file"), package.WORKFLOWS.items())
def test_a_workflow_gets_every_function_it_names_and_no_other(name, file):
    named = set(re.findall(r"\$\{(\w+)}", (package.ROOT / "infra" / file).read_text()))
    given = resource(name)["Properties"]["DefinitionSubstitutions"]
    assert named == set(given)
    for substitution, target in given.items():
        assert target == {"Fn::GetAtt": [substitution.removesuffix("Arn"), "Arn"]}


def test_the_workflows_role_may_call_the_workflows_functions_and_no_other():
    statement = resource("WorkflowsRole")["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]
    given = [
        target
        for name in package.WORKFLOWS
        for target in resource(name)["Properties"]["DefinitionSubstitutions"].values()
    ]
    assert sorted(map(str, statement["Resource"])) == sorted(map(str, given))


@pytest.mark.parametrize("table", ["TicketsTable", "WorkTable", "IdentitiesTable", "TracesTable"])
def test_a_table_outlives_its_stack_and_can_be_restored(table):
    assert resource(table)["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource(table)["UpdateReplacePolicy"] == "Retain"
    properties = resource(table)["Properties"]
    # A first creation that fails may take its own tables away again; make deploy protects them once the stack stands.
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsFirstCreation", False, True]}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("name", ["tickets", "work", "identities", "traces"])
def test_table_names_are_long_enough_for_dynoxides_streams(name):
    found = template.properties(RESOURCES, f"{name.capitalize()}Table")["TableName"]
    assert found == f"mslj-local-{name}"
    assert len(found) >= 11


def test_only_tickets_and_traces_stream_and_only_new_images():
    streams = {
        name: resource(name)["Properties"].get("StreamSpecification")
        for name in ("TicketsTable", "WorkTable", "IdentitiesTable", "TracesTable")
    }
    new = {"StreamViewType": "NEW_IMAGE"}
    assert streams == {"TicketsTable": new, "WorkTable": None, "IdentitiesTable": None, "TracesTable": new}


def test_photos_are_public_to_nobody():
    blocked = resource("PhotosBucket")["Properties"]["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert len(blocked) == 4


@pytest.mark.parametrize(("queue", "function"), [("SendQueue", "send"), ("PhotosQueue", "photos")])
def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run(queue, function):
    timeout = CONFIG["lambda_functions"][function].get("lambda_timeout", CONFIG["lambda_timeout"])
    assert resource(queue)["Properties"]["VisibilityTimeout"] >= 6 * timeout
    assert "deadLetterTargetArn" in resource(queue)["Properties"]["RedrivePolicy"]


def test_the_api_is_regional_since_china_has_no_edge():
    assert CONFIG["api_gateway_endpoint_type"] == "REGIONAL"


def test_no_permission_is_guessed():
    assert CONFIG["autogen_policy"] is False
