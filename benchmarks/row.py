"""One line of the results: a budget, what was measured, and how."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`passed` None: a figure stated apart, which has no budget."""

    what: str
    budget: str
    measured: str
    how: str
    passed: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "pass", False: "**miss**", None: "–"}[self.passed]


@dataclass(frozen=True)
class Size:
    """How much each benchmark does. QUICK proves that it runs; its figures mean nothing."""

    processes: int = 15  # fresh processes of each kind
    reports: int = 300  # one after another, for CPU and requests
    load: int = 2000  # reports by eight clients
    tickets: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    storm: int = 100  # reports of one category in the peak hour
    days: int = 12  # normal days in one day
    paints: int = 7  # times a page is opened


QUICK = Size(processes=1, reports=4, load=24, tickets=(60, 120), storm=4, days=1, paints=1)
