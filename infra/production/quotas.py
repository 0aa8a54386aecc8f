"""What an account may do at once. A new one may run ten functions at once, and a town needs more before it opens."""

from infra.production.aws import Account, Refused

ENOUGH = 100  # functions at once; a town's own workers take up to eleven, and people come first
TICKET = (
    "申请文字可以直接用：我们运行镇级民情工单系统，居民扫码上报、定时任务和消息推送都用 Lambda，"
    "请把本区域的并发执行数（Concurrent executions）提高到 1000。"
)


def concurrency(account: Account) -> int:
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    return int(limits["ConcurrentExecutions"])


def unreserved(account: Account) -> int:
    """How many of them no function has for itself."""
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    return int(limits["UnreservedConcurrentExecutions"])


def check(account: Account, *, practice: bool) -> None:
    """Raises Refused below ENOUGH, but for a drill, which is told."""
    allowed = concurrency(account)
    if allowed >= ENOUGH:
        return
    said = (
        f"账号 {account.id} 在 {account.region} 只能同时运行 {allowed} 个函数，居民会被拒绝。"
        f"请在 Service Quotas → AWS Lambda → Concurrent executions 申请提高，至少 {ENOUGH}。{TICKET}"
    )
    if not practice:
        raise Refused(said)
    print(f"注意：{said}演练环境可以先用。")
