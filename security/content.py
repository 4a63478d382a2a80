# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Read content files (rules, control maps, profiles): YAML into models, with every mistake named by file and line."""

from typing import TypeVar

import yaml
from pydantic import ValidationError

from inventories.base import Frozen
from inventories.errors import BadInput, at

M = TypeVar("M", bound=Frozen)


class Misplaced(ValueError):
    """A mistake deep inside a value that pydantic sees as one; ``path`` leads to it from there."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def read(text: str, where: str, model: type[M]) -> M:
    """Return ``text`` as a ``model``; ``where`` names the file in errors.

    Raises:
        BadInput: not YAML, a key given twice, or content the model refuses; says file and line.

    """
    loader = yaml.CSafeLoader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise BadInput("must be a mapping", where=at(where, 1))
        _refuse_repeated_keys(root, where)
        data = loader.construct_document(root)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        raise BadInput(str(problem.problem), where=at(where, mark.line + 1 if mark else None)) from None
    finally:
        loader.dispose()
    try:
        return model.model_validate(data)
    except ValidationError as refused:
        error = refused.errors()[0]
        cause = error.get("ctx", {}).get("error")
        path = (*error["loc"], *(cause.path if isinstance(cause, Misplaced) else ()))
        message = error["msg"].removeprefix("Value error, ")
        named = ".".join(str(part) for part in path)
        raise BadInput(f"{named}: {message}" if named else message, where=at(where, _line(root, path))) from None


def _refuse_repeated_keys(node: yaml.Node, where: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[object] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadInput(f"{key.value} is given twice", where=at(where, key.start_mark.line + 1))
            seen.add(key.value)
            _refuse_repeated_keys(value, where)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, where)


def _line(node: yaml.Node, path: tuple[str | int, ...]) -> int:
    """Return the line of what ``path`` leads to, or of the last thing on the way that is in the file."""
    line = int(node.start_mark.line) + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == step]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
