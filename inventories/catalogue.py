# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every rule an inventory is checked by, with its text for people: those of reading, then the registered ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from inventories.base import Text
from inventories.findings import Rule
from inventories.reading import files, pages, shape, source
from inventories.registry import REGISTRY
from inventories.validate import rules

__all__ = ["Described", "catalogue", "rules"]


@dataclass(frozen=True, slots=True)
class Described:
    """A rule with what it asks for, in one sentence, and why."""

    rule: Rule
    title: Text
    why: Text


_LOST = Text(
    en="What stands in it is not read, and nothing else can take its place.",
    zh="其中的内容读不到，也没有别的内容可以代替。",
)
_SAFE = Text(
    en="A file must not be able to grow, run or hide anything when it is read.",
    zh="文件在读取时不得膨胀、执行或隐藏任何内容。",
)
_TYPO = Text(
    en="A key that is misspelt or in the wrong place would be a setting that silently does not hold.",
    zh="键写错或放错位置，等于一项设置悄悄失效。",
)

_READING: tuple[Described, ...] = (
    Described(
        source.UNREADABLE,
        Text(
            en="Every file is readable UTF-8 text of at most 10 MB.",
            zh="每个文件都是可读的、不超过 10 MB 的 UTF-8 文本。",
        ),
        _LOST,
    ),
    Described(source.SYNTAX, Text(en="Every file is valid YAML.", zh="每个文件都是合法的 YAML。"), _LOST),
    Described(
        source.DUPLICATE,
        Text(en="No key is given twice in one mapping.", zh="同一映射中没有重复的键。"),
        Text(
            en="Only one of the two values could hold, and nobody sees which.",
            zh="两个值只能有一个生效，谁也看不出是哪一个。",
        ),
    ),
    Described(
        source.REFUSED,
        Text(
            en="No file uses anchors, aliases, tags or several documents.", zh="文件不使用锚点、别名、标签或多个文档。"
        ),
        _SAFE,
    ),
    Described(
        source.TOO_DEEP,
        Text(en="Nothing is nested deeper than an inventory can be.", zh="嵌套层次不超过清单所能有的深度。"),
        _SAFE,
    ),
    Described(
        source.KEY,
        Text(en="Every key is a text.", zh="每个键都是文本。"),
        Text(
            en="A bare number, true or null as a key is read as something other than it looks.",
            zh="裸写的数字、true 或 null 作键时，读出来与看上去不同。",
        ),
    ),
    Described(source.CONTROL, Text(en="No text has control characters.", zh="文本不含控制字符。"), _SAFE),
    Described(
        files.EMPTY,
        Text(en="Every directory of the tree holds something.", zh="目录树中没有空目录。"),
        Text(en="An empty directory is a region somebody forgot to describe.", zh="空目录就是一个忘了描述的区域。"),
    ),
    Described(
        files.UNLISTED,
        Text(
            en="Every directory can be listed, is no link, and is as deep as regions are.",
            zh="每个目录都可列出，不是链接，深度不超过区域层级。",
        ),
        _LOST,
    ),
    Described(
        shape.UNKNOWN_KEY, Text(en="Every key is one that its section knows.", zh="每个键都是所在段落认识的键。"), _TYPO
    ),
    Described(
        shape.MISSING_KEY,
        Text(
            en="Everything an entry must say is said, here or in the defaults above.",
            zh="条目必须说明的内容，在此处或上层默认值中都已说明。",
        ),
        Text(en="edufleet does not guess what it was not told.", zh="没有告知的内容，edufleet 不作猜测。"),
    ),
    Described(
        shape.WRONG_VALUE,
        Text(
            en="Every value is of the kind and in the range its key asks for.",
            zh="每个值的类型和范围都符合其键的要求。",
        ),
        Text(
            en="A value that is nearly right misleads every tool downstream.", zh="似是而非的值会误导下游的每个工具。"
        ),
    ),
    Described(
        pages.TWICE,
        Text(
            en="A directory says only once which region it is and what its defaults are.",
            zh="一个目录只在一处说明它是哪个区域、默认值是什么。",
        ),
        Text(
            en="Two files that say it would have to be read in some order.",
            zh="两个文件都说，就得规定先后，谁也记不住。",
        ),
    ),
    Described(
        pages.NOT_AT_ROOT, Text(en="Only the root says who the authority is.", zh="只有根目录说明主管机构是谁。"), _TYPO
    ),
)


@cache
def catalogue() -> Mapping[str, Described]:
    """Return every rule by id, in the order of the ids."""
    registered = (Described(one.rule, one.title, one.why) for one in REGISTRY.values())
    return MappingProxyType({one.rule.id: one for one in sorted((*_READING, *registered), key=lambda d: d.rule.id)})
