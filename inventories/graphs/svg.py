# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The few things with which SVG is written."""

from xml.etree import ElementTree as ET

from inventories.graphs.text import drawable

_NAMESPACE = "http://www.w3.org/2000/svg"
SVG = f"{{{_NAMESPACE}}}"


def element(tag: str, *children: ET.Element, text: str | None = None, **attributes: str | float) -> ET.Element:
    """Return an SVG element; ``_`` in the names of attributes is ``-``, one at the end goes (``class_``)."""
    made = ET.Element(
        f"{SVG}{tag}",
        {
            name.rstrip("_").replace("_", "-"): f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in attributes.items()
        },
    )
    made.text = text
    made.extend(children)
    return made


def title(text: str) -> ET.Element:
    """Return what browsers show when somebody points at the element it is in."""
    return element("title", text=drawable(text))


def serialized(root: ET.Element) -> str:
    """Return the document; it needs no other file."""
    ET.register_namespace("", _NAMESPACE)
    return ET.tostring(root, encoding="unicode") + "\n"
