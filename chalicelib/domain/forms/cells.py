"""Where each thing stands on the form 反馈表."""

from chalicelib.domain.forms.form import Form, Line

FIRST_HEAD, TEXT_ROW, SO_FAR_ROW, LINES_HEAD, FIRST_LINE = 3, 8, 9, 10, 11
LINE_HEADS = ("承办单位", "意见和办理情况（可打字填写）", "", "填写日期")
HINT = "请只在黄色格内填写，填好后把本文件交回工作站；其他格不要改动，不要加减行、合并格子或写公式。"
SIGNED = ("主办单位（盖章）：", "", "片区党委（签字）：", "")


def fixed_cells(form: Form) -> dict[str, str]:
    """All that is printed, by cell."""
    cells = {"A1": form.title, "A2": HINT, f"A{TEXT_ROW}": "问题描述", f"B{TEXT_ROW}": form.text}
    cells |= {f"A{SO_FAR_ROW}": "前期处置情况", f"B{SO_FAR_ROW}": form.so_far}
    for at, (label, value) in enumerate(form.heads):
        columns, row = ("AB", "CD")[at % 2], FIRST_HEAD + at // 2
        cells |= {f"{columns[0]}{row}": label, f"{columns[1]}{row}": value}
    cells |= _row(LINES_HEAD, LINE_HEADS)
    cells |= {f"A{row}": line.label for row, line in rows_of(form)}
    cells |= _row(FIRST_LINE + len(form.lines), SIGNED)
    return {cell: value for cell, value in cells.items() if value}


def rows_of(form: Form) -> list[tuple[int, Line]]:
    return list(enumerate(form.lines, FIRST_LINE))


def joined_cells(form: Form) -> frozenset[str]:
    """The cells that the form itself joins; any other join would hide what stands beneath."""
    wide = {f"A{row}:D{row}" for row in (1, 2)} | {f"B{row}:D{row}" for row in (TEXT_ROW, SO_FAR_ROW)}
    rows = (LINES_HEAD, *(row for row, _ in rows_of(form)))
    return frozenset(wide | {f"B{row}:C{row}" for row in rows})


def _row(row: int, values: tuple[str, ...]) -> dict[str, str]:
    return {f"{column}{row}": value for column, value in zip("ABCD", values, strict=True)}
