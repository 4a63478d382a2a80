# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Whether a host waits for a reboot: its distribution says so, or a newer kernel is installed than the one running."""

import re

from fleet.collector import Collector, UnparsableError
from inventories.base import Frozen, Text

# A host without a kernel of its own (a container) is not rebooted from inside.
QUESTION = """\
set -- /boot/vmlinuz-*
[ -e "$1" ] || set --
[ $# -gt 0 ] || [ -e /run/reboot-required ] || exit 69
read -r running </proc/sys/kernel/osrelease || exit
echo "running $running"
for kernel in "$@"; do echo "installed ${kernel#/boot/vmlinuz-}"; done
[ -e /run/reboot-required ] && echo required
[ -r /run/reboot-required.pkgs ] && while read -r package; do echo "package $package"; done </run/reboot-required.pkgs
exit 0
"""

_FLAVOUR = re.compile(r"[-+.]([a-z][a-z0-9_+-]*)$")
"""What a kernel is built for: ``amd64``, ``generic``, ``x86_64``. Another flavour's kernels do not replace this one."""


class Reboot(Frozen):
    """What speaks for a reboot."""

    running: str
    installed: tuple[str, ...]
    """Releases of installed kernels."""
    required: bool
    """The distribution asks for it (/run/reboot-required)."""
    packages: tuple[str, ...]
    """Packages that ask for it."""

    @property
    def newest(self) -> str | None:
        """The newest installed kernel of the running one's flavour; None when there is none."""
        same = [release for release in self.installed if _flavour(release) == _flavour(self.running)]
        return max(same, key=_version, default=None)

    @property
    def older_count(self) -> int:
        """Number of installed kernels of the running one's flavour that are older than it."""
        return sum(
            _flavour(release) == _flavour(self.running) and _version(release) < _version(self.running)
            for release in self.installed
        )

    @property
    def pending(self) -> bool:
        """Whether a reboot would change something."""
        return self.required or (self.newest is not None and _version(self.newest) > _version(self.running))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What asks for the reboot: packages, and a kernel that is not running yet."""
        newer = self.newest is not None and _version(self.newest) > _version(self.running)
        return self.packages + ((f"{self.running} < {self.newest}",) if newer else ())


def _flavour(release: str) -> str:
    found = _FLAVOUR.search(release)
    return found[1] if found else ""


def _version(release: str) -> tuple[tuple[int, str], ...]:
    """Return a key that orders kernel releases: numbers by value, and above words (``6.1.0`` above ``6.1-rc2``)."""
    return tuple((int(word) + 1, "") if word.isdecimal() else (0, word) for word in re.findall(r"\d+|[a-z]+", release))


def parse(text: str) -> Reboot:
    """Read ``running``, ``installed``, ``required`` and ``package`` lines."""
    said: dict[str, list[str]] = {"running": [], "installed": [], "required": [], "package": []}
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind not in said:
            raise UnparsableError(f"reboot: {line[:80]!r}")
        said[kind].append(rest)
    if len(said["running"]) != 1:
        raise UnparsableError("reboot: the running kernel is not named once")
    return Reboot(
        running=said["running"][0],
        installed=tuple(said["installed"]),
        required=bool(said["required"]),
        packages=tuple(dict.fromkeys(said["package"])),
    )


COLLECTOR = Collector(
    id="reboot",
    title=Text(en="Reboot pending", zh="待重启"),
    question=QUESTION,
    parse=parse,
    facts=Reboot,
    size=16_384,
)
