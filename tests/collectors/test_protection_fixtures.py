# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Collectors of what protects a host from below: kernel, boot, interfaces, storage, confinement, packet filter."""

import pytest

from fleet.collectors import boot, confinement, firewall, interface_settings, kernel, storage
from fleet.facts import Missing
from fleet.readers import packet_filter
from fleet.readers.packet_filter import Chain
from tests.collectors.recorded import FIXTURES


def recorded(name: str, case: str) -> str:
    return (FIXTURES / name / f"{case}.txt").read_text("utf-8")


def modules(*lines: str) -> kernel.Kernel:
    rest = ("file kernel/modules_disabled 0", "mount /dev/sda1 / ext4 rw", "end")
    return kernel.parse("\n".join((*lines, *rest)))


def test_a_module_is_usable_unless_it_is_blocked_or_not_there() -> None:
    there = ("modules", "available fs/udf/udf", "available net/can/can")
    assert modules(*there, "modprobe install can /bin/false").usable_modules == ("udf",)
    assert modules(*there, "modprobe blacklist can").usable_modules == ("can", "udf")
    assert modules("modules", "builtin kernel/net/can/can.ko", "modprobe install can /bin/true").usable_modules == (
        "can",
    )


def test_where_modules_cannot_be_seen_all_are_taken_to_be_there() -> None:
    assert modules().usable_modules == tuple(sorted(kernel.WATCHED_MODULES))


def drifted(*lines: str) -> object:
    return modules("file kernel/sysrq 0", *(f"sysctl {line}" for line in lines)).drifted


def test_what_the_next_boot_sets_follows_the_order_of_sysctl_d() -> None:
    assert drifted("/etc/sysctl.d/10-a.conf kernel.sysrq = 0") == ()
    assert drifted("/etc/sysctl.d/10-a.conf kernel.sysrq = 0x0") == ()
    assert drifted("/etc/sysctl.d/10-a.conf kernel/sysrq=1") == ("kernel.sysrq: 0 now, 1 at boot",)
    assert (
        drifted("/usr/lib/sysctl.d/10-a.conf kernel.sysrq=1", "/etc/sysctl.d/10-a.conf kernel.dmesg_restrict=1") == ()
    )
    assert drifted("/usr/lib/sysctl.d/99-z.conf kernel.sysrq=1", "/etc/sysctl.d/10-a.conf kernel.sysrq=0") != ()
    assert drifted("/etc/sysctl.d/10-a.conf -net.ipv4.conf.*.rp_filter=2") == ()
    assert isinstance(modules("denied /etc/sysctl.d/secret.conf").drifted, Missing)


def test_a_setting_only_root_may_read_is_denied_and_not_absent() -> None:
    found = modules("denied net/core/bpf_jit_harden").sysctl["net.core.bpf_jit_harden"]
    assert isinstance(found, Missing)
    assert found.reason == "denied"


def test_no_other_kernel_parameter_leaves_the_target() -> None:
    assert "secret" not in recorded("boot", "by_hand_uefi")
    assert "root=" not in recorded("boot", "by_hand_uefi")


@pytest.mark.parametrize(
    ("lines", "protected"),
    [
        (('superusers superusers="root"', "password hashed"), True),
        (('superusers superusers=""', "password hashed"), False),
        (('superusers superusers="root"',), False),
        (("password plain",), False),
    ],
)
def test_a_boot_loader_is_protected_by_a_superuser_with_a_password(lines: tuple[str, ...], protected: bool) -> None:
    found = boot.parse("\n".join(("loader /boot/grub/grub.cfg", *lines, "end"))).loader
    assert isinstance(found, boot.Loader)
    assert found.protected is protected


@pytest.mark.parametrize(
    ("arguments", "automatic"),
    [
        ("/sbin/agetty -o -p -- \\u --noclear - $TERM", False),
        ("/sbin/agetty --autologin root --noclear - $TERM", True),
        ("/sbin/agetty -a root 115200 ttyS0", True),
        ("/bin/login -f root", True),
        ("/bin/bash", True),
    ],
)
def test_a_console_that_lets_in_by_itself_is_seen(arguments: str, automatic: bool) -> None:
    answer = recorded("boot", "debian12_nspawn")
    line = next(line for line in answer.splitlines() if "agetty" in line)
    systemd = boot.parse(answer.replace(line, f"unit Exec={arguments}", 1)).systemd
    assert systemd is not None
    assert systemd.consoles[0].automatic is automatic


def test_an_encrypted_disk_is_so_whatever_lies_between() -> None:
    answer = recorded("storage", "by_hand_luks")
    mirrored = answer.replace("end\n", "below /sys/block/dm-1/slaves/sdz\nend\n")
    assert "/" in storage.parse(answer).encrypted
    assert "/" not in storage.parse(mirrored).encrypted
    looped = answer.replace("end\n", "below /sys/block/dm-4/slaves/dm-1\nbelow /sys/block/dm-1/slaves/dm-4\nend\n")
    assert "/srv" not in storage.parse(looped).encrypted


def test_the_kernels_own_tunnels_are_nobodys() -> None:
    answer = "interface tunl0 0x80 768\ninterface tun7 0x91 768\nend\n"
    assert [one.tunnel for one in interface_settings.parse(answer).found] == [None, "ipip"]


def test_apparmor_that_only_root_may_see_is_denied() -> None:
    found = confinement.parse(recorded("confinement", "by_hand_unprivileged"))
    assert isinstance(found.apparmor, Missing)
    assert found.selinux is not None
    assert isinstance(found.selinux.permissive, Missing)


def nft(*rules: str, policy: str = "drop", more: tuple[str, ...] = ()) -> firewall.Firewall:
    chain = f"chain inet filter input input {policy}"
    return firewall.parse("\n".join(("nft", chain, *(f"rule {rule}" for rule in rules), *more, "end")))


@pytest.mark.parametrize(
    "rule",
    [
        "accept",
        "counter packets 3 bytes 180 accept",
        'accept comment "for a test"',
        "ct state new accept",
        "ct state { new, untracked } accept",
        "meta l4proto tcp accept",
        'iifname "eth1" accept',
        'iifname "ens*" ct state new counter accept',
        'log prefix "all: " accept',
    ],
)
def test_a_rule_that_accepts_everything_is_found(rule: str) -> None:
    assert nft('iif "lo" accept', rule).accepts_all


@pytest.mark.parametrize(
    "rule",
    [
        'iif "lo" accept',
        'iifname "docker0" accept',
        "ct state established,related accept",
        "ip saddr 192.0.2.0/24 accept",
        "meta l4proto { icmp, ipv6-icmp } accept",
        "tcp dport 22 accept",
        "icmp type echo-request accept",
        "limit rate 5/second accept",
        'log prefix "accept: " drop',
    ],
)
def test_a_rule_with_a_condition_accepts_not_everything(rule: str) -> None:
    assert not nft(rule).accepts_all


def test_an_open_rule_in_a_chain_that_is_jumped_to_counts() -> None:
    more = ("chain inet filter services", "rule tcp dport 80 accept", "rule accept")
    found = nft("jump services", more=more)
    assert found.accepts_all == ("(everything)",)
    assert found.open_ports == ("tcp/80",)


def test_a_return_ends_the_chain_it_is_in_and_no_other() -> None:
    more = ("chain inet filter services", "rule return", "rule accept")
    assert not nft("jump services", "tcp dport 22 accept", more=more).accepts_all
    assert nft("jump services", "tcp dport 22 accept", more=more).open_ports == ("tcp/22",)


def test_chains_that_jump_in_a_circle_come_to_an_end() -> None:
    assert not nft(
        "jump a", more=("chain inet filter a", "rule jump b", "chain inet filter b", "rule jump a")
    ).accepts_all


@pytest.mark.parametrize(
    ("rule", "ports"),
    [
        ("tcp dport { 22, 8000-8010 } ct state new accept", ("tcp/22", "tcp/8000-8010")),
        ("ip saddr @admins tcp dport 22 accept", ()),
        ("ip saddr != 192.0.2.1 tcp dport 22 accept", ("tcp/22",)),
        ("ip6 saddr 2001:db8::/32 tcp dport 22 accept", ()),
        ('iifname "wg0" tcp dport 22 accept', ()),
        ('iifname "eth0" tcp dport 22 accept', ("tcp/22",)),
        ("tcp dport 22 drop", ()),
    ],
)
def test_ports_are_wide_open_unless_a_source_is_named(rule: str, ports: tuple[str, ...]) -> None:
    assert nft(rule).open_ports == ports


def test_ports_that_cannot_be_told_are_not_taken_for_closed() -> None:
    assert isinstance(nft("tcp dport @services accept").wide, Missing)
    assert isinstance(nft("tcp dport ssh accept").wide, Missing)


def test_loopback_and_state_must_hold_in_every_chain_that_drops() -> None:
    second = ("chain ip other in input drop", "rule tcp dport 22 accept")
    rules = ('iif "lo" accept', "ct state established,related accept")
    assert nft(*rules).stateful
    assert not nft(*rules, more=second).stateful
    assert not nft(*rules, more=second).accepts_loopback


def test_invalid_packets_are_dropped_by_a_map_or_by_a_rule() -> None:
    assert nft("ct state vmap { invalid : drop, established : accept, related : accept }").drops_invalid
    assert nft("ct state invalid counter drop").drops_invalid
    assert not nft("ct state invalid tcp dport 22 drop").drops_invalid


def test_a_chain_that_accepts_by_default_guards_nothing() -> None:
    assert not nft("tcp dport 23 drop", policy="accept").filters
    assert nft("tcp dport 22 accept", "reject with icmpx admin-prohibited", policy="accept").filters


def test_a_chain_whose_drop_is_never_reached_lets_everything_in() -> None:
    found = nft("tcp dport 22 accept", "accept", "drop", policy="accept")
    assert found.filters
    assert found.accepts_all == ("(everything)",)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT", "meta l4proto tcp tcp dport { 80,443 } accept"),
        ("-A INPUT ! -i lo -j DROP", 'iifname != "lo" drop'),
        ('-A INPUT -m comment --comment "a b" -j ACCEPT', "accept"),
        ("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "ct state related,established accept"),
        ("-A INPUT -j LOG --log-prefix x", "log"),
    ],
)
def test_lines_of_iptables_say_the_same_in_words_of_nft(line: str, rule: str) -> None:
    assert packet_filter.translate(line) == ("INPUT", rule)


def test_a_chain_without_a_verdict_of_its_own_falls_back_on_its_policy() -> None:
    chain = Chain("inet", "filter", "input", "input", "drop", ("tcp dport 22 accept",))
    assert packet_filter.drops(chain, {})
    assert not packet_filter.drops(chain._replace(policy="accept"), {})
