# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The services of a made-up province, and those that each of its cities and counties runs."""

from dataclasses import dataclass

from inventories.base import Text
from inventories.model.services import ServiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One service: ``needs`` are others of the province; with ``www`` it is offered to the internet by that name."""

    id: str
    name: Text
    level: int
    kind: ServiceKind = "application"
    needs: tuple[str, ...] = ()
    www: bool = False
    calendar: str | None = None


PROVINCE = (
    Offer(id="ntp", name=Text(en="Time", zh="时间同步"), level=2, kind="infrastructure"),
    Offer(id="dns-rec", name=Text(en="Recursive DNS", zh="递归域名解析"), level=2, kind="infrastructure"),
    Offer(
        id="dns-auth", name=Text(en="Authoritative DNS", zh="权威域名解析"), level=2, kind="infrastructure", www=True
    ),
    Offer(id="data-store", name=Text(en="Data store", zh="数据库集群"), level=3, kind="datastore", needs=("ntp",)),
    Offer(
        id="idp",
        name=Text(en="Unified identity", zh="统一身份认证"),
        level=3,
        needs=("data-store", "dns-rec", "ntp"),
        www=True,
    ),
    Offer(
        id="student-records",
        name=Text(en="Student records", zh="学籍管理系统"),
        level=3,
        needs=("idp", "data-store", "dns-rec"),
    ),
    Offer(
        id="exam-registration",
        name=Text(en="Exam registration", zh="考试报名系统"),
        level=3,
        needs=("idp", "data-store", "dns-rec"),
        www=True,
        calendar="gaokao",
    ),
    Offer(id="data-exchange", name=Text(en="Data exchange", zh="数据交换平台"), level=3, needs=("idp", "data-store")),
    Offer(id="ca", name=Text(en="Certificates", zh="数字证书服务"), level=3, kind="infrastructure", needs=("ntp",)),
    Offer(id="lms", name=Text(en="Online teaching", zh="在线教学平台"), level=2, needs=("idp", "dns-rec"), www=True),
    Offer(id="portal", name=Text(en="Portal", zh="教育门户"), level=2, needs=("idp", "dns-rec"), www=True),
    Offer(id="oa", name=Text(en="Office automation", zh="办公自动化"), level=2, needs=("idp", "dns-rec")),
    Offer(
        id="radius", name=Text(en="Network access", zh="网络接入认证"), level=2, kind="infrastructure", needs=("idp",)
    ),
    Offer(id="bastion", name=Text(en="Bastion", zh="堡垒机"), level=3, kind="infrastructure"),
    Offer(id="mirror", name=Text(en="Package mirror", zh="软件镜像"), level=2, kind="infrastructure"),
    Offer(id="log-archive", name=Text(en="Log archive", zh="日志归档"), level=3, kind="logging"),
    Offer(id="monitoring", name=Text(en="Monitoring", zh="监控平台"), level=3, kind="monitoring"),
    Offer(id="backup", name=Text(en="Backup", zh="备份系统"), level=3, kind="backup"),
)
OFFICE = (
    Offer(id="collector", name=Text(en="Collector", zh="采集节点"), level=2, kind="monitoring"),
    Offer(id="files", name=Text(en="File service", zh="文件服务"), level=2),
)
"""What cities and counties run; their ids follow that of the place."""
