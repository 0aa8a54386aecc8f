"""The template as it is deployed: valid in both partitions, every name it uses exists, nothing fails in silence."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.domain.notices.deliveries import FINAL, State
from infra import package
from tests.local.templates import CONFIG, policy

# The same in every partition: AWS China refuses lambda.amazonaws.com.cn (aws-cdk issue 2198).
PRINCIPAL = re.compile(r"(lambda|states|sns|s3|apigateway)\.amazonaws\.com")
NAME = re.compile(r"mslj-\$\{Stage\}-([a-z_]+(?:-[a-z]+)*)")
NAMING = {
    "FunctionName",
    "QueueName",
    "TableName",
    "BucketName",
    "StateMachineName",
    "AlarmName",
    "TopicName",
    "DashboardName",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What `make package` makes of this checkout."""
    folder = tmp_path_factory.mktemp("package")
    return package.build(folder), folder / "sam.json"


@pytest.fixture(scope="module")
def template(built):
    return built[0]


def strings(value, path=()):
    """Every string of a template with the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, path)
    elif isinstance(value, str):
        yield path, value


def transformed(template):
    """What CloudFormation makes of it, by SAM's own translator."""
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        def load(self):
            return {}

    for each in template["Resources"].values():
        if each["Type"] == "AWS::Serverless::Function":
            each["Properties"]["CodeUri"] = "s3://bucket/key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "cn-north-1")  # the translator asks where it is
        return transform(template, {}, NoManagedPolicies())


def of_type(template, kind):
    return {name: each for name, each in template["Resources"].items() if each["Type"] == kind}


REGIONS = ("us-east-1", "cn-north-1", "cn-northwest-1", "eu-west-1", "ap-east-1", "ap-southeast-1")


@pytest.mark.parametrize(
    ("what", "regions"),
    [
        ("as written", ("cn-north-1",)),
        pytest.param("as written", REGIONS, marks=pytest.mark.nightly),
        pytest.param("as SAM makes it", REGIONS, marks=pytest.mark.nightly),
    ],
)
def test_the_template_passes_cfn_lint(built, tmp_path, what, regions):
    file = built[1]
    if what == "as SAM makes it":
        file = tmp_path / "transformed.json"
        file.write_text(json.dumps(transformed(json.loads(built[1].read_text(encoding="utf-8")))))
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--regions", *regions, "--", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_partition_region_or_account_is_written_down(template):
    for path, text in strings(template):
        assert not re.search(r"arn:aws[^$]*:|us-east-|cn-north|\b\d{12}\b", text), (path, text)
        if "amazonaws" in text:
            assert path[-1] in {"Service", "Principal"}, (path, text)
            assert PRINCIPAL.fullmatch(text), (path, text)


def test_every_name_that_is_used_belongs_to_a_resource(template):
    given, used = set(), set()
    for path, text in strings(template):
        (given if NAMING & set(path) else used).update(NAME.findall(text))
    assert used <= given


def test_every_policy_names_what_the_template_makes(template):
    given = {name for path, text in strings(template) if NAMING & set(path) for name in NAME.findall(text)}
    for function in CONFIG["lambda_functions"]:
        for statement in policy(function):
            used = {name for _, text in strings(statement["Resource"]) for name in NAME.findall(text)}
            assert used <= given, function


def test_every_function_logs_to_a_group_that_forgets(template):
    groups = of_type(template, "AWS::Logs::LogGroup")
    named = " ".join(json.dumps(group["Properties"]["LogGroupName"]) for group in groups.values())
    for name, function in of_type(template, "AWS::Serverless::Function").items():
        own = function["Properties"]["FunctionName"]["Fn::Sub"]
        assert f"/aws/lambda/${{{name}}}" in named or f"/aws/lambda/{own}" in named
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {180}


def test_every_workflow_logs_its_errors_and_nothing_of_what_it_carries(template):
    for machine in of_type(template, "AWS::StepFunctions::StateMachine").values():
        logging = machine["Properties"]["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)


def test_every_alarm_says_what_to_do_and_reaches_somebody_also_when_it_is_over(template):
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    for alarm in alarms.values():
        said = alarm["Properties"]
        assert said["AlarmActions"] == said["OKActions"] == [{"Ref": "AlarmsTopic"}]
        assert re.search(r"请|会", said["AlarmDescription"])
        assert len(said["AlarmDescription"]) < 300
    subscribed = [each["Properties"] for each in of_type(template, "AWS::SNS::Subscription").values()]
    assert {each["Protocol"] for each in subscribed} == {"lambda", "email"}


def watched(template):
    """(metric, resource) of every alarm."""
    found = set()
    for alarm in of_type(template, "AWS::CloudWatch::Alarm").values():
        said = alarm["Properties"]
        metrics = [each["MetricStat"]["Metric"] for each in said.get("Metrics", []) if "MetricStat" in each]
        for metric in metrics or [said]:
            names = [text for _, text in strings(metric.get("Dimensions", []))]
            found |= {(metric["MetricName"], name) for name in names} | {(metric["MetricName"], "")}
    return found


@pytest.mark.parametrize(
    ("metric", "resource"),
    [
        ("ApproximateNumberOfMessagesVisible", "SendDeadQueue"),
        ("ApproximateNumberOfMessagesVisible", "PhotosDeadQueue"),
        ("ApproximateNumberOfMessagesVisible", "StreamDeadQueue"),
        ("ApproximateNumberOfMessagesVisible", "JobsDeadQueue"),
        ("ApproximateAgeOfOldestMessage", "SendQueue"),
        ("ApproximateAgeOfOldestMessage", "PhotosQueue"),
        ("DeadLetters", ""),
        ("DeadFeedLetters", ""),
        ("Errors", "Feed"),
        ("LateAlarms", ""),
        ("Invocations", "Sweep"),
        ("Errors", "Nightly"),
        ("Errors", "Count"),
        ("5XXError", "mslj-${Stage}"),
        ("Throttles", ""),
        ("WriteThrottleEvents", "TicketsTable"),
        ("ReadThrottleEvents", "IdentitiesTable"),
        ("ExecutionsFailed", "Escalation"),
        ("ExecutionsFailed", "FollowUp"),
        ("IteratorAge", "OnTicketEvent"),
        ("Latency", "mslj-${Stage}"),
        ("Reports", ""),
        ("NightsDone", ""),
        ("Invocations", "Count"),
        ("Denials", ""),
        ("AsyncEventsDropped", "TellAlarm"),
    ],
)
def test_what_must_not_fail_in_silence_has_an_alarm(template, metric, resource):
    assert (metric, resource) in watched(template)


def test_a_metric_alarm_holds_no_more_metrics_than_cloudwatch_takes(template):
    for alarm in of_type(template, "AWS::CloudWatch::Alarm").values():
        assert sum("MetricStat" in each for each in alarm["Properties"].get("Metrics", [])) <= 10


@pytest.mark.parametrize(
    ("logical", "group", "file"),
    [
        ("DeadLettersSeen", "OnTicketEventLogGroup", "consuming.py"),
        ("LateAlarmsSeen", "SweepLogGroup", "sweeping.py"),
        ("DeadFeedLettersSeen", "FeedLogGroup", "feed/sending.py"),
        ("ModelsUnusableSeen", "ApiHandlerLogGroup", "../gateways/triage_model.py"),
    ],
)
def test_what_is_counted_in_the_log_is_what_the_code_writes(template, logical, group, file):
    said = template["Resources"][logical]["Properties"]
    assert said["LogGroupName"] == {"Ref": group}
    code = (package.ROOT / "chalicelib" / "actions" / file).read_text(encoding="utf-8")
    assert f"({said['FilterPattern']}, extra=" in code


def dashboard(template):
    [board] = of_type(template, "AWS::CloudWatch::Dashboard").values()
    return json.loads(board["Properties"]["DashboardBody"]["Fn::Sub"])


def charted(template):
    """(namespace, metric, dimensions) of every line of the dashboard."""
    lines = [line for widget in dashboard(template)["widgets"] for line in widget["properties"]["metrics"]]
    for namespace, metric, *rest in (line for line in lines if isinstance(line[0], str)):
        yield namespace, metric, tuple(each for each in rest if isinstance(each, str))


def own_metrics(template):
    """The metrics of our own that an alarm or the dashboard waits for."""
    namespace = "mslj/${Stage}"
    charts = {metric for where, metric, _ in charted(template) if where == namespace}
    alarms = [each["Properties"] for each in of_type(template, "AWS::CloudWatch::Alarm").values()]
    asked = [
        each["MetricStat"]["Metric"] for a in alarms for each in a.get("Metrics", []) if "MetricStat" in each
    ]
    found = [each for each in [*alarms, *asked] if each.get("Namespace") == {"Fn::Sub": namespace}]
    return charts | {each["MetricName"] for each in found}


def test_every_metric_of_our_own_is_written_somewhere(template):
    filters = of_type(template, "AWS::Logs::MetricFilter").values()
    counted = {each["MetricName"] for f in filters for each in f["Properties"]["MetricTransformations"]}
    code = "".join(file.read_text(encoding="utf-8") for file in (package.ROOT / "chalicelib").rglob("*.py"))
    assert [
        name
        for name in own_metrics(template) - counted
        if f'{{"{name}": ' not in code and f', "{name}": ' not in code
    ] == []


def test_the_dashboard_shows_what_people_are_promised_and_what_waits(template):
    shown = set(charted(template))
    assert {metric for _, metric, _ in shown} >= {
        "PromisesKept",
        "OldestAlarm",
        "ApproximateAgeOfOldestMessage",
    }
    states = {dimensions[1] for _, metric, dimensions in shown if metric == "Deliveries"}
    assert states == {state.value for state in FINAL} | {State.TEMPORARY_FAILURE.value}


def test_the_api_has_its_stage_in_its_name_so_that_two_stages_are_told_apart(template):
    api = template["Resources"]["RestAPI"]["Properties"]
    assert api["DefinitionBody"]["info"]["title"] == {"Fn::Sub": "mslj-${Stage}"}
    assert api["EndpointConfiguration"] == "REGIONAL"
    assert api["MinimumCompressionSize"] > 0


@pytest.mark.parametrize("queue", ["SendQueue", "PhotosQueue", "JobsQueue"])
def test_what_wakes_a_function_from_a_queue_names_what_failed_and_is_not_let_loose(template, queue):
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping").values()
    [mapping] = [
        each["Properties"]
        for each in mappings
        if each["Properties"]["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    ]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (
        mapping["ScalingConfig"]["MaximumConcurrency"] == 2
    )  # together with the schedules below an account's first ten
    redrive = template["Resources"][queue]["Properties"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] >= 20


@pytest.mark.parametrize("name", ["Sweep", "Count", "Feed", "Exchange"])
def test_a_minutes_function_that_missed_its_minute_is_not_run_later(template, name):
    said = template["Resources"][name]["Properties"]["EventInvokeConfig"]
    assert said == {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}


def test_the_stream_keeps_a_line_until_it_is_told_or_a_day_is_over(template):
    said = template["Resources"]["TicketEvents"]["Properties"]
    assert said["MaximumRetryAttempts"] == -1
    assert 86_000 <= said["MaximumRecordAgeInSeconds"] < 86_400  # given up by name, before the stream forgets
    assert "OnFailure" in said["DestinationConfig"]


def test_the_api_is_served_once(template):
    made = transformed(json.loads(json.dumps(template)))["Resources"]
    stages = [each for each in made.values() if each["Type"] == "AWS::ApiGateway::Stage"]
    assert [each["Properties"]["StageName"] for each in stages] == ["v1"]
    deployments = [
        each["Properties"] for each in made.values() if each["Type"] == "AWS::ApiGateway::Deployment"
    ]
    assert not any("StageName" in each for each in deployments)


def test_every_route_of_the_stage_is_throttled_at_a_hundred_a_second_and_two_hundred_at_once(template):
    made = transformed(json.loads(json.dumps(template)))["Resources"]
    [stage] = [each for each in made.values() if each["Type"] == "AWS::ApiGateway::Stage"]
    [said] = stage["Properties"]["MethodSettings"]  # no other line makes an exception
    limits = {"ThrottlingRateLimit": 100, "ThrottlingBurstLimit": 200}
    assert {"HttpMethod": "*", "ResourcePath": "/*", **limits}.items() <= said.items()


def test_only_the_towns_own_pages_may_upload_from_a_browser(template):
    [rule] = template["Resources"]["PhotosBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    [origin] = rule["AllowedOrigins"]
    assert "*" not in json.dumps(origin)
    assert "PublicUrl" in json.dumps(origin)


@pytest.mark.parametrize("option", ["Domain", "DomainRoot", "AlarmsByMail"])
def test_an_option_costs_nothing_until_it_is_chosen(template, option):
    assert template["Resources"][option]["Condition"] in {"HasDomain", "HasAlarmEmail"}
    for parameter in ("CertificateArn", "AlarmEmail", "SendSubnetIds", "SendSecurityGroupIds"):
        assert template["Parameters"][parameter]["Default"] == ""


def test_a_firewall_is_an_option_and_stands_before_the_stage_that_people_reach(template):
    assert template["Parameters"]["FirewallRate"]["Default"] == 0
    made = [template["Resources"][name] for name in ("Firewall", "FirewallOfTheApi")]
    assert [each["Condition"] for each in made] == ["HasFirewall", "HasFirewall"]
    [rule] = made[0]["Properties"]["Rules"]
    assert rule["Statement"]["RateBasedStatement"]["Limit"] == {"Ref": "FirewallRate"}
    assert "${RestAPI.Stage}" in made[1]["Properties"]["ResourceArn"]["Fn::Sub"]


def test_a_fixed_way_out_is_for_send_alone(template):
    in_a_vpc = {
        name
        for name, function in of_type(template, "AWS::Serverless::Function").items()
        if "VpcConfig" in function["Properties"]
    }
    assert in_a_vpc == {"Send"}
    assert template["Resources"]["SendRole"]["Properties"]["ManagedPolicyArns"]["Fn::If"][0] == "HasSendVpc"


@pytest.mark.parametrize(
    "name", ["TicketsTable", "WorkTable", "IdentitiesTable", "PhotosBucket", "IdentitiesKey"]
)
def test_what_holds_peoples_words_outlives_the_stack_unless_its_creation_fails(template, name):
    assert template["Resources"][name]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert template["Resources"][name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", ["deploying.md", "deploying.zh.md"])
def test_the_guide_says_what_to_do_for_each_alarm_and_with_each_parameter(template, name):
    text = (package.ROOT / "docs" / name).read_text(encoding="utf-8")
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    named = [each["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("mslj-${Stage}-") for each in alarms]
    assert [each for each in (*named, *template["Parameters"]) if f"`{each}`" not in text] == []
    assert f"{len(named)} " in text


@pytest.mark.parametrize(("name", "words"), [("deploying.md", ("{} SQS queues", "{} schedules")),
                                             ("deploying.zh.md", ("{} 个 SQS 队列", "{} 个定时任务"))])  # fmt: skip
def test_the_guide_counts_the_queues_and_schedules_that_there_are(template, name, words):
    functions = of_type(template, "AWS::Serverless::Function").values()
    events = [each for one in functions for each in one["Properties"].get("Events", {}).values()]
    schedules = sum(each["Type"] == "Schedule" for each in events)
    text = (package.ROOT / "docs" / name).read_text(encoding="utf-8")
    counts = len(of_type(template, "AWS::SQS::Queue")), schedules
    for said, count in zip(words, counts, strict=True):
        assert f"| {said.format(count)} |" in text


def test_the_runbook_tells_of_each_alarm_three_things_to_look_at_and_one_to_do(template):
    text = (package.ROOT / "docs" / "runbook.zh.md").read_text(encoding="utf-8")
    chapters = dict(
        re.findall(r"^### `([a-z0-9-]+)`.*?\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    )
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    named = [each["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("mslj-${Stage}-") for each in alarms]
    assert sorted(chapters) == sorted(named)
    for name, chapter in chapters.items():
        looks = re.findall(r"^([0-9])\. \S", chapter, flags=re.MULTILINE)
        assert looks == ["1", "2", "3"], name
        assert len(re.findall(r"^做：\S", chapter, flags=re.MULTILINE)) == 1, name
