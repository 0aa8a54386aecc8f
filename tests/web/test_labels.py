"""Labels and print sheets: what hangs in the stairwell can be scanned, read and cut out."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from chalicelib.domain.errors import Invalid
from chalicelib.web.labels import Label, _drawing, layout, sheets_html
from chalicelib.web.qr import QUIET_ZONE, qr_path
from chalicelib.web.typesetting import TIED, set_words, width_in_em

URL = "https://mashangjiulai.example.cn/s/7K3QX9A"
SVG = "{http://www.w3.org/2000/svg}"


def a_label(**changes):
    return Label(**{"code": "7K3QX9A", "name": "盛华景苑 4号楼 1单元", "url": URL, "gas": "962777"} | changes)


def label_svg(label, plan=None):
    """One label alone, as it stands on its sheet."""
    return f'<svg xmlns="http://www.w3.org/2000/svg">{_drawing(label, plan or layout(4))}</svg>'


def words_of(svg):
    return [node.text for node in ET.fromstring(svg).iter(f"{SVG}text")]


def drawn(path, modules, scale=4):
    """The path as a picture, painted the way a browser would."""
    side = (modules + 2 * QUIET_ZONE) * scale
    picture = Image.new("L", (side, side), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", path):
        left, top = (int(x) + QUIET_ZONE) * scale, (int(y) + QUIET_ZONE) * scale
        ImageDraw.Draw(picture).rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return picture


def scanned(picture):
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    "url", [URL, "http://127.0.0.1:4566/_aws/execute-api/mslj/local/s/7K3QX9A", "https://a.cn/s/2222222"]
)
def test_a_scanner_reads_the_printed_url(url):
    assert scanned(drawn(*qr_path(url))) == [url]


def test_a_scratched_code_is_still_read():
    picture = drawn(*qr_path(URL))
    side = picture.width
    ImageDraw.Draw(picture).rectangle((side * 0.45, side * 0.5, side * 0.7, side * 0.72), fill=255)
    assert scanned(picture) == [URL]


@pytest.mark.parametrize("per_sheet", [1, 2, 4, 6, 8, 9, 10, 12])
def test_the_code_is_at_least_fifty_millimetres_and_inside_its_label(per_sheet):
    plan = layout(per_sheet)
    assert plan.columns * plan.rows == per_sheet
    assert plan.code_side >= 50
    assert plan.code_side <= min(plan.width, plan.height)
    assert plan.columns * plan.width <= 200.001
    assert plan.rows * plan.height <= 287.001


@pytest.mark.parametrize("per_sheet", [-1, 0, 7, 13, 15, 16, 24, 1000, 10**9])
def test_what_does_not_fit_at_fifty_millimetres_is_refused(per_sheet):
    with pytest.raises(Invalid, match="50"):
        layout(per_sheet)


def test_a_label_says_title_name_code_domain_and_that_nothing_is_charged():
    words = words_of(label_svg(a_label()))
    assert words[0] == "码上就来"
    for expected in (
        "盛华景苑 4号楼 1单元",
        "编号 7K3 QX9A",
        "https://mashangjiulai.example.cn/s/7K3QX9A",
        "扫码不收费，不要求身份证",
    ):
        assert expected in words
    for number in ("110", "119", "120", "962777"):
        assert any(number in line for line in words)


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.sampled_from("盛华景苑望月路号楼单元出口 ABC089·"), min_size=1, max_size=40),
    st.sampled_from([1, 4, 6, 8, 9, 12]),
)
def test_no_word_leaves_its_label_however_long_the_name(name, per_sheet):
    plan = layout(per_sheet)
    for node in ET.fromstring(label_svg(a_label(name=name), plan)).iter(f"{SVG}text"):
        size, middle, y = (float(node.get(key)) for key in ("font-size", "x", "y"))
        half = width_in_em(node.text) * size / 2
        assert middle - half >= -0.01
        assert middle + half <= plan.width + 0.01
        assert size * 0.7 <= y <= plan.height


SHEETS = [1, 2, 4, 6, 8, 9, 10, 12]
LONG_HOST = "https://mashangjiulai-huajingzhen.xuhui-district.gov.example.cn/v1"


@pytest.mark.parametrize("per_sheet", SHEETS)
@pytest.mark.parametrize("gas", ["962777", "021-962777", "400-820-8888 转 1"])
def test_a_number_stays_on_the_line_of_its_word(per_sheet, gas):
    words = words_of(label_svg(a_label(gas=gas), layout(per_sheet)))
    assert [line for line in words if f"燃气{TIED}{gas.split()[0]}" in line]
    assert [line for line in words if f"先拨{TIED}110" in line]


@pytest.mark.parametrize("per_sheet", SHEETS)
@pytest.mark.parametrize(
    "host", ["https://msjl.cn", "http://127.0.0.1:4566/_aws/execute-api/mslj/v1", LONG_HOST]
)
def test_the_printed_address_is_whole_and_the_one_in_the_code(per_sheet, host):
    url = f"{host}/s/7K3QX9A"
    assert url in "".join(words_of(label_svg(a_label(url=url), layout(per_sheet))))


NAMES = st.text(st.sampled_from("盛华景苑（二期）路号楼单元、14 BC·-"), min_size=1, max_size=80)


@settings(deadline=None, max_examples=60)
@given(NAMES, st.sampled_from(SHEETS))
def test_a_name_keeps_its_end_however_long_it_is(name, per_sheet):
    words = "".join(words_of(label_svg(a_label(name=name), layout(per_sheet))))
    assert re.sub(r"[ ·]", "", name) in re.sub(r"[ ·]", "", words)


@pytest.mark.parametrize("width", range(14, 60, 3))
def test_no_line_begins_with_what_closes_or_parts_a_number_from_what_it_counts(width):
    name = "盛华景苑（二期）朱梅路1288弄 14号楼 2单元一楼大堂（靠近消防通道）的入口处"
    lines = set_words(name, width, 3.2, 2.2).lines
    assert not [line for line in lines if line[0] in "）、，" or line[-1] in "（" or line[-1].isdigit()]
    assert {"1288弄", "14号楼", "2单元"} <= {
        word for line in lines for word in re.findall(r"\d+[号弄单][楼元]?", line)
    }


def test_a_name_cannot_bring_markup_onto_the_sheet():
    html = sheets_html([a_label(name='<script>alert(1)</script>&"')], 4)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_five_labels_fill_two_pages_of_four():
    html = sheets_html([a_label(code=f"222222{n}") for n in range(5)], 4)
    assert html.count('class="page"') == 2
    assert "共 5 张" in html
    assert "@page{size:A4" in html


def test_a_batch_that_is_not_all_says_so():
    assert "下一批" in sheets_html([a_label()], 4, more=True)
    assert sheets_html([], 4).count('class="page"') == 0
