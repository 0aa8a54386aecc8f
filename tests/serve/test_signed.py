"""Signed links and forms: what botocore signs is taken, and nothing that differs by anything; as S3 does."""

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from infra.serve import signed
from infra.serve.signed import Refused, Upload, check_link, check_upload

KEY, OTHER = "k" * 40, "o" * 40
ADDRESS = "https://mslj.example.cn/files"
BUCKET = "mslj-town-photos"


@pytest.fixture
def now():
    return datetime.now(UTC)


def link(key="photos/01.jpg", expires=300, **more):
    params = {"Bucket": BUCKET, "Key": key, **more}
    signer = signed.signer(ADDRESS, KEY)
    return urlsplit(signer.generate_presigned_url("get_object", Params=params, ExpiresIn=expires))


def form(expires=900, kind="image/jpeg", least=1, most=1000):
    fields = {"Content-Type": kind, "success_action_status": "201"}
    conditions = [*({name: value} for name, value in fields.items()), ["content-length-range", least, most]]
    how = {"Fields": fields, "Conditions": conditions, "ExpiresIn": expires}
    made = signed.signer(ADDRESS, KEY).generate_presigned_post(BUCKET, "incoming/01", **how)
    return {name.lower(): value for name, value in made["fields"].items()}


# --- links ---


@pytest.mark.parametrize("key", ["photos/01.jpg", "bulletins/A=1/2026-11-23.xlsx", "recordings/01"])
def test_a_link_that_botocore_signed_opens_its_file(key, now):
    made = link(key)
    assert check_link("GET", ADDRESS, made.path, made.query, KEY, now) == {}
    assert signed.bucket_and_key(made.path, "/files/") == (BUCKET, key)


def test_what_a_link_says_of_the_answer_is_signed_with_it(now):
    made = link(ResponseCacheControl="no-store")
    said = check_link("GET", ADDRESS, made.path, made.query, KEY, now)
    assert said == {"response-cache-control": "no-store"}
    with pytest.raises(Refused, match="签名不对"):
        check_link("GET", ADDRESS, made.path, made.query.replace("no-store", "public"), KEY, now)


def test_a_link_holds_to_its_last_second_and_no_longer(now):
    made = link(expires=300)
    signed_at = now.replace(microsecond=0)
    check_link("GET", ADDRESS, made.path, made.query, KEY, signed_at + timedelta(seconds=299))
    with pytest.raises(Refused, match="过期"):
        check_link("GET", ADDRESS, made.path, made.query, KEY, signed_at + timedelta(seconds=303))


@pytest.mark.parametrize(
    "change",
    [
        lambda path, query: (path.replace("01", "02"), query),
        lambda path, query: (path.replace("photos/", "incoming/"), query),
        lambda path, query: (path.replace(BUCKET, "mslj-town-recordings"), query),
        lambda path, query: (path, query.replace("X-Amz-Expires=300", "X-Amz-Expires=3000")),
        lambda path, query: (path, query[:-1] + ("0" if query[-1] != "0" else "1")),
        lambda path, query: (path, query + "&response-content-type=text/html"),
        lambda path, query: (path, query.replace("aws4_request", "aws4_reques")),
        lambda path, query: (path, query.replace("town%2F", "other%2F")),
        lambda path, query: (path, query.partition("&X-Amz-Signature")[0]),
        lambda path, query: (path, ""),
        lambda path, query: (path, query.replace("X-Amz-Expires=300", "X-Amz-Expires=-1")),
        lambda path, query: (path, query.replace("X-Amz-Expires=300", "X-Amz-Expires=999999")),
    ],
)
def test_a_link_that_was_changed_opens_nothing(change, now):
    made = link()
    with pytest.raises(Refused) as refused:
        check_link("GET", ADDRESS, *change(made.path, made.query), KEY, now)
    assert refused.value.status == 403


@pytest.mark.parametrize(("method", "address", "key"), [("PUT", ADDRESS, KEY), ("GET", ADDRESS, OTHER)])
def test_a_link_is_for_one_method_and_by_one_key(method, address, key, now):
    made = link()
    with pytest.raises(Refused, match="签名不对"):
        check_link(method, address, made.path, made.query, key, now)


def test_a_link_of_another_host_is_not_ours(now):
    made = link()
    with pytest.raises(Refused, match="签名不对"):
        check_link("GET", "https://other.example.cn/files", made.path, made.query, KEY, now)


# --- forms ---


@pytest.mark.parametrize("size", [1, 1000])
def test_a_form_that_botocore_signed_takes_its_file_up_to_its_size(size, now):
    check_upload(Upload(BUCKET, form(), size), KEY, now)


@pytest.mark.parametrize(("size", "code"), [(0, "EntityTooSmall"), (1001, "EntityTooLarge")])
def test_a_file_of_another_size_is_refused_as_s3_refuses_it(size, code, now):
    with pytest.raises(Refused) as refused:
        check_upload(Upload(BUCKET, form(), size), KEY, now)
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.parametrize(
    "change",
    [
        {"content-type": "text/html"},
        {"key": "photos/01.jpg"},
        {"key": "incoming/02"},
        {"success_action_status": "200"},
        {"success_action_redirect": "https://other.example.cn/"},
        {"acl": "public-read"},
        {"x-amz-meta-name": "x"},
        {"x-amz-signature": "0" * 64},
        {"x-amz-algorithm": "AWS4-HMAC-SHA1"},
        {"x-amz-credential": "other/20261130/us-east-1/s3/aws4_request"},
        {"x-amz-date": "20200101T000000Z"},
        {"policy": ""},
        {"policy": base64.b64encode(b'{"expiration": "2099-01-01T00:00:00Z", "conditions": []}').decode()},
    ],
)
def test_a_form_that_differs_from_its_policy_by_anything_is_refused(change, now):
    with pytest.raises(Refused) as refused:
        check_upload(Upload(BUCKET, form() | change, 10), KEY, now)
    assert refused.value.status == 403


@pytest.mark.parametrize("name", ["content-type", "key", "success_action_status", "x-amz-date"])
def test_a_form_that_leaves_out_what_its_policy_names_is_refused(name, now):
    fields = {key: value for key, value in form().items() if key != name}
    with pytest.raises(Refused):
        check_upload(Upload(BUCKET, fields, 10), KEY, now)


def test_a_form_is_for_one_bucket_and_by_one_key(now):
    with pytest.raises(Refused):
        check_upload(Upload("mslj-town-recordings", form(), 10), KEY, now)
    with pytest.raises(Refused):
        check_upload(Upload(BUCKET, form(), 10), OTHER, now)


def test_a_form_holds_until_its_policy_expires(now):
    with pytest.raises(Refused, match="过期"):
        check_upload(Upload(BUCKET, form(expires=900), 10), KEY, now + timedelta(seconds=902))


@pytest.mark.parametrize(
    "condition", [["content-length-range", "1", "9"], ["ne", "$key", "x"], ["eq", "key", "x"], {}, "x", 3]
)
def test_a_condition_that_is_not_understood_holds_for_nobody(condition, now, monkeypatch):
    monkeypatch.setattr(signed, "_is_of", lambda *_: True)
    said = {"expiration": "2099-01-01T00:00:00Z", "conditions": [condition]}
    fields = form() | {"policy": base64.b64encode(json.dumps(said).encode()).decode()}
    with pytest.raises(Refused, match="看不懂"):
        check_upload(Upload(BUCKET, fields, 10), KEY, now)


@pytest.mark.parametrize("text", ["x", "e30=", base64.b64encode(b"[]").decode()])
def test_a_policy_that_cannot_be_read_is_refused(text, now, monkeypatch):
    monkeypatch.setattr(signed, "_is_of", lambda *_: True)
    with pytest.raises(Refused, match="看不懂"):
        check_upload(Upload(BUCKET, form() | {"policy": text}, 10), KEY, now)
