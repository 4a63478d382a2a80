# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Finds circles in what leads to what."""

from collections.abc import Iterator, Mapping, Sequence


def circles(leads_to: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles as the names along them, the first one at the end again; names that are no keys lead nowhere.

    There is one for each step that leads back to where the search came from: without these steps there is no circle.

    >>> list(circles({"a": ["b"], "b": ["c", "d"], "c": ["a"]}))
    [('a', 'b', 'c', 'a')]
    """
    done: set[str] = set()
    for start in leads_to:
        path: dict[str, None] = {}
        # Depth first without recursion: a name is entered, and left again under the None that was pushed before it.
        stack: list[str | None] = [start]
        while stack:
            name = stack.pop()
            if name is None:
                done.add(path.popitem()[0])
            elif name in path:
                names = list(path)
                yield (*names[names.index(name) :], name)
            elif name in leads_to and name not in done:
                path[name] = None
                stack += [None, *reversed(leads_to[name])]
