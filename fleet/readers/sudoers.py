# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Read sudoers(5): who may run what as whom, with user and command aliases resolved."""

import re
from collections.abc import Iterable, Mapping

from inventories.base import Frozen

_ALIAS = re.compile(r"(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\s+(.*)")
_SPEC = re.compile(r"(?P<who>.+?)\s+(?P<hosts>[^\s=]+(?:\s*,\s*[^\s=]+)*)\s*=\s*(?P<what>.*)")
_DEFAULTS = re.compile(r"Defaults([:@!>]\S*)?(.*)")
_SETTING = re.compile(r"([:@!>]\S+(?=\s))?\s*!*\s*(\w*)\s*([+-]?=)?")
_RUNAS = re.compile(r"\(([^)]*)\)\s*")
_TAG = re.compile(
    r"(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|MAIL|NOMAIL|FOLLOW|NOFOLLOW|INTERCEPT|NOINTERCEPT):\s*"
)


class Grant(Frozen):
    """One right: ``who`` may run ``command`` as ``runas``."""

    who: str
    """User, ``%group``, ``#uid``, or ``ALL``."""
    runas: str
    command: str
    """``ALL``, a path with arguments, or a negation."""
    password: bool
    """Whether sudo asks for the user's password."""
    noexec: bool = False
    """Whether the command is kept from running others (as far as it is linked dynamically)."""


class Sudoers(Frozen):
    """The rights and settings sudo goes by."""

    grants: tuple[Grant, ...]
    defaults: tuple[str, ...]
    """Settings, e.g. ``use_pty``, ``!authenticate``, ``logfile=/var/log/sudo.log``; those of some users or commands
    alone keep their ``:user`` or ``!command`` in front."""

    @property
    def in_force(self) -> tuple[str, ...]:
        """The settings without those that a later one for the same scope takes back or replaces."""
        kept: list[tuple[tuple[str, str], str]] = []
        for setting in self.defaults:
            scope, name, operator = _SETTING.match(setting).groups("")  # type: ignore[union-attr] # matches any text
            key = (scope, name)
            if operator not in {"+=", "-="}:
                kept = [one for one in kept if one[0] != key]
            kept.append((key, setting))
        return tuple(setting for _, setting in kept)


def read(lines: Iterable[str]) -> Sudoers:
    """Return what the lines of sudoers files, in the order sudo reads them, grant; comments are passed over."""
    aliases: dict[str, tuple[str, ...]] = {}
    grants: list[Grant] = []
    defaults: list[str] = []
    for line in _joined(lines):
        alias = _ALIAS.fullmatch(line)
        if alias:
            for definition in alias[2].split(":"):
                name, _, members = definition.partition("=")
                aliases[name.strip()] = tuple(_split(members))
        elif line.startswith("Defaults"):
            scope, settings = _DEFAULTS.fullmatch(line).groups()  # type: ignore[union-attr] # matches what starts so
            defaults.extend(f"{scope or ''} {setting}".strip() for setting in _split(settings))
        elif not line.startswith(("@include", "#include")):
            spec = _SPEC.fullmatch(line)
            if spec:
                grants.extend(_grants(spec["who"], spec["what"]))
    return Sudoers(
        grants=tuple(
            grant.model_copy(update={"who": who, "command": command})
            for grant in grants
            for who in _expand(grant.who, aliases, 8)
            for command in _expand(grant.command, aliases, 8)
        ),
        defaults=tuple(defaults),
    )


def _joined(lines: Iterable[str]) -> Iterable[str]:
    pending = ""
    for raw in lines:
        line = pending + raw.strip()
        if line.endswith("\\"):
            pending = line[:-1] + " "
            continue
        pending = ""
        # "#" begins a comment unless it is "#include" or a numeric id.
        line = re.sub(r"(?<!\\)#(?!include|\d).*", "", line).strip()
        if line:
            yield line


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<!\\),", text) if part.strip()]


def _grants(who: str, what: str) -> Iterable[Grant]:
    runas, password, noexec = "root", True, False
    for part in _split(what):
        command = part
        found = _RUNAS.match(command)
        if found:
            runas, command = found[1].strip() or "self", command[found.end() :]
        while tag := _TAG.match(command):
            password = {"NOPASSWD": False, "PASSWD": True}.get(tag[1], password)
            noexec = {"NOEXEC": True, "EXEC": False}.get(tag[1], noexec)
            command = command[tag.end() :]
        for one in _split(who):
            yield Grant(who=one, runas=runas, command=command.strip(), password=password, noexec=noexec)


def _expand(name: str, aliases: Mapping[str, tuple[str, ...]], depth: int) -> tuple[str, ...]:
    bare = name.lstrip("!")
    if bare not in aliases or depth == 0:
        return (name,)
    sign = name[: len(name) - len(bare)]
    return tuple(f"{sign}{one}" for member in aliases[bare] for one in _expand(member, aliases, depth - 1))
