"""How many matters a text speaks of: counted out, joined on, stated, or filed apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.understanding.matters import MOST, matters
from chalicelib.domain.understanding.phrases import flat
from chalicelib.domain.understanding.reading import understand
from tests.towns import built, sample_files

TOWN, _ = built(sample_files())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("楼道灯不亮", 1),
        ("楼道灯不亮，好几天了，老人上下楼不方便，谢谢", 1),
        # counted out
        ("一，楼道灯不亮；二，垃圾没人收；三，门禁坏了", 3),
        ("1.楼道灯不亮 2.垃圾没人收", 2),
        ("1、楼道灯不亮\n2、垃圾没人收\n3、狗乱叫\n4、停车难", 4),
        ("一是路不平，二是灯太暗", 2),
        ("第一，路不平。第二，灯太暗。", 2),
        ("首先路不平，其次灯太暗", 2),
        ("一，路不平；二，灯太暗。另外，公交等太久", 3),
        # numbers that count nothing
        ("三，四楼的灯都不亮", 1),
        ("5号楼3楼的灯不亮", 1),
        ("第二次报了，楼道灯还是不亮", 1),
        ("3.5吨的车天天压坏路面", 1),
        # joined on
        ("楼道灯不亮。另外垃圾房的门关不上", 2),
        ("楼道灯不亮，顺便问下老年食堂几点开", 2),
        ("楼道灯不亮，还有就是三楼一直漏水，再有一个狗不拴绳", 3),
        ("楼道灯不亮，还有停车位老被占", 2),
        # goes on, or is polite
        ("电梯停了，还有人在里面", 1),
        ("楼道灯不亮，另外谢谢上次的师傅", 1),
        ("楼道灯不亮，还有。", 1),
        # said how many
        ("反映两个问题", 2),
        ("我说的三件事都没回", 3),
        # sentences of different large categories
        ("下水道堵了。加装电梯什么时候批。", 2),
        ("", 1),
    ],
)
def test_a_text_holds_so_many_matters(text, count):
    assert matters(flat(text), TOWN) == count


def test_a_reading_says_how_many():
    reading = understand("一，路灯不亮；二，垃圾没人收", town=TOWN, place=Where(path=(), name=""), model=None)
    assert reading.matters == 2


@given(st.text(max_size=200))
def test_any_text_holds_at_least_one(text):
    assert 1 <= matters(flat(text), TOWN) <= MOST
