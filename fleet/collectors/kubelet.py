# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a Kubernetes node's kubelet holds to: its configuration file, and the flags it runs with, which count over it.

Values of settings no rule asks about do not leave the target. Source: the kubelet's command line reference and
KubeletConfiguration v1beta1, Kubernetes 1.28 to 1.31; without a configuration file the flags' older defaults hold.
"""

import re
import shlex
from collections.abc import Mapping, Sequence

import yaml

from fleet.collector import Collector, UnparsableError
from fleet.quantities import Count
from fleet.readers import stat
from inventories.base import Frozen, Text

# A setting nobody asks about keeps its place, so that the others keep theirs; its value is left out.
QUESTION = r"""
command -v kubelet >/dev/null || [ -d /var/lib/kubelet ] || exit 69
config=/var/lib/kubelet/config.yaml
for comm in $(grep -lsx kubelet /proc/[0-9]*/comm); do
pid=${comm#/proc/}; pid=${pid%/comm}
[ -r "/proc/$pid/cmdline" ] || continue
echo 'ef_running'
tr '\0\n' '\n ' <"/proc/$pid/cmdline" | grep '^-'
named=$(tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n 's/^--config=//p')
config=${named:-$config}
break
done
for file in /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet /etc/sysconfig/kubelet; do
[ -r "$file" ] && sed -n 's/^KUBELET_[A-Z_]*ARGS=/variable /p' "$file"
done
[ -d /var/lib/kubelet ] && [ ! -x /var/lib/kubelet ] && exit 77
if [ -f "$config" ]; then
[ -r "$config" ] || exit 77
echo 'ef_config'
awk '/^[ \t]*(#|$|---)/ { next }
/^[ \t]*-[ \t]*(TLS_[A-Z0-9_]+)[ \t]*$/ { print; next }
/^[ \t]*-/ { next }
/^[ \t]*(authentication|anonymous|enabled|webhook|x509|clientCAFile|authorization|mode|readOnlyPort):/ { print; next }
/^[ \t]*(streamingConnectionIdleTimeout|protectKernelDefaults|rotateCertificates|serverTLSBootstrap):/ { print; next }
/^[ \t]*(tlsCertFile|tlsCipherSuites):/ { print; next }
/^[ \t]*(tlsMinVersion|seccompDefault|podPidsLimit|apiVersion|kind):/ { print; next }
/^[ \t]*[A-Za-z0-9_."\/-]+:[ \t]*$/ { print; next }
{ if (sub(/:[ \t].*/, ": hidden")) print; else print "unknown" }' "$config"
fi
echo ef_files
stat -L -c '%a %U %G %F:%n' "$config" /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf \
/etc/kubernetes/pki/ca.crt /etc/kubernetes/manifests /var/lib/kubelet/pki/*.key /var/lib/kubelet/pki/*.pem \
/usr/lib/systemd/system/kubelet.service /lib/systemd/system/kubelet.service /etc/systemd/system/kubelet.service \
/etc/systemd/system/kubelet.service.d/*.conf /usr/lib/systemd/system/kubelet.service.d/*.conf 2>&1
echo end
"""

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(h|ms|m|s)", re.ASCII)
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class Kubelet(Frozen):
    """The node agent's settings."""

    anonymous: bool
    """Whether requests without a log-in are taken."""
    authorization: str
    """``Webhook`` or ``AlwaysAllow``."""
    client_ca: str
    """File of the authority that vouches for clients; empty: none."""
    read_only_port: Count
    """0: closed."""
    idle_stream_seconds: Count
    """Seconds until an idle shell or tunnel into a container ends; 0: never."""
    protects_kernel_defaults: bool
    """Whether it refuses to run on kernel parameters other than its own, instead of changing them."""
    rotates_certificate: bool
    serving_certificate: bool
    """Whether its own port has a certificate of an authority, not one it signed itself."""
    tls_min_version: str
    """``VersionTLS12`` is built in."""
    weak_ciphers: tuple[str, ...]
    seccomp_default: bool
    """Whether containers that name no profile get the engine's."""
    pids_limit: int
    """Most processes of one pod; -1 or 0: no bound of its own."""
    files: tuple[stat.File, ...]


def parse(text: str) -> Kubelet:
    """Read the flags, the reduced configuration, and stat's lines."""
    body, marker, tail = text.partition("ef_files\n")
    lines = tail.splitlines()
    if not marker or not lines or lines[-1] != "end":
        raise UnparsableError("the answer is not complete")
    head, has_config, written = body.partition("ef_config\n")
    own = _document(written) if has_config else {}
    flags = _flags(head.splitlines())
    if not has_config and not flags:
        raise UnparsableError("neither a configuration nor flags are known")
    # A configuration file brings stricter defaults than flags alone.
    strict = bool(has_config)
    files = stat.read(lines[:-1])
    ciphers = flags.get("tls-cipher-suites", ",".join(_list(own, "tlsCipherSuites"))).split(",")
    return Kubelet(
        anonymous=_switch(
            flags.get("anonymous-auth", _at(own, "authentication", "anonymous", "enabled", default=not strict))
        ),
        authorization=str(
            flags.get(
                "authorization-mode", _at(own, "authorization", "mode", default="Webhook" if strict else "AlwaysAllow")
            )
        ),
        client_ca=str(flags.get("client-ca-file", _at(own, "authentication", "x509", "clientCAFile", default=""))),
        read_only_port=_number(flags.get("read-only-port", _at(own, "readOnlyPort", default=0 if strict else 10255))),
        # In the file zero stands for what is built in, as a flag for never.
        idle_stream_seconds=_duration(flags["streaming-connection-idle-timeout"])
        if "streaming-connection-idle-timeout" in flags
        else _duration(str(_at(own, "streamingConnectionIdleTimeout", default="0"))) or 14_400,
        protects_kernel_defaults=_switch(
            flags.get("protect-kernel-defaults", _at(own, "protectKernelDefaults", default=False))
        ),
        rotates_certificate=_switch(flags.get("rotate-certificates", _at(own, "rotateCertificates", default=False))),
        serving_certificate=bool(flags.get("tls-cert-file", _at(own, "tlsCertFile", default="")))
        or _switch(flags.get("rotate-server-certificates", _at(own, "serverTLSBootstrap", default=False))),
        tls_min_version=str(flags.get("tls-min-version", _at(own, "tlsMinVersion", default=""))) or "VersionTLS12",
        weak_ciphers=tuple(name for name in ciphers if re.search(r"_(RC4|3DES|NULL|CBC)_|^TLS_RSA_", name)),
        seccomp_default=_switch(flags.get("seccomp-default", _at(own, "seccompDefault", default=False))),
        pids_limit=_number(flags.get("pod-max-pids", _at(own, "podPidsLimit", default=-1))),
        files=files,
    )


def _document(text: str) -> Mapping[str, object]:
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UnparsableError("the configuration is no YAML") from None
    if not isinstance(found, dict) or found.get("kind") != "KubeletConfiguration":
        raise UnparsableError("the configuration is none of a kubelet")
    return found


def _flags(lines: Sequence[str]) -> dict[str, str]:
    """Return the flags of the running kubelet, or of the variables it would be started with."""
    words = [line for line in lines if line.startswith("-")]
    if "ef_running" not in lines:
        for line in lines:
            if line.startswith("variable "):
                try:
                    words += shlex.split(line.removeprefix("variable ").strip().strip("\"'"))
                except ValueError:
                    raise UnparsableError("an open quote in the flags") from None
    pairs = (word.lstrip("-").partition("=") for word in words if word.startswith("-"))
    return {name: value if equals else "true" for name, equals, value in pairs}


def _at(own: Mapping[str, object], *path: str, default: object) -> object:
    value: object = own
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return default if value is None else value


def _list(own: Mapping[str, object], name: str) -> list[str]:
    value = own.get(name)
    return [str(item) for item in value] if isinstance(value, list) else []


def _switch(value: object) -> bool:
    if str(value).lower() not in {"true", "false"}:
        raise UnparsableError(f"{str(value)[:40]!r} is neither true nor false")
    return str(value).lower() == "true"


def _number(value: object) -> int:
    if not re.fullmatch(r"-?\d{1,9}", str(value), re.ASCII):
        raise UnparsableError(f"{str(value)[:40]!r} is not a number")
    return int(str(value))


def _duration(text: str) -> int:
    """Read a duration of Go, e.g. ``4h0m0s``, in seconds."""
    parts = _DURATION.findall(text)
    if text != "0" and (not parts or "".join(number + unit for number, unit in parts) != text):
        raise UnparsableError(f"{text[:40]!r} is no duration")
    return int(sum(float(number) * _SECONDS[unit] for number, unit in parts))


COLLECTOR = Collector(
    id="kubelet",
    title=Text(en="Kubernetes node agent", zh="Kubernetes 节点代理"),
    question=QUESTION,
    parse=parse,
    facts=Kubelet,
    root=True,
)
