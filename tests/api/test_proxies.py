"""Behind the town's proxy each person has their own count; a header that anybody can write opens no door."""

import pytest

from chalicelib.settings import BadSettings, read, settings
from chalicelib.store.table import Table
from tests.moto_cloud import ENVIRONMENT


def counted_by(service, forwarded):
    answer = service.post("/api/sessions", {}, **{"X-Forwarded-For": forwarded})
    assert answer.status == 201, answer.raw
    found = [
        item["PK"].split("#") for item in service.items(Table.WORK) if item["PK"].startswith("LIMIT#session")
    ]
    return {address for _, _, address, _ in found}


def test_without_a_trusted_proxy_a_forwarded_address_counts_nothing(service):
    assert counted_by(service, "192.0.2.1") == counted_by(service, "192.0.2.2") == {"127.0.0.1"}


def test_behind_a_trusted_proxy_the_nearest_address_counts_whatever_stands_before_it(service, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.1.0.0/16")
    settings.cache_clear()
    assert counted_by(service, "192.0.2.1") == {"192.0.2.1"}
    assert counted_by(service, "203.0.113.9, 192.0.2.1, 10.1.0.5") == {"192.0.2.1"}
    assert counted_by(service, "192.0.2.2") == {"192.0.2.1", "192.0.2.2"}


@pytest.mark.parametrize("text", ["0.0.0.0/0", "proxy.example.cn"])
def test_a_deployment_that_would_trust_everybody_does_not_start(text):
    with pytest.raises(BadSettings, match="TRUSTED_PROXIES"):
        read(ENVIRONMENT | {"TRUSTED_PROXIES": text})
