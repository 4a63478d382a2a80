# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory init``: starts a new inventory by asking, or by options."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import islice
from pathlib import Path
from string import Template
from typing import Annotated, Any, get_args
from zoneinfo import available_timezones

import typer
from pydantic import Field, TypeAdapter, ValidationError

from console.cli.common import JsonFlag, counted, emit, out
from inventories.base import Frozen
from inventories.editing.splice import flow
from inventories.errors import BadInput, CouldNotFinish
from inventories.findings import InventoryErrors, did_you_mean
from inventories.loader import read
from inventories.model.base import SHAPES, DnsName, Name, RegionLevel
from inventories.validate import validate

_IPV4_LONGEST = 29
_IPV4_VLAN = 24
_IPV6_VLAN = 64


class Started(Frozen):
    """What ``inventory init --json`` prints."""

    directory: Path
    files: tuple[str, ...] = Field(description="Files that were written, as reached from the directory.")
    warnings: tuple[str, ...] = Field(description="What the rules remark on it.")


@dataclass(frozen=True, slots=True)
class _Question:
    """What has to be known: the option that says it, how it is asked for, and how an answer is checked."""

    option: str
    asked: str
    check: Callable[[str], str]


def command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that is empty or not there yet.")],
    name_en: Annotated[str | None, typer.Option(help="Name of the authority in English.")] = None,
    name_zh: Annotated[str | None, typer.Option(help="Name of the authority in Chinese.")] = None,
    domain: Annotated[str | None, typer.Option(help="Its DNS domain, e.g. edu.example.")] = None,
    region: Annotated[str | None, typer.Option(help="Directory name of the first region, e.g. qinghe.")] = None,
    region_en: Annotated[str | None, typer.Option(help="Name of that region in English.")] = None,
    region_zh: Annotated[str | None, typer.Option(help="Name of that region in Chinese.")] = None,
    level: Annotated[str | None, typer.Option(help=f"Its level: {', '.join(get_args(RegionLevel))}.")] = None,
    site: Annotated[str | None, typer.Option(help="Id of its first site, e.g. qinghe-dc.")] = None,
    address_prefix: Annotated[str | None, typer.Option(help="Addresses of that site, e.g. 10.16.0.0/16.")] = None,
    timezone: Annotated[str, typer.Option(help="IANA time zone of calendars and rotas.")] = "Asia/Shanghai",
    as_json: JsonFlag = False,
) -> None:
    """Start a new inventory: what the options do not say is asked for.

    For example: edufleet inventory init inventory
    """
    _refuse_used(directory)
    given = (name_en, name_zh, domain, region, region_en, region_zh, level, site, address_prefix)
    answers = _answers(dict(zip(_QUESTIONS, given, strict=True)))
    answers["timezone"] = _checked("--timezone", _timezone, timezone)
    files = _files(answers)
    warnings = _written(directory, files)
    if as_json:
        emit(Started(directory=directory, files=tuple(files), warnings=warnings))
        return
    out.print(f"{directory}: {', '.join(files)}; 0 errors, {counted(len(warnings), 'warning')}", soft_wrap=True)
    for warning in warnings:
        out.print(warning, soft_wrap=True, markup=False)
    out.print(
        f"Next: add hosts to {directory / list(files)[-1]}, then\n"
        f"  edufleet inventory validate {directory}\n"
        f"  edufleet inspect --inventory {directory}",
        soft_wrap=True,
    )


def _answers(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return an answer to every question; those not given are asked for where somebody can answer."""
    wrong: list[str] = []
    answers: dict[str, str] = {}
    for key, question in _QUESTIONS.items():
        value = given[key]
        if value is not None:
            try:
                answers[key] = _checked(question.option, question.check, value)
            except BadInput as problem:
                wrong.append(str(problem))
    if wrong:
        raise BadInput("\n".join(wrong))
    missing = {key: question for key, question in _QUESTIONS.items() if key not in answers}
    if missing and not sys.stdin.isatty():
        options = ", ".join(question.option for question in missing.values())
        raise BadInput(f"missing: {options}", hint="without a terminal everything has to be said by options")
    for key, question in missing.items():
        answers[key] = typer.prompt(question.asked, value_proc=_asked_again(question))
    return answers


def _checked(option: str, check: Callable[[str], str], value: str) -> str:
    try:
        return check(value)
    except ValueError as problem:
        raise BadInput(str(problem), where=option) from problem


def _asked_again(question: _Question) -> Callable[[str], str]:
    """Return the check of a question in the form in which typer repeats the question."""

    def check(value: str) -> str:
        try:
            return question.check(value)
        except ValueError as problem:
            raise typer.BadParameter(str(problem)) from problem

    return check


def _shaped(kind: Any) -> Callable[[str], str]:  # noqa: ANN401 - an annotated type has no type of its own
    def check(value: str) -> str:
        try:
            return str(TypeAdapter(kind).validate_python(value))
        except ValidationError as problem:
            what, hint = SHAPES[problem.errors()[0]["ctx"]["pattern"]]
            raise ValueError(f"{value!r} is not {what}: {hint}") from problem

    return check


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def _level(value: str) -> str:
    known = get_args(RegionLevel)
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


def _timezone(value: str) -> str:
    known = available_timezones()
    if value not in known:
        raise ValueError(f"{value!r} is no IANA time zone{_maybe(did_you_mean(value, known))}")
    return value


def _maybe(hint: str | None) -> str:
    return f"; {hint}" if hint else ""


def _prefix(value: str) -> str:
    network = ip_network(value)
    if network.prefixlen > (_IPV4_LONGEST if network.version == 4 else _IPV6_VLAN - 1):  # noqa: PLR2004 - IPv4
        raise ValueError(f"{value} is too small for two VLANs")
    return str(network)


_QUESTIONS: Mapping[str, _Question] = {
    "name_en": _Question("--name-en", "Name of the authority in English", _said),
    "name_zh": _Question("--name-zh", "Name of the authority in Chinese (机构中文名称)", _said),
    "domain": _Question("--domain", "Its DNS domain, e.g. edu.example", _shaped(DnsName)),
    "region": _Question("--region", "Directory name of the first region, e.g. qinghe", _shaped(Name)),
    "region_en": _Question("--region-en", "Name of that region in English", _said),
    "region_zh": _Question("--region-zh", "Name of that region in Chinese (区域中文名称)", _said),
    "level": _Question("--level", f"Its level ({', '.join(get_args(RegionLevel))})", _level),
    "site": _Question("--site", "Id of its first site, e.g. qinghe-dc", _shaped(Name)),
    "address_prefix": _Question("--address-prefix", "Addresses of that site, e.g. 10.16.0.0/16", _prefix),
}


def _files(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the new files by name."""
    network = ip_network(answers["address_prefix"])
    usual = _IPV4_VLAN if network.version == 4 else _IPV6_VLAN  # noqa: PLR2004 - IPv4
    vlans: Iterator[IPv4Network | IPv6Network] = network.subnets(new_prefix=max(usual, network.prefixlen + 1))
    mgmt, server = islice(vlans, 2)
    values = {
        **answers,
        "site_en": f"{answers['region_en']} data centre",
        "site_zh": f"{answers['region_zh']}数据中心",
        "prefix": str(network),
        "mgmt": str(mgmt),
        "mgmt_gateway": str(mgmt[1]),
        "server": str(server),
        "server_gateway": str(server[1]),
        "address": str(mgmt[2]),
    }
    shown = {key: flow(value) for key, value in values.items()} | {"bare_domain": answers["domain"]}
    region = answers["region"]
    return {
        "authority.yml": _filled_in("authority.yml", shown),
        f"{region}/region.yml": _filled_in("region.yml", shown),
        f"{region}/hosts.yml": _filled_in("hosts.yml", shown),
    }


def _filled_in(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its blanks filled in, without the licence lines, which are not about the result."""
    text = resources.files("inventories").joinpath("starter", template).read_text(encoding="utf-8")
    return Template(text.split("\n\n", 1)[1]).substitute(values)


def _refuse_used(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(one.name != ".git" for one in directory.iterdir())):
        raise BadInput("is not an empty directory", where=str(directory), hint="name one that is not there yet")


def _written(directory: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files once they are known to make a valid inventory; return what the rules remark."""
    with tempfile.TemporaryDirectory(prefix="edufleet-init-") as trial:
        _lay_out(Path(trial), files)
        findings = validate(read(Path(trial)))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise InventoryErrors(errors)
    try:
        _lay_out(directory, files)
    except OSError as problem:
        raise CouldNotFinish(f"cannot be written: {problem.strerror}", where=str(directory)) from problem
    return tuple(f"{Path(finding.file).name}:{finding.line}: {finding.message}" for finding in findings)


def _lay_out(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
