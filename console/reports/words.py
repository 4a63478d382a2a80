# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Every word the reports say of their own, in English and Chinese; texts of rules and checks come with the document."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from inventories.base import Lang

PAIRS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        # The head of the report.
        "title": ("Inspection report", "巡检报告"),
        "skip": ("Skip to the content", "跳到正文"),
        "contents": ("Contents", "目录"),
        "verdict": (
            "{asked} asked, {answered} answered; {attention}",
            "共巡检 {asked}，{answered} 台应答；{attention}",
        ),
        "attention.none": ("none needs attention now", "暂无主机需要立即处理"),
        "attention.one": ("1 needs attention now", "1 台需要立即处理"),
        "attention.many": ("{n} need attention now", "{n} 台需要立即处理"),
        "attention.unknown": ("nothing can be said about them", "无法得出任何结论"),
        "attention.why": (
            "Attention now: critical health, or a critical finding. A host that did not answer is unknown, not down.",
            "“需要立即处理”指健康状态为严重，或存在严重级别的基线问题。未应答的主机状态未知，不等于宕机。",
        ),
        "attention.flag": ("attention now", "需立即处理"),
        "stopped": (
            "This inspection was stopped early: {hosts} not inspected to the end. What is missing is unknown.",
            "本次巡检被中途停止：{hosts}未完成巡检。缺失的结果为未知，不代表正常。",
        ),
        "steps": ("Do first", "优先处理"),
        "steps.none": ("Nothing critical was found in what was inspected.", "已巡检范围内未发现严重问题。"),
        "step.health": ("{check}: critical on {hosts}", "{check}：{hosts}处于严重状态"),
        "step.rule": ("Critical rule fails: {title}", "严重级别规则不通过：{title}"),
        "step.room": ("{item} is likely full by {day} (P50)", "{item} 预计 {day} 前后写满（P50）"),
        "step.rooms": (
            "{n} file systems are likely full soon, the first by {day} (P50)",
            "{n} 个文件系统即将写满，最早预计在 {day}（P50）",
        ),
        "step.unreachable": ("Find out why there was no login", "查明无法登录的原因"),
        "step.privilege": (
            "Prepare the inspection account (playbooks/prepare.yml): inspected without root",
            "准备巡检账号（playbooks/prepare.yml）：当前无 root 权限",
        ),
        "rest": ("The rest: {what}", "其余：{what}"),
        "more": ("and {n} more", "等，另有 {n} 项"),
        "run.authority": ("Authority", "主管单位"),
        "run.started": ("Started", "开始时间"),
        "run.took": ("Took", "耗时"),
        "run.scope": ("Scope", "范围"),
        "run.scope.all": ("the whole inventory", "全部清单"),
        "run.profile": ("Baseline profile", "基线配置"),
        "run.tool": ("Tool", "工具"),
        "run.id": ("Run", "巡检编号"),
        # Counting.
        "host.one": ("1 host", "1 台主机"),
        "host.many": ("{n} hosts", "{n} 台主机"),
        "finding.one": ("1 finding", "1 项问题"),
        "finding.many": ("{n} findings", "{n} 项问题"),
        "open.one": ("1 without verdict", "1 项无结论"),
        "open.many": ("{n} without verdict", "{n} 项无结论"),
        "rule.one": ("1 rule", "1 条规则"),
        "rule.many": ("{n} rules", "{n} 条规则"),
        "check.one": ("1 check", "1 项检查"),
        "check.many": ("{n} checks", "{n} 项检查"),
        "of": ("{part} of {whole}", "{part} / {whole}"),
        # States, outcomes, severities, and how far the inspection came.
        "state.ok": ("OK", "正常"),
        "state.warning": ("Warning", "警告"),
        "state.critical": ("Critical", "严重"),
        "state.unknown": ("Unknown", "未知"),
        "outcome.pass": ("Pass", "通过"),
        "outcome.fail": ("Fail", "不通过"),
        "outcome.error": ("Error", "出错"),
        "outcome.not_evaluated": ("Not evaluated", "未评估"),
        "outcome.manual": ("Manual", "需人工"),
        "outcome.not_applicable": ("Not applicable", "不适用"),
        "severity.critical": ("Critical", "严重"),
        "severity.high": ("High", "高"),
        "severity.medium": ("Medium", "中"),
        "severity.low": ("Low", "低"),
        "reach.complete": ("Complete", "完整"),
        "reach.partial": ("Partial", "部分完成"),
        "reach.unreachable": ("Not reached", "未连通"),
        "reach.interrupted": ("Stopped", "已中止"),
        "level.ministry": ("Ministry", "部级"),
        "level.province": ("Province", "省级"),
        "level.peer": ("Province-level peer", "省级平行单位"),
        "level.city": ("City", "市级"),
        "level.county": ("County", "区县"),
        "level.school": ("School", "学校"),
        "link.lan": ("LAN", "局域网"),
        "link.fiber": ("fibre", "光纤"),
        "link.leased": ("leased line", "专线"),
        "link.lte": ("4G", "4G"),
        "link.satellite": ("satellite", "卫星"),
        "clause.automated": ("Evidence collected", "自动取证"),
        "clause.partial": ("Evidence in part", "部分取证"),
        "clause.manual": ("A person answers", "人工确认"),
        "clause.inherited": ("Inherited", "继承"),
        "privilege.root": ("root", "root"),
        "privilege.user": ("without root", "非 root"),
        "privilege.unknown": ("unknown", "未知"),
        # Why there was no login, or not to the end: the codes of fleet.capture.
        "cause.name_unknown": ("name does not resolve", "主机名无法解析"),
        "cause.connect_timeout": ("no answer in time", "连接超时"),
        "cause.refused": ("connection refused", "连接被拒绝"),
        "cause.no_route": ("no route", "无路由可达"),
        "cause.host_key_unknown": ("host key not known", "主机密钥未知"),
        "cause.host_key_changed": ("host key changed", "主机密钥已变更"),
        "cause.auth_failed": ("login refused", "登录认证失败"),
        "cause.protocol": ("not speaking SSH properly", "SSH 协议异常"),
        "cause.start_timeout": ("shell did not start in time", "Shell 启动超时"),
        "cause.deadline": ("out of time", "超出时限"),
        "cause.cut": ("connection cut", "连接中断"),
        "cause.flooded": ("flooded with output", "输出过量"),
        "cause.no_shell": ("no usable shell", "没有可用的 Shell"),
        "cause.interrupted": ("inspection stopped", "巡检被中止"),
        # Sections.
        "summary": ("Summary", "概览"),
        "hosts": ("Hosts", "主机"),
        "hosts.caption": ("Who needs attention comes first", "需立即处理的主机在前"),
        "health": ("Health", "健康状态"),
        "baseline": ("Security baseline", "安全基线"),
        "baseline.big": ("results fail", "项不通过"),
        "capacity": ("Room left", "剩余容量"),
        "unfinished": ("Hosts not inspected to the end", "未完成巡检的主机"),
        "unfinished.note": (
            "Unreachable means that there was no login, not that the host is down.",
            "“未连通”仅表示未能登录，不等于主机宕机。",
        ),
        "regions": ("Regions", "区域汇总"),
        "regions.caption": ("Each region with all that lies below it", "各区域（含下级）汇总"),
        "findings": ("Baseline findings", "基线问题"),
        "findings.caption": (
            "Rules that fail, most severe and most widespread first",
            "不通过的规则，按严重程度与波及面排序",
        ),
        "findings.none": ("No rule failed where it could be evaluated.", "在可评估范围内没有不通过的规则。"),
        "clauses": ("Clauses and their evidence", "条款与证据"),
        "clauses.caption": (
            "Clauses of {profile}: what was observed, and what a person must still answer",
            "{profile} 各条款：已观测到的证据，以及仍需人工确认的事项",
        ),
        "clauses.unverified": (
            "The numbers and letters of clauses were not checked against the standard itself: look them up there.",
            "条款编号未与标准原文逐一核对，引用前请查阅标准。",
        ),
        "clauses.note": (
            "Findings and evidence for an assessment, not a statement of compliance.",
            "以下为测评所需的问题与证据，不构成合规结论。",
        ),
        "rules": ("Rules", "规则说明"),
        "rules.note": (
            "Each rule once: why it matters and how to mend it.",
            "每条规则只说明一次：为何重要，如何整改。",
        ),
        "health.runbook": ("What to do: {check}", "处理办法：{check}"),
        "health.big": ("critical", "台严重"),
        "health.caption": ("What is critical, warned of, or unknown now", "当前严重、警告或未知的项目"),
        "health.none": ("Every health check that could be made is ok.", "所有可执行的健康检查均正常。"),
        "health.unseen": ("No host could be asked about its health.", "没有主机可供健康检查。"),
        "capacity.caption": (
            "Fullest file systems. The mark at {mark} only guides the eye: the limits are those of the health checks.",
            "占用率最高的文件系统。竖线位于 {mark}，仅作参考；告警阈值以健康检查为准。",
        ),
        "capacity.none": ("No file system was seen.", "未观测到文件系统。"),
        "capacity.fullest": ("fullest: {where}", "占用最高：{where}"),
        "capacity.soon": ("likely full within {days} days", "预计 {days} 天内写满"),
        "capacity.near": ("at {mark} or more", "占用率 ≥ {mark}"),
        # Columns and labels.
        "col.host": ("Host", "主机"),
        "col.answered": ("Answered", "应答"),
        "col.region": ("Region", "区域"),
        "col.reach": ("Inspected", "巡检情况"),
        "col.health": ("Health", "健康"),
        "col.findings": ("Findings", "问题"),
        "col.open": ("No verdict", "无结论"),
        "col.fullest": ("Fullest disk", "最满磁盘"),
        "col.cause": ("Cause", "原因"),
        "col.hint": ("What to do", "处理建议"),
        "col.state": ("State", "状态"),
        "col.check": ("Check", "检查项"),
        "col.what": ("What was seen", "观测情况"),
        "col.severity": ("Severity", "严重程度"),
        "col.rule": ("Rule", "规则"),
        "col.hosts": ("Hosts", "主机"),
        "col.results": ("Results", "结果"),
        "col.clause": ("Clause", "条款"),
        "col.evidence": ("Evidence", "证据"),
        "col.question": ("Still to answer", "待人工确认"),
        "col.item": ("File system", "文件系统"),
        "col.used": ("Used", "已用"),
        "col.left": ("Left", "剩余"),
        "col.runs_out": ("Runs out", "预计写满"),
        "answered": ("answered", "台已应答"),
        "inodes": ("{item} (inodes)", "{item}(inode)"),
        "memory": ("Memory", "内存"),
        "trend.none": ("not enough history", "历史数据不足"),
        "trend.beyond": ("not within {days} days", "{days} 天内不会"),
        "trend.p50": ("{day} (P50)", "{day}（P50）"),
        "trend.span": ("P10 {early}, P90 {late}", "P10 {early}，P90 {late}"),
        "trend.later": ("later", "更晚"),
        # One host.
        "card.address": ("Address", "地址"),
        "card.os": ("System", "系统"),
        "card.kernel": ("Kernel", "内核"),
        "card.cpus": ("CPUs", "CPU 数"),
        "card.memory": ("Memory", "内存"),
        "card.uptime": ("Up for", "运行时长"),
        "card.site": ("Site", "站点"),
        "card.groups": ("Groups", "分组"),
        "card.link": ("Link", "链路"),
        "card.took": ("Asked for", "采集耗时"),
        "card.cpu": ("Cost on the host", "主机 CPU 开销"),
        "card.privilege": ("Privilege", "权限"),
        "card.capture": ("Capture (SHA-256)", "采集存档（SHA-256）"),
        "card.none": ("not said", "未提供"),
        "no_capture": ("none stored", "无存档"),
        "host.clean": ("No finding in what could be evaluated.", "在可评估范围内未发现问题。"),
        "host.silent": ("No answer, so nothing is known of this host.", "未应答，该主机情况未知。"),
        "open.note": ("No verdict yet, with what to do about it", "尚无结论，附处理办法"),
        "passes": ("Passed", "已通过"),
        "not_applicable": ("Not applicable", "不适用"),
        "manual": ("For a person to answer", "需人工确认"),
        "health.ok": ("Checks that are ok", "正常的检查项"),
        "seen": ("seen", "观测值"),
        "why": ("Why", "为何重要"),
        "fix": ("How to mend", "整改方法"),
        "fails_on": ("Fails on {hosts}", "不通过：{hosts}"),
        # Sorting and filtering.
        "find": ("Find by name, address, region or group", "按名称、地址、区域或分组查找"),
        "any": ("any", "全部"),
        "only.attention": ("needs attention", "需立即处理"),
        "only.findings": ("with findings", "有问题"),
        "only.unfinished": ("not inspected to the end", "未完成巡检"),
        "show": ("Show", "显示"),
        "shown": ("shown", "已显示"),
        "open_all": ("Open all", "全部展开"),
        "close_all": ("Close all", "全部收起"),
        "foot": (
            "Evidence as observed at the time stated. It supports an assessment and does not replace one.",
            "证据以上述时间的观测为准，用于支持测评，不能替代测评。",
        ),
        # The terminal.
        "term.baseline": ("Baseline", "安全基线"),
        "term.capacity": ("Fullest disks", "占用最高的磁盘"),
        "term.left": ("{left} left", "剩余 {left}"),
        "term.hosts": ("{reached}/{total} hosts", "{reached}/{total} 台"),
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    lang: Lang

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words for ``key`` with the values put in; an unknown key is a mistake in the report: KeyError."""
        english, chinese = PAIRS[key]
        text = chinese if self.lang == "zh" else english
        return text.format(**values) if values else text

    def count(self, key: str, n: int) -> str:
        """Return a number with its noun: ``key`` has a form for one and a form for many."""
        return self(f"{key}.one") if n == 1 else self(f"{key}.many", n=f"{n:,}")
