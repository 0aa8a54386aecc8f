"""What is confidential is counted apart, and read by nobody whom it keeps out (rule 21, decision 0119)."""

from chalicelib.domain.figures.counts import added, as_read, count_day, still_open, still_open_as_read
from chalicelib.domain.tickets.clock_model import LadderRole
from tests.domain.figures.test_indicators import a_fact, closed, promise

ABOUT_THE_STATION = ("ST-GGLW",)
LATE = promise("open", late_at=LadderRole.AREA_LEADER)


def facts():
    ordinary = closed(unit="PM-A", ticket_id="ordinary")
    hidden = closed(unit="OF-PA", ticket_id="hidden", confidential=True, concerns=ABOUT_THE_STATION)
    return [ordinary, hidden]


def nobody(_out):
    return False


def everybody(_out):
    return True


def whom_it_keeps_out(out):
    return "ST-GGLW" not in out


def test_the_counts_of_who_is_kept_out_are_those_of_a_town_without_the_ticket():
    ordinary, _ = facts()
    with_it, without = count_day(facts(), facts()), count_day([ordinary], [ordinary])
    assert as_read(with_it, nobody) == as_read(with_it, whom_it_keeps_out) == without


def test_whoever_may_know_of_it_reads_it_among_the_others():
    read = as_read(count_day(facts(), facts()), everybody)
    assert read["all"][""]["received"] == 2
    assert set(read["unit"]) == {"PM-A", "OF-PA"}


def test_a_ticket_that_keeps_nobody_out_is_still_no_public_figure():
    counts = count_day([closed(confidential=True)], [])
    assert as_read(counts, nobody) == {}
    assert as_read(counts, whom_it_keeps_out)["all"][""]["received"] == 1


def test_days_are_added_before_or_after_they_are_read():
    day = count_day(facts(), facts())
    assert as_read(added([day, day]), nobody) == added([as_read(day, nobody), as_read(day, nobody)])


def test_of_what_is_open_and_late_the_same_holds():
    ordinary = a_fact(unit="PM-A", clocks=(LATE,))
    hidden = a_fact(unit="OF-PA", clocks=(LATE,), confidential=True, concerns=ABOUT_THE_STATION)
    both = still_open([ordinary, hidden])
    assert still_open_as_read(both, whom_it_keeps_out) == still_open([ordinary])
    read = still_open_as_read(both, everybody)
    assert (read.tickets, read.late, read.units) == (2, {"area_leader": 2}, {"PM-A": 1, "OF-PA": 1})
