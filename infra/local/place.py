"""Where a local cloud lives: its folder, its two ports, its addresses. Several may run side by side, each in its own place."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINES = Path(
    os.environ.get("MSLJ_ENGINES") or ROOT / ".local" / "engines"
)  # installed once, shared by every place
STAGE = "local"
API_ID = "mslj"  # so that the local address never changes
API_STAGE = "v1"  # api_gateway_stage of .chalice/config.json
REGION = "us-east-1"
ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Place:
    """`home` keeps the tables, the photos, the secrets, the logs and where the stream was read to.

    `host` other than 127.0.0.1 lets phones on the same network in, to everything: the engines check no signature.
    """

    home: Path = ROOT / ".local"
    port: int = 4566
    db_port: int = 8000
    host: str = "127.0.0.1"
    phones_port: int = 0  # the stand-in for WeChat and WeCom; 0: none, and messages go to the log

    @property
    def rules(self) -> Path:
        """What the judge weighs every call of a function by."""
        return self.home / "rules.json"

    @property
    def phones(self) -> str:
        return f"http://127.0.0.1:{self.phones_port}"

    @property
    def aws(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def db(self) -> str:
        return f"http://127.0.0.1:{self.db_port}"

    @property
    def url(self) -> str:
        """The deployed API, ending in a slash."""
        return f"{self.aws}/_aws/execute-api/{API_ID}/{API_STAGE}/"

    @property
    def endpoints(self) -> dict[str, str]:
        """botocore's own variables: the tables and their stream are dynoxide's, everything else is ministack's."""
        return {
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_ENDPOINT_URL_DYNAMODB": self.db,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": self.db,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


def from_environment() -> Place:
    """The place that MSLJ_HOME, MSLJ_PORT, MSLJ_DB_PORT and MSLJ_HOST name; each has a default."""
    return Place(
        home=Path(os.environ.get("MSLJ_HOME") or ROOT / ".local").resolve(),
        port=int(os.environ.get("MSLJ_PORT") or 4566),
        db_port=int(os.environ.get("MSLJ_DB_PORT") or 8000),
        host=os.environ.get("MSLJ_HOST") or "127.0.0.1",
        phones_port=int(os.environ.get("MSLJ_PHONES_PORT") or 4580),
    )


def to_environment(place: Place) -> dict[str, str]:
    """The variables from which `from_environment` makes this same place, for a process started beside it."""
    ports = {
        "MSLJ_PORT": str(place.port),
        "MSLJ_DB_PORT": str(place.db_port),
        "MSLJ_PHONES_PORT": str(place.phones_port),
    }
    return {"MSLJ_HOME": str(place.home), "MSLJ_HOST": place.host, "PYTHONPATH": str(ROOT)} | ports
