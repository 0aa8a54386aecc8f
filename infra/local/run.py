"""`make run`: the local cloud with the sample town in it, until Ctrl-C."""

import signal
import sys

from infra.local import follow, inside, partners, sign_ins, town
from infra.local.cloud import AlreadyRunning, EngineDown, LocalCloud, PortTaken
from infra.local.deploy import DeployFailed
from infra.local.engines import EngineMissing
from infra.local.place import from_environment
from infra.local.runtime.plays import BadPlay
from infra.package import BadTemplate


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with LocalCloud(say=say) as cloud:
            welcome(cloud)
            for line in follow.follow(cloud.place):
                say(line)
    except KeyboardInterrupt:
        say("\n已停止。工单、照片和登录都保存在本地，下次 make run 继续。")
    except AlreadyRunning as running:
        say(f"已经在运行：{running}\n要停止请在那个窗口按 Ctrl-C，或执行 make stop。")
        return 1
    except PortTaken as port:
        say(
            f"端口 {port} 已被其他程序占用，请先关闭它，或换一个端口，例如 MSLJ_PORT=4577 MSLJ_DB_PORT=8077 MSLJ_PHONES_PORT=4587 make run"
        )
        return 1
    except (EngineMissing, EngineDown, DeployFailed, BadTemplate, BadPlay) as trouble:
        say(f"没有启动成功：{trouble}")
        return 1
    return 0


def welcome(cloud: LocalCloud) -> None:
    """The sample town, the sign-ins, one code to scan."""
    inside.enter()
    town.import_sample()
    partners.know(cloud.place)
    people = sign_ins.mint()
    sign_ins.show(people)
    show_code(cloud.url)
    desk, phone = (sign_ins.issue_code(people, role) for role in ("first_contact", "grid_worker"))
    say(f"工作站控制台 {cloud.url}console/index.html　登录码 {desk}")
    say(f"网格员的手机 {cloud.url}s/app#/staff/sign-in/index　登录码 {phone}")
    say("登录码 15 分钟内有效，只能用一次；过期了在登录页填工号，登录码会发到下面的手机页面。")
    if cloud.place.host != "127.0.0.1":
        say(f"注意：同一网络里的任何人都能访问 {cloud.place.aws}，仅供演示。")
    say(f"员工和居民的手机（微信、企业微信的替身）：{cloud.place.phones}/phones")
    say(f"12345 的替身收到的答复：{cloud.place.phones}/partners　派一张工单过来：make push-order")
    say(f"\n网址 {cloud.url}\n按 Ctrl-C 停止。下面是运行日志：\n")


def show_code(url: str) -> None:
    """A point of the town in force, as a QR code that a phone can scan from the screen."""
    import qrcode

    from chalicelib.store.town import directory, points

    first = directory.list_points()[:1]
    for point in points.get_active(place.code for place in first):
        address = f"{url}s/{point.code}"
        drawn = qrcode.QRCode(border=2)
        drawn.add_data(address)
        drawn.print_ascii(invert=True)
        say(f"{point.name}　{address}")


if __name__ == "__main__":
    from_environment()
    sys.exit(main())
