"""Judging what leaves the text: what stayed and what went is counted, and named."""

from training.judge import identity


def row(text, mask="", keep="", name="", phone=""):
    return {"text": text, "contact_name": name, "contact_phone": phone, "mask": mask, "keep": keep}


def test_what_was_masked_and_what_was_kept_is_counted():
    counts, wrong = identity.figures(
        [
            row("徐丽说早高峰堵，电话13812345678", "徐丽|13812345678", "早高峰", name="徐丽"),
            row("灯坏了", "", "灯坏了"),
        ]
    )
    assert counts == {"what": "identity", "masked": 2, "of": 2, "kept": 2, "of_keep": 2}
    assert wrong == []


def test_a_row_in_which_something_stayed_or_went_is_named():
    counts, wrong = identity.figures([row("灯坏了，电话13812345678", "灯坏了", "13812345678")])
    assert (counts["masked"], counts["kept"]) == (0, 0)
    assert "第 2 行" in wrong[0]
