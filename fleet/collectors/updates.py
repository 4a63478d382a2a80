# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Where a host gets its software from, whether it checks what it gets, and what it has not installed yet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from inventories.base import Frozen, Text

# Ubuntu counts pending security updates itself; elsewhere the security archive's own lists are held against what is
# installed. Names and passwords in addresses stay on the target.
QUESTION = r"""
echo "now $(date +%s)"
awk -F= '/^(ID|VERSION_ID|SUPPORT_END)=/ { gsub(/"/, "", $2); print "os", $1, $2 }' /etc/os-release
if [ -f /var/lib/dpkg/status ]; then
echo apt
[ -s /etc/apt/trusted.gpg ] && echo keyring
apt-config dump APT::Get::AllowUnauthenticated Acquire::AllowInsecureRepositories \
Acquire::AllowDowngradeToInsecureRepositories Acquire::AllowWeakRepositories APT::Periodic 2>/dev/null |
sed 's/^/config /'
set --
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
[ $# -gt 0 ] && awk 'FNR == 1 { print "source" }
/^[ \t]*#/ { next }
/^[ \t]*$/ { print "source"; next }
{ gsub(/\/\/[^\/@ ]*@/, "//") }
FILENAME ~ /list$/ { print "source", $0; next }
/^[^ \t]/ { field = tolower($1) }
field ~ /^(types|enabled|trusted|allow-insecure):/ && /^[^ \t]/ { print "source", $0; next }
field ~ /^(uris|suites):/ { print "source", $0 }' "$@"
set -- /var/lib/apt/lists/*[-_]security_*_Packages
[ -r /var/lib/update-notifier/updates-available ] && set -- &&
awk '/security/ && /updates? / { print "waiting", $1 }' /var/lib/update-notifier/updates-available && echo counted
[ $# -gt 0 ] && [ ! -f "$1" ] && set -- && echo unlisted
awk 'FILENAME == "/var/lib/dpkg/status" {
if ($1 == "Package:") name = $2
else if ($1 == "Status:") { want = $2; error = $3; state = $4 }
else if ($1 == "Version:" && state != "not-installed" && state != "config-files") {
version[name] = $2
if (want == "hold") print "held", name
if (state != "installed" || error != "ok") print "broken", name }
next }
/^Package: / { name = $2 }
/^Version: / && (name in version) && version[name] != $2 {
print "other", name, version[name], $2 }' /var/lib/dpkg/status "$@"
for file in /var/lib/apt/lists /var/lib/apt/lists/partial /var/lib/apt/periodic/update-success-stamp; do
[ -e "$file" ] && stat -c 'fetched %Y' "$file"
done
elif [ -d /etc/yum.repos.d ]; then
echo yum
set --
for file in /etc/yum.conf /etc/dnf/dnf.conf /etc/dnf/automatic.conf /etc/yum.repos.d/*.repo \
/etc/dnf/plugins/versionlock.list /etc/yum/pluginconf.d/versionlock.list; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
awk '/^[ \t]*(#|$)/ { next }
{ gsub(/\/\/[^\/@ ]*@/, "//") }
FILENAME ~ /versionlock/ { print "held", $1; next }
/^\[/ { print "section", FILENAME, $0; next }
/^(enabled|([a-z]+_)?gpgcheck|baseurl|mirrorlist|metalink|exclude(pkgs)?|sslverify|apply_updates)[ \t]*=/ {
print "setting", $0 }' "$@"
for file in /var/cache/dnf/last_makecache /var/cache/dnf /var/cache/yum/*/*/*/repomd.xml; do
[ -e "$file" ] && stat -c 'fetched %Y' "$file"
done
else exit 69; fi
echo end
"""


class Repository(Frozen):
    """One place that packages come from."""

    name: str
    """The repository's own name; for apt its address and suite."""
    host: str | None
    """Name of the server; None for a local one, or when only a variable says it."""
    protocol: str
    """``http``, ``https``, ``file`` ..."""
    signed: bool
    """Whether packages (for apt: the lists that name them) must be signed."""
    metadata_signed: bool
    """Whether the lists must be signed; always so for apt where ``signed`` holds."""
    security: bool
    """Whether it is a suite of security updates."""


class Updates(Frozen):
    """Sources of software and the state of what came from them."""

    manager: str
    """``apt`` or ``yum`` (which includes dnf)."""
    repositories: tuple[Repository, ...]
    """Those that are switched on."""
    lax: tuple[str, ...]
    """Settings that let unsigned packages or lists in everywhere."""
    local_checked: bool | None
    """Whether packages given as files must be signed too; None for apt, which never checks those."""
    shared_keyring: bool
    """Whether apt's old keyring, whose every key vouches for every repository, holds keys."""
    refreshed_days: Count | None
    """Days since the lists were last fetched; None: never."""
    waiting: Count | Missing
    """Security updates that are not installed."""
    waiting_names: tuple[str, ...]
    """Some of them, with both versions."""
    held: tuple[str, ...]
    """Packages that are kept from being updated."""
    broken: tuple[str, ...]
    """Packages that are half installed or not set up."""
    by_itself: bool
    """Whether the settings say that updates are fetched and installed without anybody."""
    supported_days: int | None
    """Days until the distribution's free support of this release ends, negative: since; None: not known."""


ENDS = {
    "debian 10": "2024-06-30", "debian 11": "2026-08-31", "debian 12": "2028-06-30", "debian 13": "2030-06-30",
    "ubuntu 16.04": "2021-04-30", "ubuntu 18.04": "2023-05-31", "ubuntu 20.04": "2025-05-31",
    "ubuntu 22.04": "2027-05-31", "ubuntu 24.04": "2029-05-31",
    "centos 6": "2020-11-30", "centos 7": "2024-06-30", "centos 8": "2021-12-31", "centos 9": "2027-05-31",
    "rhel 7": "2024-06-30", "rhel 8": "2029-05-31", "rhel 9": "2032-05-31",
    "rocky 8": "2029-05-31", "rocky 9": "2032-05-31",
    "almalinux 8": "2029-03-01", "almalinux 9": "2032-05-31",
}  # fmt: skip
"""Last day of free updates by ID and VERSION_ID (or its first part), as the distributions publish it; for Debian the
end of LTS. What is not here is not judged, unless /etc/os-release itself says it (SUPPORT_END)."""


def parse(text: str) -> Updates:
    """Read the tagged lines of the question."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    tagged: dict[str, list[str]] = {tag: [] for tag in _TAGS}
    for line in lines[:-1]:
        tag, _, rest = line.partition(" ")
        if tag not in tagged:
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        tagged[tag].append(rest)
    if tagged["denied"]:
        raise UnparsableError(f"{tagged['denied'][0][:80]} cannot be read")
    if len(tagged["now"]) != 1 or bool(tagged["apt"]) == bool(tagged["yum"]):
        raise UnparsableError("neither apt nor yum, or no time")
    now = _number(tagged["now"][0])
    settings = list(_settings(lines)) if tagged["yum"] else []
    fetched = [_number(stamp) for stamp in tagged["fetched"]]
    named = _waiting(tagged["other"])
    main = {key: value for section, key, value in settings if section == "main"}
    return Updates(
        manager="apt" if tagged["apt"] else "yum",
        repositories=tuple(_apt(tagged["source"])) if tagged["apt"] else tuple(_yum(settings)),
        lax=_lax(tagged["config"]) if tagged["apt"] else _lax_yum(settings),
        local_checked=None if tagged["apt"] else _true(main.get("localpkg_gpgcheck", "0")),
        shared_keyring=bool(tagged["keyring"]),
        refreshed_days=max(0, now - max(fetched)) // 86_400 if fetched else None,
        waiting=_count(tagged, named),
        waiting_names=named[:_SHOWN],
        held=(*tagged["held"], *(f"exclude={value}" for _, key, value in settings if key.startswith("exclude"))),
        broken=tuple(tagged["broken"]),
        by_itself=_periodic(tagged["config"])
        if tagged["apt"]
        else any(_true(value) for section, key, value in settings if (section, key) == ("commands", "apply_updates")),
        supported_days=_supported(tagged["os"], now),
    )


_SHOWN = 20
_TAGS = (
    "now", "os", "apt", "yum", "keyring", "config", "denied", "source", "waiting", "counted", "unlisted", "held",
    "broken", "other", "fetched", "section", "setting",
)  # fmt: skip


def _count(tagged: Mapping[str, Sequence[str]], named: Sequence[str]) -> int | Missing:
    if tagged["counted"]:
        return sum(_number(count) for count in tagged["waiting"])
    if tagged["yum"]:
        return Missing("absent", "dnf does not keep the number of pending security updates")
    if tagged["unlisted"]:
        return Missing("absent", "there are no lists of a security archive")
    return len(named)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


def _true(text: str) -> bool:
    return text.lower() in {"1", "yes", "true", "on"}


def _supported(said: Sequence[str], now: int) -> int | None:
    system = dict([*line.split(" ", 1), ""][:2] for line in said)
    version = system.get("VERSION_ID", "")
    names = (f"{system.get('ID')} {version}", f"{system.get('ID')} {version.partition('.')[0]}")
    end = system.get("SUPPORT_END") or next((ENDS[name] for name in names if name in ENDS), None)
    if end is None:
        return None
    try:
        return (datetime.fromisoformat(end).date() - datetime.fromtimestamp(now, UTC).date()).days
    except (ValueError, OverflowError, OSError):
        raise UnparsableError(f"{end[:40]!r} is not a date") from None


_CONFIG = re.compile(r'([\w:-]+) "([^"]*)";')


def _lax(config: Sequence[str]) -> tuple[str, ...]:
    found = [match for line in config if (match := _CONFIG.fullmatch(line))]
    return tuple(match[1] for match in found if "::Allow" in match[1] and _true(match[2]))


def _periodic(config: Sequence[str]) -> bool:
    values = {match[1]: match[2] for line in config if (match := _CONFIG.fullmatch(line))}
    wanted = ("APT::Periodic::Update-Package-Lists", "APT::Periodic::Unattended-Upgrade")
    enabled = values.get("APT::Periodic::Enable", "1") != "0"
    return enabled and all(values.get(name, "0") not in {"0", ""} for name in wanted)


def _apt(lines: Sequence[str]) -> Iterator[Repository]:
    """Read one-line sources, and stanzas of ``Field: value`` between empty lines."""
    stanza: dict[str, str] = {}
    field = ""
    for line in (*lines, ""):
        words = line.split()
        if words and words[0] in {"deb", "deb-src"}:
            found = re.fullmatch(r"deb(?:-src)?\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+).*", line.strip())
            if found and words[0] == "deb":
                options = dict(option.partition("=")[::2] for option in (found[1] or "").split())
                yield _archive(found[2], found[3], options.get("trusted", ""), options.get("allow-insecure", ""))
        elif not words:
            if _true(stanza.get("enabled", "yes")) and "deb" in stanza.get("types", "").split():
                for uri in stanza.get("uris", "").split():
                    for suite in stanza.get("suites", "").split():
                        yield _archive(uri, suite, stanza.get("trusted", ""), stanza.get("allow-insecure", ""))
            stanza = {}
        elif not line[0].isspace():
            field, _, value = line.partition(":")
            field = field.lower()
            stanza[field] = value.strip()
        else:
            stanza[field] = f"{stanza.get(field, '')} {line.strip()}"


def _archive(uri: str, suite: str, trusted: str, insecure: str) -> Repository:
    protocol, host = _address(uri)
    signed = not _true(trusted) and not _true(insecure)
    return Repository(
        name=f"{uri} {suite}",
        host=host,
        protocol=protocol,
        signed=signed,
        metadata_signed=signed,
        security="security" in suite or "debian-security" in uri,
    )


def _address(uri: str) -> tuple[str, str | None]:
    scheme, _, rest = uri.partition(":")
    host = rest.removeprefix("//").partition("/")[0].partition(":")[0]
    return scheme.rpartition("+")[2].lower(), host.lower() if host and "$" not in host else None


def _settings(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    section = ""
    for line in lines:
        tag, _, rest = line.partition(" ")
        if tag == "section":
            section = rest.partition(" ")[2].strip().strip("[]")
        elif tag == "setting":
            key, _, value = rest.partition("=")
            yield section, key.strip(), value.strip()


def _lax_yum(settings: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    main = {key: value for section, key, value in settings if section == "main"}
    lax = [] if _true(main.get("gpgcheck", "0")) else ["gpgcheck"]
    return tuple(lax + ["sslverify"] * (not _true(main.get("sslverify", "1"))))


def _yum(settings: Sequence[tuple[str, str, str]]) -> Iterator[Repository]:
    sections: dict[str, dict[str, str]] = {}
    for section, key, value in settings:
        sections.setdefault(section, {})[key] = value
    main = sections.pop("main", {})
    for name, own in sections.items():
        uri = next((own[key] for key in ("metalink", "mirrorlist", "baseurl") if key in own), None)
        if uri is None or not _true(own.get("enabled", "1")):
            continue
        protocol, host = _address(uri.split()[0] if uri.split() else "")
        yield Repository(
            name=name,
            host=host,
            protocol=protocol,
            signed=_true(own.get("gpgcheck", main.get("gpgcheck", "0"))),
            metadata_signed=_true(own.get("repo_gpgcheck", main.get("repo_gpgcheck", "0"))),
            security="update" in name.lower() or "security" in name.lower(),
        )


def _waiting(other: Sequence[str]) -> tuple[str, ...]:
    waiting: dict[str, str] = {}
    for line in other:
        words = line.split()
        if len(words) != 3:  # noqa: PLR2004 - name, installed, offered
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        if newer(words[2], words[1]):
            waiting[words[0]] = f"{words[0]} {words[1]} < {words[2]}"
    return tuple(waiting.values())


def newer(one: str, other: str) -> bool:
    """Whether ``one`` is the later version of a Debian package (deb-version(7)).

    >>> newer("1:1.0-1", "2.0-1"), newer("1.0-1", "1.0~rc1-1"), newer("1.0-1+deb12u9", "1.0-1+deb12u10")
    (True, True, False)
    """
    return _key(one) > _key(other)


def _key(version: str) -> tuple[int, list[tuple[list[int], int]], list[tuple[list[int], int]]]:
    epoch, _, rest = version.rpartition(":")
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch) if re.fullmatch(r"[0-9]{1,9}", epoch) else 0, _parts(upstream), _parts(revision)


def _parts(text: str) -> list[tuple[list[int], int]]:
    """Return alternating words and numbers as what compares: ``~`` before the end, the end before all else."""
    numbers = re.findall(r"[0-9]+", text)
    words = ["", *re.findall(r"[^0-9]+", text)] if text[:1].isdigit() else re.findall(r"[^0-9]+", text)
    pairs = zip_longest(words, numbers, fillvalue="")
    return [([_order(letter) for letter in word] + [0], int(number[:18] or 0)) for word, number in pairs] + [([0], 0)]


def _order(letter: str) -> int:
    return -1 if letter == "~" else ord(letter) if letter.isalpha() else ord(letter) + 0x110000


COLLECTOR = Collector(
    id="updates",
    title=Text(en="Sources of software and pending updates", zh="软件来源与待装更新"),
    question=QUESTION,
    parse=parse,
    facts=Updates,
    size=262_144,
)
