"""`make training-rows`: what the desk has decided, in a file that `make train` takes as it is."""

import stat

import pytest

from chalicelib.domain.understanding.corrections import Row
from infra.production import training_rows
from infra.production.aws import Refused
from tests.api.tickets.test_screens import desk_of
from tests.service import one_service
from training.__main__ import read

PHONE = "13812345678"


service = one_service


@pytest.fixture(scope="module", autouse=True)
def _decisions(service):
    """Five of each of two kinds, one only received, one confidential, one of a kind that stands alone."""
    for n in range(5):
        decided(service, f"路灯不亮，第{n}盏", "A01")
        decided(service, f"居住证怎么办理，第{n}次来问，我的电话{PHONE}", "G01")
    service.report("居住证在哪里办理")
    decided(service, "居住证办理时工作人员收了钱", "G01", confidential=True)
    decided(service, "居住证窗口旁边太吵", "G01", then="D01")


def decided(service, text, category, then="", **more):
    answer = service.report(text, token=service.resident(category), **more)
    assert answer.status == 201, answer.raw
    ticket_id = answer.body["id"]
    desk = desk_of(service, ticket_id)
    for each in (category, then):
        given = service.desk_act(ticket_id, "classify", desk, category=each) if each else None
        assert given is None or given.status == 200, given.raw


def test_training_reads_the_rows_as_they_were_written(service, deployment, tmp_path):
    file = tmp_path / "rows.csv"
    made = training_rows.write(deployment, file)
    rows = read(file)
    assert [(row.title, row.body, row.label) for row in rows] == [tuple(row) for row in made.kept]
    assert sorted(row.label for row in rows) == ["A01"] * 5 + ["G01"] * 5
    assert made.few == {"D01": 1}  # the last decision, not the first


def test_the_file_holds_no_phone_and_nothing_confidential_and_is_its_owners_alone(
    service, deployment, tmp_path
):
    file = tmp_path / "rows.csv"
    training_rows.write(deployment, file)
    text = file.read_text(encoding="utf-8-sig")
    assert PHONE not in text
    assert "收了钱" not in text
    assert "居住证在哪里办理" not in text  # nobody has decided it yet
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_over(service, deployment, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("mine")
    with pytest.raises(Refused, match="已存在"):
        training_rows.write(deployment, file)
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_refused_in_words(service, deployment, tmp_path):
    with pytest.raises(Refused, match="写不进去"):
        training_rows.write(deployment, tmp_path / "none" / "rows.csv")


@pytest.mark.parametrize("labels", [(), ("A01",)])
def test_where_there_is_nothing_yet_to_tell_apart_no_file_is_made(monkeypatch, deployment, tmp_path, labels):
    made = [Row("", f"路灯不亮{n}", label) for n in range(5) for label in labels]
    monkeypatch.setattr(training_rows, "rows", lambda _: iter(made))
    with pytest.raises(Refused, match="还没有足够的工单"):
        training_rows.write(deployment, tmp_path / "rows.csv")
    assert not list(tmp_path.iterdir())
