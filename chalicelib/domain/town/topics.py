"""Topics 话题 as the town's data: topics.csv, what reports are about in the words that people use (rule 66)."""

from chalicelib.domain.model import Frozen


class Topic(Frozen):
    """`words`: patterns (`understanding.phrases`). `personal`: praise, something lost, one's own case; it makes no class with others'."""

    code: str
    name: str
    words: str
    personal: bool = False
    own_word: bool = False  # 只由本人: of family or harm, nobody reports it for another
    least: int = 0  # people it takes to propose a class by it alone; 0: as many as the category says
