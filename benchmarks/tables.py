"""Budget: a partner's file of 50,000 orders, read and judged, costs at most 2 s of CPU and 200 MB, whatever its form."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.row import QUICK, Row, Size

ROWS = 50_000
MOST_SECONDS = 2.0
MOST_MB = 200
COLUMNS = {
    "number": "工单编号", "text": "诉求内容", "place": "诉求地点", "category": "类别", "name": "联系人",
    "phone": "联系电话", "sent_at": "派单时间", "due_at": "办结时限", "confidential": "是否保密",
}  # fmt: skip
# In a process of its own: the most that it ever held is asked of the system, and nothing else may have held more before.
_READ = """
import json, resource, sys, time
from types import SimpleNamespace
from chalicelib.domain.partners.order_files import read_orders
content = sys.stdin.buffer.read()
began = time.process_time()
read = read_orders(content, SimpleNamespace(columns=json.loads(sys.argv[1])))
spent = time.process_time() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": spent, "mb": peak, "orders": len(read.orders)}))
"""


def run(size: Size) -> list[Row]:
    count = 500 if size == QUICK else ROWS
    return [_row("CSV in GB18030", _csv(count), count), _row("XLSX", _workbook(count), count)]


def _row(form: str, content: bytes, count: int) -> Row:
    told = subprocess.run(
        [sys.executable, "-c", _READ, json.dumps(COLUMNS)], input=content, capture_output=True, check=True
    )
    read = json.loads(told.stdout)
    if read["orders"] != count:
        raise AssertionError(f"{count} rows, and {read['orders']} orders of them")
    return Row(
        f"{count:,} orders of a file, {form}",
        f"≤ {MOST_SECONDS:.0f} s CPU, ≤ {MOST_MB} MB",
        f"{read['seconds']:.1f} s, {read['mb']:.0f} MB",
        "read, and every cell judged, in a process of its own; the file is taken in by chunks",
        read["seconds"] <= MOST_SECONDS and read["mb"] <= MOST_MB,
    )


def _rows(count: int) -> Iterator[list[str]]:
    for n in range(count):
        place = f"盛华景苑{n % 40}号楼"
        said = f"{place}{n % 6 + 1}单元楼道灯坏了，晚上看不见 {n}"
        sent = f"2026-11-23 {n % 24:02d}:{n % 60:02d}:00"
        yield [
            f"FY20261123{n:06d}", said, place, "楼道照明", "王阿姨", f"138{n:08d}", sent,
            "2026-11-30 17:00", "否" if n % 9 else "是",
        ]  # fmt: skip


def _csv(count: int) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([list(COLUMNS.values()), *_rows(count)])
    return out.getvalue().encode("gb18030")


def _workbook(count: int) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (list(COLUMNS.values()), *_rows(count)):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
