"""反馈表 in the shapes that Word and WPS write and no library of ours does: raw XML, read as a person sees it on the page.

What a person sees and no text can hold is refused by where it stands; nothing is dropped or turned into its opposite.
"""

import io
import re
import zipfile

import pytest

from chalicelib.web import form_file, form_words
from tests.domain.tables.zoo import with_part
from tests.web.test_form_words import GOOD, read, refusal_of

PART = "word/document.xml"
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
DOCUMENT = zipfile.ZipFile(io.BytesIO(GOOD)).read(PART).decode()
ROW = re.findall(r"<w:tr>.*?</w:tr>", DOCUMENT, re.DOTALL)[8]  # the lead's line
CELL = re.findall(r"<w:tc>.*?</w:tc>", ROW, re.DOTALL)[1]
BELOW = re.findall(r"<w:tr>.*?</w:tr>", DOCUMENT, re.DOTALL)[9]


def run(text, more=""):
    return f'<w:r>{more and f"<w:rPr>{more}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*parts):
    return f"<w:p>{''.join(parts)}</w:p>"


def cell(*paragraphs):
    """The yellow cell with this in it."""
    return re.sub(r"<w:p>.*</w:p>", lambda _: "".join(paragraphs), CELL, flags=re.DOTALL)


def document(change):
    return with_part(GOOD, PART, lambda _: change(DOCUMENT).encode())


def typed(*parts):
    """The form with one paragraph of these parts in the yellow cell."""
    return document(lambda xml: xml.replace(ROW, ROW.replace(CELL, cell(paragraph(*parts)))))


def words_of(content):
    (said,) = read(content).said
    return said.text


def control(inner, more=""):
    return f"<w:sdt><w:sdtPr>{more}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


ANSWER = cell(paragraph(run("已协调好")))


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(ROW, ROW.replace(CELL, control(ANSWER))),
        lambda xml: xml.replace(ROW, control(ROW.replace(CELL, ANSWER))),
        lambda xml: xml.replace(ROW, control(control(ROW.replace(CELL, ANSWER)))),
        lambda xml: re.sub(r"<w:tbl>.*</w:tbl>", lambda t: control(t[0]), xml.replace(CELL, ANSWER), flags=re.DOTALL),
        lambda xml: xml.replace(ROW, ROW.replace(CELL, cell(control(paragraph(run("已协调好"))), "<w:p/>"))),
    ],
    ids=["cell", "row", "twice around a row", "table", "paragraph"],
)  # fmt: skip
def test_a_content_control_is_seen_through_whatever_it_stands_around(change):
    content = document(change)
    assert "已协调好" in [said.text for said in read(content).said]


def test_what_a_content_control_asks_for_is_no_answer():
    asked = control(run("单击或点击此处输入文字。"), "<w:showingPlcHdr/>")
    assert "没有新填" in refusal_of(typed(asked))
    assert words_of(typed(asked, run("已协调好"))) == "已协调好"


def box(state):
    return control(run("☒"), f'<w14:checkbox {W14}><w14:checked w14:val="{state}"/></w14:checkbox>')


def form_box(state):
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def field(instruction, result=""):
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def sign(code, font="Wingdings"):
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def letter(text, font="Wingdings 2"):
    return run(text, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')


@pytest.mark.parametrize(
    ("ticked", "empty"),
    [
        (box(1), box(0)),
        (box("true"), control(run("☐"), f"<w14:checkbox {W14}/>")),
        (form_box("<w:checked/>"), form_box('<w:checked w:val="0"/>')),
        (form_box('<w:default w:val="1"/>'), form_box('<w:default w:val="0"/>')),
        (field(r" eq \o\ac(□,√) "), run("□")),
        (field(r" EQ \o \ac (□，√)"), run("□")),
        (sign("F0FE"), sign("F0A8")),
        (sign("F052", "Wingdings 2"), sign("00A3", "Wingdings 2")),
        (letter("R"), letter("£")),
        (letter("\uf052"), letter("\uf0a3")),
        (run("☑"), run("□")),
    ],
)
def test_a_ticked_box_says_that_it_is_ticked_however_it_was_made(ticked, empty):
    assert words_of(typed(ticked, run("已解决 "), empty, run("未解决"))) == "☑已解决 □未解决"


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        ((run("3"), "<w:r><w:noBreakHyphen/></w:r>", run("5日内")), "3-5日内"),
        ((run("已协"), "<w:r><w:softHyphen/></w:r>", run("调好")), "已协调好"),
        ((run("甲"), "<w:r><w:br/></w:r>", run("乙"), "<w:r><w:tab/></w:r>", run("丙")), "甲\n乙\t丙"),
        ((run("　　已协调好　\u200b"),), "已协调好"),
        ((field(" DATE ", "2026年11月24日"), run("办结")), "2026年11月24日办结"),
        (('<w:fldSimple w:instr="TIME">' + run("9时") + "</w:fldSimple>", run("到场")), "9时到场"),
        ((field(r" eq \o\ac(○,1) "), run("已修")), "（1）已修"),
        ((run("不要的话", "<w:vanish/>"), run("已修好")), "已修好"),
        ((run("已修好", '<w:vanish w:val="0"/>'),), "已修好"),
        (("<w:moveFrom>" + run("旧话") + "</w:moveFrom><w:moveTo>" + run("新话") + "</w:moveTo>",), "新话"),
        (("<w:r><w:ruby><w:rt>" + run("yi") + "</w:rt><w:rubyBase>" + run("已") + "</w:rubyBase></w:ruby></w:r>", run("修")), "已修"),
        ((run("√", '<w:rFonts w:ascii="宋体"/>'), run("已修")), "√已修"),
    ],
)  # fmt: skip
def test_what_is_seen_is_read_and_what_is_not_is_not(parts, seen):
    assert words_of(typed(*parts)) == seen


def test_words_in_a_text_box_are_read_once_in_lines_of_their_own():
    inner = f"<w:txbxContent>{paragraph(run('框里的话'))}</w:txbxContent>"
    both = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>' + inner + "</wps:txbx></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict>" + inner + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )  # fmt: skip
    assert words_of(typed(run("已修好"), both)) == "已修好\n框里的话"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("前半") + "</w:p>"
    content = document(lambda xml: xml.replace(ROW, ROW.replace(CELL, cell(first, paragraph(run("后半"))))))
    assert words_of(content) == "前半后半"


NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


@pytest.mark.parametrize(
    ("form", "text", "seen"),
    [
        ("decimal", "%1.", "1. 到场\n1.1 细目\n2. 修好"),
        ("chineseCounting", "%1、", "一、 到场\n一.1 细目\n二、 修好"),
        ("decimalEnclosedCircleChinese", "%1", "① 到场\n①.1 细目\n② 修好"),
        ("bullet", "\uf06c", "· 到场\n1.1 细目\n· 修好"),
    ],
)
def test_the_numbers_of_a_list_are_read_as_they_stand_on_the_page(form, text, seen):
    def item(words, level=0):
        return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr>{run(words)}</w:p>'

    filled = cell(item("到场"), item("细目", 1), item("修好"))
    content = document(lambda xml: xml.replace(ROW, ROW.replace(CELL, filled)))
    content = with_part(
        content, "word/numbering.xml", lambda _: NUMBERING.format(form=form, text=text).encode()
    )
    assert words_of(content) == seen


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (run("不同意", "<w:strike/>"), "划掉的文字"),
        (run("不同意", "<w:dstrike/>"), "划掉的文字"),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "脚注"),
        ('<w:r><w:commentReference w:id="0"/></w:r>', "批注"),
        ("<m:oMath><m:f><m:num><m:t>1</m:t></m:num></m:f></m:oMath>", "公式"),
        ("<w:r><w:drawing/></w:r>", "图片"),
        ("<w:r><w:object/></w:r>", "图片"),
        (sign("F04A"), "符号读不出来"),
        (run("\uf04a"), "符号读不出来"),
    ],
)
def test_what_no_text_can_hold_is_refused_by_where_it_stands(part, said):
    message = refusal_of(typed(run("已修好"), part))
    assert "表格第9行第2列：" in message
    assert said in message


def test_a_picture_among_the_seals_is_a_seal():
    last = re.findall(r"<w:tr>.*?</w:tr>", DOCUMENT, re.DOTALL)[-1]
    sealed = last.replace("</w:p>", "<w:r><w:drawing/></w:r></w:p>", 1)
    content = document(lambda xml: xml.replace(CELL, ANSWER, 1).replace(last, sealed))
    assert read(content).said


def test_a_row_that_a_tracked_change_took_away_is_gone():
    gone = BELOW.replace("<w:trPr>", '<w:trPr><w:del w:id="9" w:author="x"/>', 1)
    assert gone != BELOW
    assert "不能改动" in refusal_of(document(lambda xml: xml.replace(BELOW, gone)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
        ("w:", "x:"),
    ],
    ids=["strict", "another prefix"],
)  # fmt: skip
def test_the_names_of_another_program_are_the_same_names(old, new):
    def change(xml):
        xml = xml.replace(ROW, ROW.replace(CELL, ANSWER))
        if old == "w:":
            return re.sub(r"(</?|\s)w:", r"\1x:", xml).replace("xmlns:w=", "xmlns:x=")
        return xml.replace(old, new)

    assert words_of(document(change)) == "已协调好"


def test_marks_that_wps_adds_are_passed_through():
    marked = (
        f'<w:p {W14} w14:paraId="3F2A"><w:pPr><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr></w:pPr>'
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:proofErr w:type="spellStart"/>'
        + run("已协调好", '<w:rFonts w:hint="eastAsia"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>')
        + '<w:bookmarkEnd w:id="0"/></w:p>'
    )
    assert words_of(document(lambda xml: xml.replace(ROW, ROW.replace(CELL, cell(marked))))) == "已协调好"


def test_a_table_in_front_of_the_form_is_not_the_form():
    cover = "<w:tbl><w:tr><w:tc>" + paragraph(run("文号")) + "</w:tc></w:tr></w:tbl>"
    content = document(lambda xml: xml.replace(CELL, ANSWER, 1).replace("<w:tbl>", cover + "<w:tbl>", 1))
    returned = form_file.read(content)
    assert returned.cells["B11"] == "已协调好"
    assert "表格外：有不在表格里的文字" in refusal_of(content)


def test_a_cell_that_stands_further_right_is_named_by_its_column():
    moved = ROW.replace("<w:trPr>", '<w:trPr><w:gridBefore w:val="1"/>', 1)
    assert form_words.read(document(lambda xml: xml.replace(ROW, moved))).cells["B11"] == "城建办（主办）"
