# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory graph``: where pictures go, in which format, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.cli.inventory import app
from inventories.errors import BadInput

REFERENCE = Path(__file__).parents[3] / "inventories" / "reference"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["graph", *arguments, "--inventory", str(REFERENCE)])


def test_dot_goes_to_standard_output() -> None:
    done = run("dependencies")
    assert done.exit_code == 0
    assert done.stdout.startswith('digraph "Services and what they depend on')


@pytest.mark.parametrize(("name", "start"), [("x.svg", "<svg"), ("x.mmd", "---\ntitle"), ("x.dot", "digraph")])
def test_the_name_of_the_file_says_the_format(name: str, start: str, tmp_path: Path) -> None:
    file = tmp_path / "new" / name
    assert run("racks", "--region", "core", "--out", str(file)).stdout.startswith("written")
    assert file.read_text(encoding="utf-8").startswith(start)
    assert run("racks", "--region", "core", "--out", str(file)).stdout.startswith("unchanged")


def test_json_is_the_picture_without_any_format() -> None:
    graph = json.loads(run("tree", "--depth", "1", "--json").stdout)
    assert graph["notes"] == ["22 regions below level 1 collapsed; --depth or --region shows them"]
    assert {"id", "lines", "kind", "group", "tip"} == set(graph["nodes"][0])


def test_what_is_left_out_is_said_beside_the_picture() -> None:
    assert "note: 1 virtual not drawn" in run("racks").stderr


@pytest.mark.parametrize(
    ("arguments", "what", "hint"),
    [
        (["rack"], "'rack' is no view", "did you mean 'racks'?"),
        (["tree", "--format", "png"], "'png' is no format", "one of dot, mermaid, svg"),
        (["tree", "--out", "x.png"], "x.png does not say the format", "add --format dot|mermaid|svg"),
        (["tree", "--region", "qinge"], "'qinge' is no region of this inventory", "did you mean 'qinghe'"),
        (["dependencies", "--region", "yunling"], "there is nothing to draw in 'yunling'", "see: "),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_way_out(arguments: list[str], what: str, hint: str) -> None:
    problem = run(*arguments).exception
    assert isinstance(problem, BadInput)
    assert problem.what == what
    assert problem.hint is not None
    assert problem.hint.startswith(hint)
