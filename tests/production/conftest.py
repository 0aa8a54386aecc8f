"""The service on moto with something in it worth keeping, as `make backup` and `make restore` see it."""

import boto3
import pytest

from infra.production.aws import Deployment
from tests.keeping import BUCKET
from tests.store.conftest import dynoxide, town_table  # noqa: F401


@pytest.fixture
def deployment(service):
    return Deployment("test", BUCKET, boto3.client)
