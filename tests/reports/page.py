# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Reads a page as a browser would, strictly: what is open is closed, in order, and nothing is where it may not be."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "rect", "path"}
BLOCK = {"p", "ul", "ol", "dl", "div", "table", "section", "article", "details", "h1", "h2", "h3", "h4"}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "dl": {"div"},
    "select": {"option"},
}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None"
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, tag: str | None = None) -> list["Element"]:
        """Return the elements below, in the order of the page."""
        found = []
        for child in self.children:
            if tag in {None, child.tag}:
                found.append(child)
            found += child.all(tag)
        return found

    def words(self) -> str:
        """Return all text below (text of an element before that of its children)."""
        return " ".join([self.text, *(child.words() for child in self.children)])

    def classes(self) -> set[str]:
        return set((self.attributes.get("class") or "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self.here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice: {attrs}"
        allowed = CHILDREN.get(self.here.tag)
        assert allowed is None or tag in allowed, f"<{tag}> in <{self.here.tag}>"
        assert not (self.here.tag in {"p", "span", "a"} and tag in BLOCK), f"<{tag}> in <{self.here.tag}>"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}> at {self.getpos()}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.text += data


def read(text: str) -> Element:
    """Return the document; a page that is not well formed fails here."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root
