# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What logging in and choosing a password really demand: PAM stacks resolved, shells' profiles, core dump limits."""

import re
from collections.abc import Iterable, Mapping, Sequence

from fleet.collector import Collector, UnparsableError
from fleet.facts import Missing
from fleet.quantities import Count
from fleet.readers.pam import Step, stack
from inventories.base import Frozen, Text

QUESTION = r"""
[ -d /etc/pam.d ] || exit 69
set --
for file in /etc/pam.d/* /etc/login.defs /etc/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf \
/etc/security/faillock.conf /etc/security/pwhistory.conf /etc/security/access.conf \
/etc/security/access.d/*.conf /etc/security/limits.conf /etc/security/limits.d/*.conf \
/etc/systemd/coredump.conf /etc/systemd/coredump.conf.d/*.conf \
/etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc; do
if [ -f "$file" ]; then
if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied $file"; fi
fi
done
awk '/^[ \t]*(#|$)/ { next }
FILENAME ~ /profile|bashrc/ && !/umask|TMOUT/ { next }
FILENAME ~ /login.defs/ && !/UMASK|FAIL_DELAY/ { next }
FILENAME ~ /limits/ && !/core|maxlogins/ { next }
{ print FILENAME ":" $0 }
END { print "end" }' "$@"
"""

WAYS_IN = ("sshd", "login", "remote", "su", "su-l", "sudo", "sudo-i", "cron", "crond", "vsftpd", "cockpit", "other")
"""Services whose stacks are told of."""

# Modules that return success without having identified anybody, or return nothing that counts.
_PASSIVE = frozenset(
    f"pam_{name}"
    for name in """access cap debug echo ecryptfs env exec faildelay faillock gnome_keyring group issue keyinit kwallet5
    lastlog limits listfile localuser loginuid mail motd mount nologin permit securetty selinux shells succeed_if tally2
    time umask usertype warn wheel""".split()  # noqa: SIM905 - a table
)
_ENDS = re.compile(r"\bsuccess=done\b")
_REFUSES = re.compile(r"\bdefault=(die|bad)\b")
_ASSIGNMENT = re.compile(r"\bTMOUT=[\"']?(\d{1,6})\b", re.ASCII)
_READ_ONLY = re.compile(r"\b(readonly|(declare|typeset) -\w*r)")
_UMASK = re.compile(r"\bumask\s+(0?[0-7]{3})\b", re.ASCII)


class Lockout(Frozen):
    """How one way in answers failed logins."""

    service: str
    """``sshd``, ``login`` or ``su``."""
    module: str | None
    """``pam_faillock`` or ``pam_tally2``; None: failed logins lock nothing."""
    deny: Count
    """Failures that lock; 0 without a module."""
    unlock_seconds: Count
    """0: locked until an administrator acts."""
    root: bool
    """Whether root is locked too."""
    empty_passwords: bool
    """Whether pam_unix lets an empty password in (nullok)."""
    directory: str = ""
    """Where pam_faillock counts; empty without it."""
    window_seconds: Count = 0
    """Within how long failures add up; 0 without pam_faillock."""
    logs_strangers: bool = False
    """Whether failures under names that do not exist are logged with the name."""


class Service(Frozen):
    """One way in, as PAM goes about it."""

    service: str
    auth: tuple[str, ...]
    """Modules that authenticate, in order."""
    account: tuple[str, ...]
    session: tuple[str, ...]
    sufficient: tuple[str, ...]
    """Modules whose success alone lets in."""
    falls_open: bool
    """Whether no step of authentication refuses who failed the others."""
    delay_seconds: Count
    """How long a failed try takes at least."""
    user_environment: bool
    """Whether variables from a file of the user's are taken over."""


class PasswordPolicy(Frozen):
    """What a new password must be."""

    module: str | None
    """What checks it: ``pam_pwquality``, ``pam_cracklib``, ``pam_passwdqc``; None: nothing does."""
    enforced: bool
    """False where the check only warns."""
    min_length: int
    """Characters, after what credits take off it; 0 when nothing is asked."""
    min_classes: int
    """Of digits, upper case, lower case and others, how many must be there."""
    dictionary: bool
    """Whether words of a dictionary are refused."""
    for_root: bool
    """Whether root is held to it too."""
    remembered: Count
    """Old passwords that may not come back."""
    hash: str | None
    """Scheme pam_unix is told to hash with."""
    rounds: Count | None = None
    """Rounds pam_unix is told to hash with; None: the scheme's default."""
    different: int | None = None
    """Characters that must differ from the old password; this and the next six are None unless pam_pwquality or
    pam_cracklib checks."""
    most_repeated: int | None = None
    """How often a character may follow itself; 0: any number."""
    longest_sequence: int | None = None
    """How long runs such as 1234 may be; 0: any length."""
    most_of_class: int | None = None
    """How many characters of one kind may stand together; 0: any number."""
    refuses_user_name: bool | None = None
    refuses_full_name: bool | None = None
    """Whether words of the user's GECOS entry are refused."""
    tries: int | None = None
    """How often passwd(1) asks again."""
    history_for_root: bool = False
    """Whether root may not take an old password either."""
    checked_is_set: bool | None = None
    """Whether the modules after the check set the password that was checked (use_authtok); None: nothing checks."""


class LoginPolicy(Frozen):
    """What logging in demands."""

    lockouts: tuple[Lockout, ...]
    """One for each of sshd, login and su that exists."""
    password: PasswordPolicy
    su_restricted: bool
    """Whether su asks for membership of a group (pam_wheel)."""
    shell_timeout: Count | None
    """Seconds after which an idle shell ends (TMOUT of the last profile that sets it); None: never."""
    shell_timeout_fixed: bool
    """Whether users cannot change it."""
    umasks: tuple[str, ...]
    """Every umask a login shell may end up with, in octal."""
    core_limit_zero: bool
    """Whether limits.conf forbids core dumps to all (``* hard core 0``)."""
    coredump_storage: str | None
    """systemd-coredump's Storage: ``none``, ``external`` or ``journal``; None: not set, which means external."""
    services: tuple[Service, ...] = ()
    """Those of :data:`WAYS_IN` that exist."""
    most_logins: Count | None = None
    """Sessions limits.conf grants everybody at a time (``* hard maxlogins``); None: any number."""
    access_closed: bool | Missing | None = None
    """Whether access.conf ends by refusing whom it did not name; None: pam_access is not asked by sshd or login."""


def parse(text: str) -> LoginPolicy:
    """Read ``path:line`` pairs."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    files: dict[str, list[str]] = {}
    for line in lines[:-1]:
        path, colon, content = line.partition(":")
        if path.startswith("denied "):
            raise UnparsableError(f"{path.removeprefix('denied ')} cannot be read")
        if not colon or not path.startswith("/"):
            raise UnparsableError(f"cannot make sense of {line[:80]!r}")
        before = files.setdefault(path, [])
        if before and before[-1].endswith("\\"):
            before[-1] = f"{before[-1][:-1]} {content.strip()}"
        else:
            before.append(content.strip())
    services = {path.removeprefix("/etc/pam.d/"): content for path, content in files.items() if "/pam.d/" in path}
    if not services:
        raise UnparsableError("pam.d is empty")
    faillock = _options(files.get("/etc/security/faillock.conf", ()))
    scripts = [line for path, content in files.items() if "profile" in path or "bashrc" in path for line in content]
    timeouts = [int(found[1]) for line in scripts for found in _ASSIGNMENT.finditer(line)]
    return LoginPolicy(
        lockouts=tuple(_lockout(services, name, faillock) for name in ("sshd", "login", "su") if name in services),
        password=_password(services, files),
        su_restricted=any(
            step.module == "pam_wheel" and step.control in {"required", "requisite"} and "trust" not in step.arguments
            for step in stack(services, "su", "auth")
        ),
        shell_timeout=(timeouts[-1] or None) if timeouts else None,
        shell_timeout_fixed=any("TMOUT" in line and _READ_ONLY.search(line) for line in scripts),
        umasks=_umasks(scripts, services, files.get("/etc/login.defs", ())),
        core_limit_zero=any(
            line.split()[:4] in (["*", "hard", "core", "0"], ["*", "-", "core", "0"])
            for path, content in files.items() if "/limits" in path for line in content
        ),
        coredump_storage=_options(
            [line for path, content in files.items() if "/coredump" in path for line in content]
        ).get("Storage"),
        services=tuple(
            _service(services, name, files.get("/etc/login.defs", ())) for name in WAYS_IN if name in services
        ),
        most_logins=_most_logins(line for path, content in files.items() if "/limits" in path for line in content),
        access_closed=_access_closed(services, files),
    )  # fmt: skip


def _options(lines: Sequence[str]) -> dict[str, str]:
    """Return ``key = value`` lines, and ``key`` alone with an empty value; the last of each counts."""
    pairs = (line.split("#")[0].partition("=") for line in lines)
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip()}


def _lockout(services: Mapping[str, Sequence[str]], service: str, conf: Mapping[str, str]) -> Lockout:
    steps = stack(services, service, "auth")
    empty = any(step.module == "pam_unix" and "nullok" in step.arguments for step in steps)
    locks = [step for step in steps if step.module in {"pam_faillock", "pam_tally2", "pam_tally"}]
    # pam_faillock counts in its authfail step and refuses in its preauth step (or in authfail itself).
    counting = [step for step in locks if step.module != "pam_faillock" or "authfail" in step.arguments]
    if not counting:
        return Lockout(service=service, module=None, deny=0, unlock_seconds=0, root=False, empty_passwords=empty)
    step = counting[-1]
    own = conf if step.module == "pam_faillock" else {}
    defaults = (
        {"deny": "3", "unlock_time": "600"} if step.module == "pam_faillock" else {"deny": "0", "unlock_time": "0"}
    )
    faillock = step.module == "pam_faillock"
    if faillock:
        defaults |= {"dir": "/var/run/faillock", "fail_interval": "900"}
    chosen = {name: step.value(name) or own.get(name) or default for name, default in defaults.items()}
    return Lockout(
        service=service,
        module=step.module,
        deny=_number(chosen["deny"]),
        unlock_seconds=0 if chosen["unlock_time"] == "never" else _number(chosen["unlock_time"]),
        root="even_deny_root" in step.arguments or "even_deny_root" in own,
        empty_passwords=empty,
        directory=chosen.get("dir", ""),
        window_seconds=_number(chosen.get("fail_interval", "0")),
        logs_strangers=faillock and any("audit" in one.arguments or "audit" in own for one in locks),
    )


def _service(services: Mapping[str, Sequence[str]], name: str, defs: Sequence[str]) -> Service:
    auth, account, session = (stack(services, name, kind) for kind in ("auth", "account", "session"))
    everything = (*auth, *account, *session)
    ends = [step for step in auth if step.control == "sufficient" or _ENDS.search(step.control)]
    return Service(
        service=name,
        auth=_modules(auth),
        account=_modules(account),
        session=_modules(session),
        # pam_wheel says nothing of members unless it is told to trust them.
        sufficient=_modules(step for step in ends if step.module != "pam_wheel" or "trust" in step.arguments),
        falls_open=bool(auth) and not any(_closes(step) for step in auth),
        delay_seconds=max((_delay(step, defs) for step in auth), default=0),
        user_environment=any(step.module == "pam_env" and step.value("user_readenv") == "1" for step in everything),
    )


def _modules(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step.module for step in steps))


def _closes(step: Step) -> bool:
    """Whether who fails this step of authentication is refused, whatever comes after."""
    binding = step.control in {"required", "requisite"} or _REFUSES.search(step.control) is not None
    identifies = step.module not in _PASSIVE or (step.module == "pam_faillock" and "authfail" in step.arguments)
    return binding and identifies


def _delay(step: Step, defs: Sequence[str]) -> int:
    """Return the seconds a step holds up who fails; see pam_unix(8) and pam_faildelay(8)."""
    if step.module == "pam_unix":
        return 0 if "nodelay" in step.arguments else 2
    if step.module != "pam_faildelay":
        return 0
    own = step.value("delay")
    if own is not None:
        return _count(own) // 1_000_000
    return next((_count(line.split()[1]) for line in defs if line.split()[0] == "FAIL_DELAY" and line.split()[1:]), 0)


def _most_logins(lines: Iterable[str]) -> int | None:
    words = [line.split("#")[0].split() for line in lines]
    chosen = [_count(one[3]) for one in words if one[:1] + one[2:3] == ["*", "maxlogins"] and one[1] in {"hard", "-"}
              and one[3:] and one[3].isdecimal()]  # fmt: skip
    return chosen[-1] if chosen else None


def _access_closed(services: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[str]]) -> bool | Missing | None:
    steps = [step for name in ("sshd", "login") for kind in ("auth", "account") for step in stack(services, name, kind)]
    asked = [step for step in steps if step.module == "pam_access"]
    if not asked:
        return None
    elsewhere = next((step.value("accessfile") for step in asked if step.value("accessfile")), None)
    if elsewhere not in {None, "/etc/security/access.conf"}:
        return Missing("failed", f"pam_access goes by {elsewhere}, which is not read")
    # pam_access reads access.conf and then the drop-ins, by name; the first line that fits decides.
    lines = [*files.get("/etc/security/access.conf", ())]
    lines += [line for path, content in sorted(files.items()) if "/access.d/" in path for line in content]
    return any(re.fullmatch(r"-\s*:\s*ALL\s*:\s*ALL", line.split("#")[0].strip()) for line in lines)


def _password(services: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[str]]) -> PasswordPolicy:
    steps = stack(services, "passwd" if "passwd" in services else "other", "password")
    checks = [step for step in steps if step.module in {"pam_pwquality", "pam_cracklib", "pam_passwdqc"}]
    unix = [step for step in steps if step.module == "pam_unix"]
    history = [step for step in steps if step.module == "pam_pwhistory"]
    remembered = [_number(step.value("remember") or "0") for step in unix]
    conf = _options(files.get("/etc/security/pwhistory.conf", ()))
    remembered += [_number(step.value("remember") or conf.get("remember") or "10") for step in history]
    quality = _quality(checks[0], files) if checks else {}
    credit = [_number(quality.get(f"{kind}credit", "0")) for kind in "dulo"]
    schemes = [argument for step in unix for argument in step.arguments if argument in _SCHEMES]
    rounds = [step.value("rounds") for step in unix]
    known = quality if checks and checks[0].module in {"pam_pwquality", "pam_cracklib"} else None
    return PasswordPolicy(
        module=checks[0].module if checks else None,
        enforced=bool(checks) and quality.get("enforcing", "1") != "0" and checks[0].control != "optional",
        min_length=max(0, _number(quality.get("minlen", "0")) - sum(max(0, one) for one in credit)),
        min_classes=max(_number(quality.get("minclass", "0")), sum(one < 0 for one in credit)),
        dictionary=quality.get("dictcheck", "0") != "0",
        for_root="enforce_for_root" in quality,
        remembered=max([0, *remembered]),
        hash=schemes[-1] if schemes else None,
        rounds=next((_count(one) for one in rounds if one), None),
        different=_asked(known, "difok"),
        most_repeated=_asked(known, "maxrepeat"),
        longest_sequence=_asked(known, "maxsequence"),
        most_of_class=_asked(known, "maxclassrepeat"),
        refuses_user_name=None if known is None else known["usercheck"] != "0",
        refuses_full_name=None if known is None else known["gecoscheck"] != "0",
        tries=_asked(known, "retry"),
        history_for_root=any("enforce_for_root" in step.arguments for step in history)
        or (bool(history) and "enforce_for_root" in conf),
        checked_is_set=_checked_is_set(steps, checks[0]) if checks else None,
    )


def _asked(quality: Mapping[str, str] | None, name: str) -> int | None:
    return None if quality is None else _number(quality[name])


def _checked_is_set(steps: Sequence[Step], check: Step) -> bool:
    """Whether what comes after the check takes the password that was checked, and does not ask for one of its own."""
    after = steps[steps.index(check) + 1 :]
    return all("use_authtok" in step.arguments for step in after if step.module in {"pam_unix", "pam_pwhistory"})


_SCHEMES = frozenset({"yescrypt", "gost_yescrypt", "sha512", "sha256", "blowfish", "md5", "bigcrypt", "sm3"})
_COMMON = {"dictcheck": "1", "maxrepeat": "0", "maxsequence": "0", "maxclassrepeat": "0", "retry": "1"}
_PWQUALITY = _COMMON | {"minlen": "8", "difok": "1", "usercheck": "1", "gecoscheck": "0"}
_CRACKLIB = _COMMON | {
    "minlen": "9", "difok": "5", "usercheck": "0", "gecoscheck": "0",
    "dcredit": "1", "ucredit": "1", "lcredit": "1", "ocredit": "1",
}  # fmt: skip
"""What is built in, see pwquality.conf(5) and pam_cracklib(8)."""


def _quality(step: Step, files: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the options in force: module arguments over pwquality.conf over its drop-ins over what is built in."""
    arguments = _options(step.arguments)
    if step.module == "pam_cracklib":
        flags = {"usercheck": "reject_username", "gecoscheck": "gecoscheck"}
        given = {option: "1" for option, flag in flags.items() if flag in arguments}
        return _CRACKLIB | arguments | given
    if step.module == "pam_passwdqc":
        return {"dictcheck": "1"} | arguments
    conf = [line for path, content in sorted(files.items()) if "/pwquality.conf.d/" in path for line in content]
    return _PWQUALITY | _options([*conf, *files.get("/etc/security/pwquality.conf", ())]) | arguments


def _umasks(scripts: Sequence[str], services: Mapping[str, Sequence[str]], defs: Sequence[str]) -> tuple[str, ...]:
    in_scripts = tuple(dict.fromkeys(found[1] for line in scripts for found in _UMASK.finditer(line)))
    if in_scripts:
        return in_scripts
    steps = [step for step in stack(services, "login", "session") if step.module == "pam_umask"]
    by_pam = [step.value("umask") for step in steps]
    by_defs = [line.split()[1] for line in defs if line.split()[0] == "UMASK" and len(line.split()) > 1]
    chosen = [*(by_defs if steps else ()), *(value for value in by_pam if value)]
    return (chosen[-1],) if chosen else ("022",)


def _count(text: str) -> int:
    return max(0, _number(text))


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise UnparsableError(f"{text[:40]!r} is not a number")
    return int(text)


COLLECTOR = Collector(
    id="login_policy",
    title=Text(en="Login and password policy", zh="登录与口令策略"),
    question=QUESTION,
    parse=parse,
    facts=LoginPolicy,
)
