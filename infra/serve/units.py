"""`make serve-units FOLDER=/srv/mslj TO=folder [HOST=mslj.example.cn]`: what systemd, nginx and journald need, filled in for one machine.

Written into a folder, to be looked at and then copied by root (docs/serving.zh.md says how); nothing is installed by itself.
"""

import argparse
import re
import sys
from pathlib import Path
from string import Template

from infra.local.place import ROOT
from infra.serve.home import PORTS, NotReady, open_home

TEMPLATES = Path(__file__).parent / "units"
USER, VAULT_USER = "mslj", "mslj-vault"
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
SERVICES = {
    "tables": ("$python -m infra.serve.tables", ""),
    "door": ("$python -m infra.serve.door", "tables"),
    "vault": ("$python -m infra.serve.vault", "tables door"),
    "web": (
        '$python -m gunicorn -c infra/serve/gunicorn.conf.py "infra.serve.web:application()"',
        "tables vault",
    ),
    "consumer": ("$python -m infra.serve.consumer", "tables vault"),
    "clock": ("$python -m infra.serve.clock", "tables vault"),
}
# MB that each may hold on a machine of 4 GB; beyond it systemd ends it and starts it anew.
MOST_MEMORY = {"tables": 512, "door": 64, "vault": 256, "web": 1200, "consumer": 600, "clock": 400}


def filled(folder: Path, host: str, port: int, root: Path = ROOT) -> dict[str, str]:
    """Every file by its name. Raises NotReady for a host that is no name."""
    if not HOST.fullmatch(host):
        raise NotReady(f"HOST 应是一个域名，例如 mslj.example.cn，现在是 {host or '空的'}")
    known = {
        "root": str(root),
        "folder": str(folder),
        "python": str(root / ".venv" / "bin" / "python"),
        "host": host,
        "port": str(port),
        "user": USER,
        "vault_user": VAULT_USER,
    }
    made = {}
    service = Template((TEMPLATES / "service").read_text(encoding="utf-8"))
    for name, (command, needs) in SERVICES.items():
        after = " ".join(f"mslj-{each}.service" for each in needs.split())
        apart = name == "vault"
        said = {
            **known,
            "name": name,
            "command": Template(command).substitute(known),
            "after": after,
            "memory": str(MOST_MEMORY[name]),
            "whose": VAULT_USER if apart else USER,
            "network": "yes" if apart else "no",
        }
        made[f"mslj-{name}.service"] = service.substitute(said)
    for file in sorted(TEMPLATES.iterdir()):
        if file.name != "service":
            made[file.name] = Template(file.read_text(encoding="utf-8")).substitute(known)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--host", default="")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    try:
        port = open_home(folder).port if (folder / "town.env").exists() else PORTS["PORT"]
        made = filled(folder, chosen.host, port)
    except NotReady as trouble:
        print(trouble, file=sys.stderr)
        return 1
    chosen.to.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (chosen.to / name).write_text(text, encoding="utf-8")
    print(f"写好了 {len(made)} 个文件，在 {chosen.to}。看过之后怎样安装：docs/serving.zh.md“正式启用”")
    return 0


if __name__ == "__main__":
    sys.exit(main())
