"""What demo and chaos share: a cloud of their own with the demo's town, the day with its progress bar, table and check."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.local import inside, running, town
from infra.local.cloud import AlreadyRunning, EngineDown, LocalCloud, PortTaken
from infra.local.deploy import DeployFailed
from infra.local.engines import EngineMissing
from infra.local.place import ROOT, Place, to_environment
from infra.local.play import tables
from infra.local.play.agenda import Agenda
from infra.local.play.caller import Caller
from infra.local.play.clocks_check import compared
from infra.local.play.mini_program import MiniProgram
from infra.local.play.people import People, now
from infra.local.play.phones import Phones
from infra.local.play.plans import plans
from infra.local.play.reports import BadReports, Report, placed
from infra.local.play.scaled import demo_town
from infra.local.play.weather import Lived, Weather
from infra.package import BadTemplate

if TYPE_CHECKING:
    from infra.local.play.day import Day

PORTS = (4576, 8010, 4579)  # the API, the tables, the phones
AFTERWARDS = 240.0  # seconds after the last report within which everything must have come to an end
MOST_SHOWN = 15  # contradictions of one claim


@dataclass(frozen=True)
class Script:
    """What is played. `speed`: seconds of the reports' day in one second. `patience`: of clients, in seconds."""

    reports: list[Report]
    speed: float
    seed: int
    patience: float
    settle: float
    slack: float = 30  # seconds by which clocks may ring later while the platforms are ill: what the sweep leaves the workflow
    may_refuse: bool = False  # a file of somebody else's may hold rows that the service refuses


@contextmanager
def own_cloud(name: str, console: Console) -> Iterator[LocalCloud]:
    """A cloud apart from `make run`, in a fresh folder, with the demo's town; its log stays until the next time."""
    home = Path(os.environ.get("MSLJ_DEMO_HOME") or ROOT / ".local" / name)
    port = int(os.environ.get("MSLJ_DEMO_PORT") or PORTS[0])
    db_port = int(os.environ.get("MSLJ_DEMO_DB_PORT") or PORTS[1])
    phones_port = int(os.environ.get("MSLJ_DEMO_PHONES_PORT") or PORTS[2])
    place = Place(home=home, port=port, db_port=db_port, phones_port=phones_port)
    _empty(home)
    with LocalCloud(place, say=console.log) as cloud:
        os.environ.update(to_environment(cloud.place))
        inside.enter()
        _import(demo_town(town.files_of(town.SAMPLE)))
        console.log(f"示例镇已导入，时限以秒计；{cloud.url}，手机 {place.phones}/phones")
        yield cloud


def _empty(home: Path) -> None:
    """A fresh folder. What says which processes a killed run left behind stays; a run that lives keeps everything."""
    found = running.find(home)
    if found and running.is_alive(found["pid"]):
        return
    gone = home.with_name(f"{home.name}.gone-{os.getpid()}")
    gone.mkdir(parents=True)
    for entry in home.iterdir() if home.exists() else ():
        if entry.name != "run.json":
            entry.rename(gone / entry.name)
    subprocess.Popen(["rm", "-rf", str(gone)])  # the Lambdas' unpacked code is slow to remove


def spoken(main: Callable[[], int]) -> int:
    """`main`, with what can go wrong in starting told in a sentence; stopping it stops its cloud."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        return main()
    except KeyboardInterrupt:
        trouble = "已停止。"
    except AlreadyRunning as elsewhere:
        trouble = f"另一个演示正在运行：{elsewhere}"
    except PortTaken as port:
        trouble = f"端口 {port} 已被占用，请换一个：MSLJ_DEMO_PORT=4596 MSLJ_DEMO_DB_PORT=8030 MSLJ_DEMO_PHONES_PORT=4597"
    except (EngineMissing, EngineDown, DeployFailed, BadTemplate, BadReports, OSError) as fault:
        trouble = f"没有完成：{fault}"
    print(trouble, file=sys.stderr)
    return 1


def _import(files: dict[str, bytes]) -> None:
    from chalicelib.actions.town.importing import import_town

    import_town(files, by="demo", hand_over_to={}, now=now())


def play(
    cloud: LocalCloud, script: Script, console: Console, meanwhile: Callable[[], None] | None = None
) -> int:
    """The day, its figures and the check. `meanwhile` is called about once a second. Answers the exit code."""
    from chalicelib.store.town import directory
    from infra.local.play.day import Day

    caller, people = Caller(cloud.url, patience=script.patience), People()
    people.sign_in_all()
    phones = Phones(cloud.place.phones)
    mini_program = MiniProgram(cloud.url, phones)
    console.log(f"{mini_program.bind_staff(people)} 名志愿者、物业人员绑定了微信")
    agenda = Agenda()
    day = Day(caller, people, town.files_of(town.SAMPLE), agenda, mini_program)
    reports = placed(script.reports, [point.code for point in directory.list_points()], script.seed)
    day.reporting.learn_codes([report.point for report in reports])
    day.reporting.sign_in_early(reports)
    day.begin(reports, plans(reports, script.seed), script.speed)
    started = time.monotonic()
    weather = Weather(phones, reports[-1].second / script.speed, console.log)
    _watch(day, script, console, [weather.blow, *([meanwhile] if meanwhile else [])])
    agenda.end()
    lost = "、".join(f"{what} {count}" for what, count in caller.asked_again.most_common()) or "没有"
    console.log(f"一天过完，用了 {time.monotonic() - started:.0f} 秒；没有回音后重发的请求：{lost}")
    cloud.wait_ready()
    weather.clear()
    dialogs = mini_program.answered
    console.log(
        f"微信登录 {mini_program.signed_in} 次，{mini_program.gave_up} 次没登上改用浏览器；同意订阅 {dialogs['accept']} 次，"
        f"拒绝 {dialogs['reject']} 次，没有回音 {dialogs['lost']} 次；连点两下的操作 {day.tapped_twice} 个；"
        f"令牌全部失效 {weather.deaths} 次；微信收下后又说没有送到 {phones.lose_some()} 条"
    )
    return _conclude(day, script, console, phones, tuple(weather.lived))


def _watch(day: "Day", script: Script, console: Console, meanwhile: list[Callable[[], None]]) -> None:
    total = len(script.reports)
    limit = time.monotonic() + script.reports[-1].second / script.speed + AFTERWARDS
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        reported = progress.add_task("已上报", total=total)
        ended = progress.add_task("已了结", total=total)
        while time.monotonic() < limit and not day.is_over(total):
            progress.update(reported, completed=day.count_reported)
            progress.update(ended, completed=day.count_ended)
            for each in meanwhile:
                each()
            time.sleep(1)
        progress.update(reported, completed=day.count_reported)
        progress.update(ended, completed=day.count_ended)


def _conclude(
    day: "Day", script: Script, console: Console, phones: Phones, weather: tuple[Lived, ...]
) -> int:
    from infra.local.play import check
    from infra.local.play.figures import figures, lateness

    console.log("等后台都安静下来，然后逐项核对…")
    verdict = check.settle(day.known(weather, timedelta(seconds=script.slack)), phones, script.settle)
    kept = tables.read()
    shown = Table("这一天", "数", "说明", title="码上就来 · 示例镇的一天")
    for line in figures(kept):
        shown.add_row(*line)
    console.print(shown)
    console.print(lateness(kept))
    for spell in weather:
        console.print(f"{spell.since:%H:%M:%S} 至 {spell.until:%H:%M:%S} {spell.words}")
    console.print(compared(kept, weather))
    refused = "、".join(f"{code} {count}" for code, count in day.refused.most_common()) or "无"
    console.print(f"被拒绝的操作（别人先办了）：{refused}")
    _list(console, "没有被拒绝的上报", day.refused_reports)
    unsent = len(script.reports) - len(day.cases) - len(day.refused_reports)
    troubles = [*day.surprises, *day.agenda.faults] + (
        [f"{unsent} reports were never acknowledged"] * bool(unsent)
    )
    troubles += [] if script.may_refuse else day.refused_reports
    _list(console, "每件诉求都报上了，没有意外的拒绝和错误", troubles)
    for claim, contradictions in verdict.items():
        _list(console, (claim.__doc__ or claim.__name__).strip(), contradictions)
    failed = bool(troubles or any(verdict.values()))
    console.print("核对未通过" if failed else "核对通过：没有遗漏，没有重复")
    return 1 if failed else 0


def _list(console: Console, what: str, contradictions: list[str]) -> None:
    console.print(f"{'✗' if contradictions else '✓'} {what}", markup=False)
    for each in contradictions[:MOST_SHOWN]:
        console.print(f"    {each}", markup=False)
    if len(contradictions) > MOST_SHOWN:
        console.print(f"    … 共 {len(contradictions)} 处")
