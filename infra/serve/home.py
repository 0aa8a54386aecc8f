"""A town hall's own machine: its folder, its addresses, and the environment that its processes run in.

FOLDER/town.env          what the town decides: PUBLIC_URL, WECOM_…, PORT (shown by `make serve`)
FOLDER/secrets.json      what SSM holds on AWS, but the identity key, which lies in the vault; FOLDER/keys.json: the machine's own keys. Both for one user alone
FOLDER/tables.db         the tables, dynoxide's own file
FOLDER/executions.db     the workflows' executions; FOLDER/messages.db: what wakes a function
FOLDER/files/<bucket>/   what S3 holds on AWS
FOLDER/read/             how far the streams were read
FOLDER/vault/            names and phones: a database of their own, and the vault's keys
FOLDER/run/              the socket files by which the processes reach each other
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.settings import BadSettings, Settings, read
from infra.local.place import Place

STAGE = "town"
FOLDER = "MSLJ_SERVED"  # the variable that names the folder
SECRETS = f"/mslj/{STAGE}/secrets"  # what the names of all begin with on AWS
FILES = "files"  # the first part of the path of every signed link
REGION = "us-east-1"  # no place: only what requests are signed for
PORTS = {"PORT": 8080, "DB_PORT": 8010}
# What the machine decides by itself; whoever writes it into town.env is told so.
_OURS = frozenset(
    {
        *("tickets_table", "work_table", "identities_table", "traces_table"),
        *("photos_bucket", "traces_bucket", "recordings_bucket", "send_queue_url", "jobs_queue_url"),
        *("escalation_arn", "follow_up_arn", "reveal_function", "jobs_function", "secrets_path"),
        *("s3_public_endpoint", "shelves", "stage"),
    }
)
_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
_ON_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


class NotReady(Exception):
    """The machine does not start. Says in Chinese why, and what to do."""


@dataclass(frozen=True)
class Home:
    """One town's folder. `given` is what town.env says."""

    folder: Path
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.given.get("PORT") or PORTS["PORT"])

    @property
    def db_port(self) -> int:
        return int(self.given.get("DB_PORT") or PORTS["DB_PORT"])

    @property
    def url(self) -> str:
        """The town's own address, ending in a slash; before it has one, where this machine itself reaches it."""
        return self.given.get("PUBLIC_URL") or f"http://127.0.0.1:{self.port}/"

    @property
    def tables(self) -> Path:
        return self.folder / "tables.db"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.json"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def files_address(self) -> str:
        """Where a browser reaches the files; a bucket's name follows."""
        return f"{self.url}{FILES}"

    @property
    def place(self) -> Place:
        """The same for what the local cloud does with dynoxide: tables, streams."""
        return Place(home=self.folder, db_port=self.db_port)

    @cached_property
    def environment(self) -> dict[str, str]:
        """Of every process that runs functions. Raises NotReady for settings that nobody can work with."""
        names = {f"{name.upper()}_TABLE": table(name) for name in ("tickets", "work", "identities", "traces")}
        names |= {f"{name.upper()}_BUCKET": bucket(name) for name in ("photos", "traces", "recordings")}
        made = names | {
            "SEND_QUEUE_URL": "send",
            "JOBS_QUEUE_URL": "jobs",
            "ESCALATION_ARN": "escalation",
            "FOLLOW_UP_ARN": "follow_up",
            "REVEAL_FUNCTION": "reveal",
            "JOBS_FUNCTION": "run_job",
            "SECRETS_PATH": SECRETS,
            "S3_PUBLIC_ENDPOINT": self.files_address,
            "TRUSTED_PROXIES": "127.0.0.1, ::1",  # the proxy stands on this machine
            "STAGE": STAGE,
        }
        given = {name: value for name, value in self.given.items() if name not in PORTS}
        try:
            read(made | given)
        except BadSettings as wrong:
            raise NotReady(f"{self.folder / 'town.env'} 里的设置不对，请改正后再启动：{wrong}") from None
        return made | given | self._of_the_machine()

    def _of_the_machine(self) -> dict[str, str]:
        tables = f"http://127.0.0.1:{self.db_port}"
        return {
            FOLDER: str(self.folder),
            "MSLJ_SERVICES": "infra.serve.services",
            "MSLJ_GO_BETWEEN": "infra.serve.apart",
            "AWS_ENDPOINT_URL_DYNAMODB": tables,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": tables,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # nothing else of AWS is asked; what asked would be refused at once
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": STAGE,  # dynoxide asks nobody who they are: it listens on this machine alone
            "AWS_SECRET_ACCESS_KEY": STAGE,
            "AWS_LAMBDA_FUNCTION_NAME": f"mslj-{STAGE}",  # log lines are those of a deployment
        }


def table(name: str) -> str:
    return f"mslj-{STAGE}-{name}"


def bucket(name: str) -> str:
    return f"mslj-{STAGE}-{name}"


def open_home(folder: Path) -> Home:
    """What a folder says. Raises NotReady."""
    folder = folder.resolve()
    file = folder / "town.env"
    if not file.is_file():
        raise NotReady(f"{folder} 里还没有一个镇。第一次请执行 make serve FOLDER={folder} NEW=1")
    home = Home(folder, _parsed(file))
    _check_address(home)
    return home


def from_environment() -> Home:
    """The home that this process was started for. Raises NotReady."""
    if not (named := os.environ.get(FOLDER, "")):
        raise NotReady("没有指定文件夹，例如 make serve FOLDER=/srv/mslj")
    return open_home(Path(named))


def _parsed(file: Path) -> dict[str, str]:
    """NAME=value a line, as systemd reads it too: no quotes, no export; `#` begins a line that nobody reads."""
    known = {name.upper() for name in Settings.model_fields} - {name.upper() for name in _OURS}
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        said = _LINE.fullmatch(line.strip())
        if said is None or said[2][:1] in "\"'":
            raise NotReady(f"{file} 第 {number} 行看不懂，应写成 名称=值，不加引号")
        if said[1] not in known | set(PORTS):
            raise NotReady(f"{file} 第 {number} 行的 {said[1]} 不是这里能定的，请删去这一行")
        found[said[1]] = said[2].strip()
    for name in PORTS:
        if found.get(name) and not (found[name].isdigit() and 1024 <= int(found[name]) <= 65535):
            raise NotReady(f"{file} 里的 {name} 应是 1024 到 65535 之间的数")
    return found


def _check_address(home: Home) -> None:
    """Without TLS only this machine itself: sign-ins and names would pass in clear, and links be anybody's."""
    parts = urlsplit(home.url)
    if not home.url.endswith("/") or parts.query or parts.fragment or not parts.hostname:
        raise NotReady(f"PUBLIC_URL 应以斜线结尾，例如 https://mslj.example.cn/，现在是 {home.url}")
    if parts.scheme != "https" and parts.hostname not in _ON_THIS_MACHINE:
        raise NotReady("PUBLIC_URL 应以 https:// 开头：没有加密，登录和姓名电话会在网上明着走")
    if parts.path != "/":
        raise NotReady("PUBLIC_URL 应是一个域名的根，例如 https://mslj.example.cn/，后面不带路径")
