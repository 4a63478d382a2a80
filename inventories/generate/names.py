# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Names of made-up places; a likeness to real ones is chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from inventories.base import Text

_FIRST = {
    "青": "qing", "云": "yun", "石": "shi", "龙": "long", "白": "bai", "南": "nan", "北": "bei", "东": "dong",
    "金": "jin", "玉": "yu", "平": "ping", "长": "chang", "永": "yong", "新": "xin", "大": "da", "双": "shuang",
    "松": "song", "梅": "mei", "桃": "tao", "凤": "feng", "泉": "quan", "宁": "ning", "柳": "liu",
}  # fmt: skip
_SECOND = {
    "山": "shan", "河": "he", "川": "chuan", "湖": "hu", "溪": "xi", "州": "zhou", "阳": "yang", "城": "cheng",
    "林": "lin", "原": "yuan", "田": "tian", "台": "tai", "桥": "qiao", "岭": "ling", "湾": "wan", "谷": "gu",
    "泽": "ze", "坪": "ping", "浦": "pu", "渡": "du",
}  # fmt: skip
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """A kind of school: its code in names, what it is called, and its share among schools in percent."""

    code: str
    title: Text
    share: int


SCHOOLS = (
    SchoolKind("p", Text(en="Primary School", zh="小学"), 52),
    SchoolKind("j", Text(en="Junior Middle School", zh="初级中学"), 20),
    SchoolKind("s", Text(en="Senior Middle School", zh="高级中学"), 8),
    SchoolKind("n", Text(en="Nine-Year School", zh="九年制学校"), 8),
    SchoolKind("t", Text(en="Teaching Point", zh="教学点"), 12),
)


def stems(random: Random) -> Iterator[Text]:
    """Yield distinct place names without what kind of place it is, in an order of chance; 460 of them."""
    known = [
        Text(en=(first + second).capitalize(), zh=one + two)
        for one, first in _FIRST.items()
        for two, second in _SECOND.items()
    ]
    random.shuffle(known)
    yield from known


def ordinal(number: int) -> str:
    """Return a number below 1000 as Chinese writes it after 第.

    >>> ordinal(3), ordinal(10), ordinal(12), ordinal(20), ordinal(105), ordinal(110)
    ('三', '十', '十二', '二十', '一百零五', '一百一十')
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
