"""A signed request is accepted once."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone
from chalicelib.store.requests import nonces
from chalicelib.store.table import Table, get
from tests.domain.clock_town import at

NOW = at("2026-11-23 10:00")


def test_a_nonce_is_taken_once_by_each_partner(town_table):
    nonces.take("hotline", "0123456789abcdef", NOW)
    nonces.take("petition", "0123456789abcdef", NOW)
    with pytest.raises(AlreadyDone):
        nonces.take("hotline", "0123456789abcdef", NOW + timedelta(minutes=5))


def test_a_nonce_outlives_the_window_of_the_fastest_clock_and_the_slowest(town_table):
    nonces.take("hotline", "0123456789abcdef", NOW)
    expires = get(Table.WORK, "NONCE#hotline#0123456789abcdef", "NONCE")["expires"]
    assert expires - NOW.timestamp() >= 600
