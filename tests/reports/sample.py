# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Builds inspections as real fleets give them: healthy, failing, silent, interrupted and hostile hosts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import get_args

from console.reports.model import (
    BaselineCounts,
    CheckReport,
    ClauseReport,
    HealthCounts,
    HostCard,
    HostCounts,
    HostReport,
    Inspection,
    Reach,
    RegionReport,
    RuleReport,
    Summary,
)
from inventories.base import Text
from probes.verdict import CheckResult, Room, State, Trend
from security.verdict import Evidence, Outcome, Result, Severity

GIB = 2.0**30
HOSTILE = (
    "</script><script>alert(1)</script>\x1b[2J\x1b]0;x\x07[red]x[/red]" + "W" * 300 + "\u202egnp.exe\udcff\0 {{ 7*7 }}"
)
ARABIC = "خادم-المدرسة"

# path, level, English, Chinese
_REGIONS = (
    (".", "ministry", "Education authority", "教育主管部门"),
    ("qinghe", "province", "Qinghe", "清河省"),
    ("qinghe/lushan", "city", "Lushan", "庐山市"),
    ("qinghe/lushan/dongshan", "county", "Dongshan", "东山区"),
    ("qinghe/lushan/dongshan/no1", "school", "Dongshan No. 1 Middle School", "东山第一中学"),
    ("qinghe/pingyuan", "city", "Pingyuan", "平原市"),
    ("yunling", "province", "Yunling", "云岭省"),
    ("yunling/gaoshan", "county", "Gaoshan", "高山县"),
    ("yunling/gaoshan/xiwang", "school", "Xiwang Primary School", "希望小学"),
    ("haibin", "province", "Haibin", "海滨省"),
    ("haibin/gangwan", "city", "Gangwan", "港湾市"),
)
REGIONS = tuple(
    RegionReport(
        path=path,
        parent=None if path == "." else (path.rpartition("/")[0] or "."),
        level=level,
        name=Text(en=en, zh=zh),
        summary=Summary(hosts=HostCounts(), baseline=BaselineCounts(), health=HealthCounts()),
    )
    for path, level, en, zh in _REGIONS
)

# id, severity, clause, fact, what is wanted, English, Chinese
_RULES: tuple[tuple[str, Severity, str, str, str, str, str], ...] = (
    ("ssh.empty_passwords", "critical", "8.1.4.1.a", "sshd_effective.permitemptypasswords", "no",
     "SSH refuses empty passwords", "SSH 禁止空口令登录"),
    ("ssh.root_login", "high", "8.1.4.2.a", "sshd_effective.permitrootlogin", "no",
     "SSH refuses root logins", "SSH 禁止 root 直接登录"),
    ("accounts.uid_zero", "critical", "8.1.4.1.a", "accounts.uid_zero", "root",
     "Only root has UID 0", "仅 root 的 UID 为 0"),
    ("audit.running", "high", "8.1.4.3.a", "services.auditd", "active", "auditd runs", "auditd 正在运行"),
    ("log.remote", "medium", "8.1.4.3.c", "rsyslog.targets", "at least one",
     "Logs are sent to another system", "日志已外发"),
    ("time.sources", "medium", "8.1.4.3.b", "chrony.sources", ">= 2", "Two time sources or more", "至少两个时间源"),
    ("net.legacy_services", "high", "8.1.4.1.c", "listeners.tcp", "no 21, 23, 111",
     "No clear-text administration service listens", "未开放明文管理服务"),
    ("updates.security", "high", "8.1.4.4.e", "updates.security", "0",
     "No security update is outstanding", "无待安装的安全更新"),
    ("umask.default", "low", "8.1.4.2.d", "login_defs.umask", "027",
     "New files are private by default", "默认 umask 为 027"),
)  # fmt: skip
_SYSCTLS = (
    "net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.all.accept_source_route", "net.ipv4.conf.all.log_martians",
    "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.all.send_redirects", "net.ipv4.icmp_echo_ignore_broadcasts",
    "net.ipv4.tcp_syncookies", "net.ipv6.conf.all.accept_ra", "kernel.randomize_va_space", "kernel.kptr_restrict",
    "kernel.dmesg_restrict", "kernel.yama.ptrace_scope", "fs.protected_hardlinks", "fs.protected_symlinks",
    "fs.suid_dumpable", "kernel.sysrq", "net.core.bpf_jit_harden",
)  # fmt: skip
_MESSAGES: Mapping[Outcome, Text] = {
    "pass": Text(en="as wanted", zh="符合要求"),
    "not_applicable": Text(en="the service is not on this host", zh="本机未安装该服务"),
    "manual": Text(en="a person must confirm the three administrator roles", zh="需人工确认三员分立"),
    "error": Text(en="the answer could not be read: line 3 is no key and value", zh="结果无法解析：第 3 行不是键值对"),
    "not_evaluated": Text(
        en="needs root: prepare the account with playbooks/prepare.yml",
        zh="需要 root 权限：请用 playbooks/prepare.yml 准备巡检账号",
    ),
}


def rules(n: int = 60) -> tuple[RuleReport, ...]:
    """Return ``n`` rules with texts of realistic length."""
    named = [
        RuleReport(
            id=id_,
            title=Text(en=en, zh=zh),
            rationale=Text(
                en=f"{en}: otherwise whoever reaches the port can act unseen, and nothing says who did what.",
                zh=f"{zh}：否则任何能访问该端口的人都可能在不留痕迹的情况下操作，事后无法追溯。",
            ),
            fix=Text(en=f"Set {fact} to {want}, then inspect again.", zh=f"将 {fact} 设为 {want}，然后重新巡检。"),
            severity=severity,
            clauses=(clause,),
        )
        for id_, severity, clause, fact, want, en, zh in _RULES
    ]
    for number in range(len(named), n):
        key = _SYSCTLS[number % len(_SYSCTLS)]
        round_ = "" if number < len(_RULES) + len(_SYSCTLS) else f".{number}"
        named.append(
            RuleReport(
                id=f"sysctl.{key.replace('.', '_')}{round_}",
                title=Text(en=f"Kernel setting {key} is safe", zh=f"内核参数 {key} 取值安全"),
                rationale=Text(en="An unsafe value widens what an attacker can do.", zh="不安全的取值会扩大攻击面。"),
                fix=Text(en=f"Set {key} in /etc/sysctl.d and load it.", zh=f"在 /etc/sysctl.d 中设置 {key} 并加载。"),
                severity=("low", "medium", "medium", "high")[number % 4],
                clauses=("8.1.4.4.a",),
            )
        )
    return tuple(named[:n])


def _clauses(known: tuple[RuleReport, ...]) -> tuple[ClauseReport, ...]:
    by_clause: dict[str, list[str]] = {}
    for rule in known:
        by_clause.setdefault(rule.clauses[0], []).append(rule.id)
    evidenced = [
        ClauseReport(
            id=id_,
            title=Text(en=f"Requirement {id_}", zh=f"安全计算环境要求 {id_}"),
            status="automated" if number % 2 else "partial",
            rules=tuple(of_clause),
            question=None if number % 2 else Text(en="Is the procedure written down?", zh="相关制度是否成文？"),
        )
        for number, (id_, of_clause) in enumerate(sorted(by_clause.items()))
    ]
    asked = ClauseReport(
        id="8.1.4.1.d",
        title=Text(en="Two factors, one of them cryptographic", zh="双因素鉴别，其中一种采用密码技术"),
        status="manual",
        rules=(),
        question=Text(en="Which second factor do administrators use?", zh="管理员使用何种第二鉴别因素？"),
    )
    return (*evidenced, asked)


def _result(rule: RuleReport, outcome: Outcome) -> Result:
    named = {row[0]: row[3] for row in _RULES}
    fact = named.get(rule.id) or f"sysctl.{rule.title.en.split()[2]}"
    message = _MESSAGES.get(outcome) or Text(en=f"{fact} is 1, wanted 0", zh=f"{fact} 的值为 1，应为 0")
    observed = {"pass": "0", "fail": "1"}.get(outcome)
    return Result(
        rule=rule.id,
        outcome=outcome,
        message=message,
        evidence=(Evidence(fact=fact, observed=observed),) if observed else (),
    )


def _check(check: str, state: State, value: float, unit: str, item: str = "") -> CheckResult:
    what = f"{check} {item}".strip()
    return CheckResult(
        check=check,
        item=item,
        state=state,
        value=value,
        unit=unit,
        message=Text(en=f"{what} at {value:g} {unit}: {state}", zh=f"{what} 为 {value:g} {unit}"),
    )


def disk(item: str, ratio: float, total: float = 100 * GIB, trend: Trend | None = None) -> Room:
    """Return a file system in use to ``ratio``."""
    return Room(kind="filesystem", item=item, used=ratio * total, total=total, unit="B", trend=trend)


CHECKS = tuple(
    CheckReport(
        id=id_,
        title=Text(en=en, zh=zh),
        runbook=Text(en=f"See what uses it, then act ({en}).", zh=f"先查明占用来源再处理（{zh}）。"),
    )
    for id_, en, zh in (
        ("disk", "File system use", "文件系统使用率"),
        ("memory", "Memory use", "内存使用率"),
        ("load", "Load", "负载"),
        ("time_sync", "Time offset", "时间偏差"),
        ("systemd_failed", "Failed units", "失败的 systemd 单元"),
    )
)
SOON = Trend(days=60, horizon_days=365, p10=9, p50=17, p90=41)
LATE = Trend(days=90, horizon_days=365, p10=200, p50=None, p90=None)


def host(
    name: str,
    region: str,
    known: tuple[RuleReport, ...],
    outcomes: Iterable[Outcome],
    *,
    health: State = "ok",
    capacity: tuple[Room, ...] = (),
    reach: Reach | None = None,
    number: int = 0,
) -> HostReport:
    """Return one host; ``outcomes`` go with the rules in order."""
    root_disk = 97.0 if health == "critical" else 88.0 if health == "warning" else 41.0
    checks = (
        _check("disk", health, root_disk, "%", "/"),
        _check("load", "ok", 0.4, ""),
        _check("memory", "warning" if health == "critical" else "ok", 63, "%"),
        _check("time_sync", "ok", 0.002, "s"),
        _check("systemd_failed", "ok", 0, "units"),
    )
    return HostReport(
        name=name,
        address=f"10.{number // 250}.10.{number % 250 + 1}",
        region=region,
        site=f"{region.rpartition('/')[2] or 'core'}-dc1",
        groups=("linux", "web" if number % 2 else "database"),
        link="fiber",
        reach=reach or Reach(status="complete", seconds=1.83, target_cpu_seconds=0.41, privilege="root"),
        card=HostCard(
            os="Debian GNU/Linux 12 (bookworm)",
            kernel="6.1.0-25-amd64",
            cpus=8,
            memory_bytes=16 * 2**30,
            uptime_seconds=86_400.0 * (number % 90 + 2),
        ),
        health_state=health,
        baseline=tuple(_result(rule, outcome) for rule, outcome in zip(known, outcomes, strict=False)),
        health=checks,
        capacity=capacity or (disk("/", root_disk / 100), disk("/var", 0.3, trend=LATE)),
        capture=sha256(name.encode("utf-8", "replace")).hexdigest(),
    )


def many(*runs: tuple[Outcome, int]) -> list[Outcome]:
    """Return outcomes, each repeated as often as said."""
    return [outcome for outcome, times in runs for _ in range(times)]


def silent(name: str, region: str, number: int = 0, cause: str = "connect_timeout") -> HostReport:
    """Return a host without a login."""
    return HostReport(
        name=name,
        address=f"10.9.10.{number % 250 + 1}",
        region=region,
        site="school",
        groups=(),
        link="satellite",
        reach=Reach(
            status="unreachable",
            cause=cause,
            detail="no answer from 10.9.10.1 port 22 within 20 s",
            hint=Text(en="check the link and the firewall", zh="检查链路与防火墙"),
            seconds=20.0,
        ),
        card=HostCard(),
        health_state="unknown",
        baseline=(),
        health=(),
        capacity=(),
    )


def summary(hosts: Iterable[HostReport]) -> Summary:
    """Return the counts of some hosts."""
    hosts = tuple(hosts)
    reach = Counter(one.reach.status for one in hosts)
    outcomes = Counter(result.outcome for one in hosts for result in one.baseline)
    return Summary(
        hosts=HostCounts(
            total=len(hosts),
            reached=reach["complete"] + reach["partial"],
            unreachable=reach["unreachable"],
            partial=reach["partial"],
            interrupted=reach["interrupted"],
        ),
        baseline=BaselineCounts.model_validate({outcome: outcomes[outcome] for outcome in get_args(Outcome)}),
        health=HealthCounts.model_validate(Counter(one.health_state for one in hosts)),
    )


def inspection(hosts: Iterable[HostReport], known: tuple[RuleReport, ...], *, interrupted: bool = False) -> Inspection:
    """Return the document over ``hosts``, its summaries counted from them."""
    hosts = tuple(hosts)
    return Inspection(
        tool="edufleet 0.1.0",
        run="20260301T003012Z-5f2c",
        started=datetime.fromisoformat("2026-03-01T08:30:12+08:00"),
        seconds=14.23,
        authority=Text(en="Example Education Authority", zh="示例教育主管部门"),
        scope="",
        profile="mlps-l3",
        interrupted=interrupted,
        summary=summary(hosts),
        regions=tuple(
            region.model_copy(update={"summary": summary(one for one in hosts if _lies_in(one.region, region.path))})
            for region in REGIONS
        ),
        hosts=hosts,
        rules=known,
        clauses=_clauses(known),
        checks=CHECKS,
    )


def _lies_in(inner: str, outer: str) -> bool:
    return outer in {".", inner} or inner.startswith(f"{outer}/")


def fleet(n: int = 12, n_rules: int = 60) -> Inspection:
    """Return a fleet as fleets are: mostly fine, some findings everywhere, a few hosts in trouble, one silent."""
    random = Random(7)  # noqa: S311 - a fixed fleet, not a secret
    known = rules(n_rules)
    outcomes = get_args(Outcome)
    hosts = []
    for number in range(n):
        region = REGIONS[1 + number % (len(REGIONS) - 1)].path
        name = f"{region.rpartition('/')[2][:8]}-{('web', 'db', 'lms', 'idp')[number % 4]}-{number:02d}"
        if number % 12 == 8:
            hosts.append(silent(name, region, number))
            continue
        health: State = "critical" if number % 12 == 1 else "warning" if number % 12 in {4, 5} else "ok"
        drawn = random.choices(outcomes, weights=(72, 14, 6, 2, 1, 5), k=n_rules)
        if drawn[0] == "fail" and number % 4:
            drawn[0] = "pass"
        hosts.append(host(name, region, known, drawn, health=health, number=number, capacity=(
            (disk("/", 0.97, trend=None), disk("/var", 0.91, trend=SOON)) if health == "critical" else ()
        )))  # fmt: skip
    return inspection(hosts, known)


def extremes() -> Inspection:
    """Return one host with 100 findings, one with none, a silent, a partial, an interrupted and a hostile one."""
    known = rules(120)
    partial = Reach(
        status="partial", cause="deadline", detail="after 30 s", seconds=30, privilege="user",
        privilege_detail="sudo: a password is required",
        hint=Text(en="ask fewer hosts at once, or class the link as satellite", zh="降低并发，或将链路归类为卫星链路"),
    )  # fmt: skip
    hostile = host(HOSTILE, "haibin/gangwan", known, ["fail", "error", "not_evaluated", "manual"], health="warning")
    hostile = hostile.model_copy(
        update={
            "groups": (HOSTILE,),
            "card": HostCard(os=HOSTILE, kernel=HOSTILE),
            "baseline": tuple(
                result.model_copy(
                    update={
                        "message": Text(en=HOSTILE, zh=HOSTILE),
                        "evidence": (Evidence(fact="os_release.name", observed=HOSTILE),),
                    }
                )
                for result in hostile.baseline
            ),
            "health": (
                CheckResult(check="disk", item=HOSTILE, state="critical", message=Text(en=HOSTILE, zh=HOSTILE)),
            ),
            "capacity": (disk(HOSTILE, 0.95),),
        }
    )
    return inspection(
        (
            host("hundred", "qinghe", known, many(("fail", 100), ("pass", 20)), health="critical"),
            host("clean", "qinghe", known, ["pass"] * 120),
            silent("silent", "yunling/gaoshan/xiwang"),
            host("late", "yunling", known, many(("pass", 10), ("not_evaluated", 40)), reach=partial, health="unknown"),
            silent("stopped", "yunling").model_copy(update={"reach": Reach(status="interrupted", cause="interrupted")}),
            hostile,
            host(ARABIC, "haibin", known, many(("pass", 30), ("not_applicable", 10))),
            host("数据库服务器", "haibin", known, many(("pass", 30), ("error", 2))),
        ),
        known,
        interrupted=True,
    )


def nobody() -> Inspection:
    """Return an inspection that reached not one host."""
    causes = ("connect_timeout", "auth_failed", "host_key_changed", "no_route")
    return inspection((silent(f"school-{n}", "yunling", n, cause) for n, cause in enumerate(causes)), rules())


def alone() -> Inspection:
    """Return an inspection of one clean host without regions, as ``--local`` gives."""
    known = rules()
    one = inspection([host("localhost", ".", known, ["pass"] * 60)], known)
    return one.model_copy(update={"regions": one.regions[:1]})
