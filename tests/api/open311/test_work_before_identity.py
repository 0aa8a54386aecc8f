"""What a stranger can make the service do before it knows who asks: counted in calls and bytes, never in time."""

import sys
import tracemalloc

import pytest

from chalicelib.api import multipart as forms
from tests.api.open311.open311_client import multipart, post
from tests.service import one_service

service = one_service

KIND = "multipart/form-data; boundary=B"
MOST_CALLS = 20_000  # of Python functions; a form of twenty parts takes some two thousand
MOST_COPIES = 6  # of the body, held at once


def head(extra):
    return b'--B\r\nContent-Disposition: form-data; name="a"' + extra + b"\r\n\r\nx\r\n"


HOSTILE = {
    "one long header": head(b"".join(b';name*%d="a"' % n for n in range(20_000))) + b"--B--\r\n",
    "many headers": b"--B\r\n" + b"X-A: b\r\n" * 30_000 + b"\r\nx\r\n--B--\r\n",
    "20,000 empty parts": b"--B\r\n\r\n\r\n" * 20_000 + b"--B--\r\n",
    "200,000 empty parts": b"--B\r\n\r\n\r\n" * 200_000 + b"--B--\r\n",
    "forms within forms": b"".join(
        b"--B\r\nContent-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (n, n) for n in range(1_500)
    ),
    "never ends": b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"\r\n-" * 80_000,
    "no boundary in it": b"-" * 300_000,
}


def work(act):
    """(calls of Python functions, most bytes held at once) while it acts."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    tracemalloc.start()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return calls, peak


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_form_is_refused_for_little_work(body):
    from chalicelib.domain.errors import BadRequest

    forms.parts_of(KIND, head(b"") + b"--B--\r\n")  # imports once, outside the count

    def act():
        with pytest.raises(BadRequest):
            forms.parts_of(KIND, body)

    calls, peak = work(act)
    assert calls <= MOST_CALLS
    assert peak <= MOST_COPIES * len(body)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_form_is_a_bad_request_and_no_fault(service, body):
    assert post(service, "requests.json", body, KIND).status == 400


def test_a_wrong_key_beside_the_body_is_refused_before_the_body_is_read(service, monkeypatch):
    def never():
        raise AssertionError("the body was read")

    monkeypatch.setattr(forms, "read", never)
    for asked in ("requests.json?api_key=wrong", "servicerequestupdates.json?api_key=wrong"):
        assert post(service, asked, HOSTILE["20,000 empty parts"], KIND).status == 403


def test_a_form_of_twenty_parts_is_read_and_of_one_more_refused(service):
    fields = {f"f{n}": "x" for n in range(forms.MOST_PARTS)}
    assert post(service, "requests.json", multipart(fields, []), KIND).status == 403  # read; it holds no key
    assert post(service, "requests.json", multipart(fields | {"more": "x"}, []), KIND).status == 400


def test_a_body_above_the_bound_is_refused_unread(service, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 1000)
    assert post(service, "requests.json", multipart({"a": "x" * 1000}, []), KIND).status == 400
