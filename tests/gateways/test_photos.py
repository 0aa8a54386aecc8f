"""Pictures in S3: what a signed form allows, and that nothing remains of an upload."""

import base64
import json

import boto3
import pytest
import requests

from chalicelib.gateways import photos
from chalicelib.gateways.clients import client
from chalicelib.settings import settings
from tests.moto_cloud import ENVIRONMENT, moto_cloud

BUCKET = ENVIRONMENT["PHOTOS_BUCKET"]


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        yield


def policy_of(form):
    return json.loads(base64.b64decode(form["fields"]["policy"]))["conditions"]


def test_a_form_is_for_one_key_one_type_and_no_more_than_the_announced_size():
    conditions = policy_of(photos.upload_form("01ABC", "image/png", 1234))
    assert {"key": "incoming/01ABC"} in conditions
    assert {"Content-Type": "image/png"} in conditions
    assert {"success_action_status": "201"} in conditions
    assert ["content-length-range", 1, 1234] in conditions
    assert {"bucket": BUCKET} in conditions


def test_what_a_browser_posts_with_the_form_arrives():
    form = photos.upload_form("01ABC", "image/png", 5)
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"bytes"}, timeout=5)
    assert int(answer.status_code) == 201
    assert photos.incoming("01ABC") == b"bytes"


def test_an_upload_that_is_gone_is_none():
    assert photos.incoming("01ABC") is None


def test_discarding_twice_is_fine():
    boto3.client("s3").put_object(Bucket=BUCKET, Key="incoming/01ABC", Body=b"x")
    photos.discard_incoming("01ABC")
    photos.discard_incoming("01ABC")
    assert photos.incoming("01ABC") is None


def test_photo_and_thumbnail_are_read_by_links_that_end_soon():
    photos.publish("01ABC", b"large", b"small")
    for thumbnail, expected in ((False, b"large"), (True, b"small")):
        link = photos.address("01ABC", thumbnail=thumbnail)
        assert "X-Amz-Expires=300" in link
        assert requests.get(link, timeout=5).content == expected


def test_browsers_get_the_public_endpoint_when_the_deployment_names_one(monkeypatch):
    monkeypatch.setenv("S3_PUBLIC_ENDPOINT", "https://photos.example.cn")
    settings.cache_clear()
    client.cache_clear()
    assert photos.address("01ABC").startswith(
        "https://photos.example.cn/"
    ) or ".photos.example.cn/" in photos.address("01ABC")
    assert "photos.example.cn" in photos.upload_form("01ABC", "image/png", 5)["url"]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "s3.eu-west-1.amazonaws.com"),
        ("ap-east-1", "s3.ap-east-1.amazonaws.com"),  # Hong Kong: no other host works there, ever
        ("me-south-1", "s3.me-south-1.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
        ("cn-northwest-1", "s3.cn-northwest-1.amazonaws.com.cn"),
        ("us-east-1", "s3.amazonaws.com"),  # the region whose host this is
    ],
)
def test_a_browser_is_sent_to_the_buckets_own_region(monkeypatch, region, host):
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    client.cache_clear()
    form = photos.upload_form("P1", "image/jpeg", 10)
    assert form["url"] == f"https://{ENVIRONMENT['PHOTOS_BUCKET']}.{host}/"
    assert photos.address("P1").startswith(form["url"])
    client.cache_clear()
