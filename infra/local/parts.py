"""The processes of a local cloud: which command, which environment, where they log."""

import os
import sys
from pathlib import Path

from infra.local import engines
from infra.local.place import Place, to_environment
from infra.local.processes import Part
from infra.local.runtime import plays

RUNTIME = Path(__file__).parent / "runtime"
FUNCTION_BYTES = 64 * 2**20  # of one Lambda worker, measured 55–60 MB
LEAST_FUNCTIONS, MOST_FUNCTIONS = 10, 64  # AWS gives a new account 10


def describe(place: Place) -> dict[str, Part]:
    """`db` is dynoxide, `cloud` is ministack with its Lambdas, `pump` reads the stream, `phones` plays WeChat, WeCom and partners.

    Installs missing engines.
    """
    described = {"db": _db(place), "cloud": _cloud(place), "pump": _pump(place)}
    return described | ({"phones": _phones(place)} if place.phones_port else {})


def _db(place: Place) -> Part:
    file = place.home / "tables.db"
    command = [
        str(engines.dynoxide()),
        "--host",
        "127.0.0.1",
        "--port",
        str(place.db_port),
        "--db-path",
        str(file),
    ]
    return Part("db", command, place.home / "logs" / "db.log", {}, mark=str(file))


def _cloud(place: Place) -> Part:
    python = engines.ministack()
    environment = {
        **place.endpoints,  # the Lambdas inherit it
        "BIND_HOST": place.host,
        "GATEWAY_PORT": str(place.port),
        "MINISTACK_HOST": place.host,
        "IOT_MTLS_ENABLED": "0",  # would listen on all interfaces
        "SFTP_ENABLED": "0",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(place.home / "s3"),
        "TMPDIR": str(place.home / "tmp"),  # the Lambdas' unpacked code; cleared at every start
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(RUNTIME),
        # Beyond it: throttled and tried again, as on AWS.
        "LAMBDA_ACCOUNT_CONCURRENCY": str(_most_functions()),
        # What AWS would refuse is refused here too; JUDGE=0 leaves it out (what it costs: decision 0050).
        "MSLJ_JUDGE": "" if os.environ.get("JUDGE") == "0" else str(place.rules),
        **_play(place),
    }
    command = [str(python), str(RUNTIME / "front.py")]
    return Part("cloud", command, place.home / "logs" / "cloud.log", environment, mark=" ".join(command))


def _most_functions() -> int:
    """How many functions run at once: half of the memory, and never so many that two cores only switch between them."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(LEAST_FUNCTIONS, min(MOST_FUNCTIONS, memory // 2 // FUNCTION_BYTES))


def _play(place: Place) -> dict[str, str]:
    """The faults of AWS that PLAY asks for (infra/local/runtime/plays.py). Raises BadPlay."""
    text = os.environ.get("PLAY", "")
    play = plays.read(text)
    limit = {"LAMBDA_ACCOUNT_CONCURRENCY": str(int(play.lambdas))} if play.lambdas else {}
    journal = str(place.home / "tmp" / "play.db")
    return {"MSLJ_PLAY": text, "MSLJ_PLAY_JOURNAL": journal, **limit}


def _pump(place: Place) -> Part:
    command = [sys.executable, "-m", "infra.local.pump", str(place.home)]
    return Part(
        "pump", command, place.home / "logs" / "pump.log", to_environment(place), mark=str(place.home)
    )


def _phones(place: Place) -> Part:
    file = place.home / "phones.jsonl"
    command = [sys.executable, "-m", "infra.local.platform", "--port", str(place.phones_port)]
    command += ["--file", str(file), "--callbacks", place.url, "--home", str(place.home)]
    return Part("phones", command, place.home / "logs" / "phones.log", to_environment(place), mark=str(file))
