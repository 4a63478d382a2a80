# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""What a person can do about a session that failed, by its cause."""

from types import MappingProxyType

from fleet.capture import CauseCode
from inventories.base import Text

HINTS: MappingProxyType[CauseCode, Text] = MappingProxyType(
    {
        "name_unknown": Text(
            en="The name does not resolve: check HostName in ssh_config, or the jump host's name.",
            zh="名称无法解析：请检查 ssh_config 中的 HostName 或跳板机名称。",
        ),
        "connect_timeout": Text(
            en="No answer in time. The host may be off, the link cut, or a firewall in between: this alone does not "
            "say that the host is down. Try: ssh -v to it from here.",
            zh="限时内无应答。可能是主机关机、线路中断或防火墙拦截；仅凭此不能断定主机宕机。请在本机用 ssh -v 试连。",
        ),
        "refused": Text(
            en="The address answers, but nothing listens on the SSH port: is sshd running, is the port right?",
            zh="地址可达，但 SSH 端口无人监听：请确认 sshd 已运行、端口无误。",
        ),
        "no_route": Text(
            en="There is no way to the address from here: check routes, or give a jump host (ssh.proxy_jump).",
            zh="本机没有到该地址的路由：请检查路由，或配置跳板机（ssh.proxy_jump）。",
        ),
        "host_key_unknown": Text(
            en="The host's key is not in known_hosts. Compare its fingerprint by another way, then add it, "
            "or run again with --accept-new to learn first-seen keys.",
            zh="known_hosts 中没有该主机的密钥。请通过其他途径核对指纹后加入，或用 --accept-new 学习首次出现的密钥。",
        ),
        "host_key_changed": Text(
            en="The host shows another key than the one on file: it was reinstalled, or somebody stands in between. "
            "Find out which before you remove the old line (ssh-keygen -R).",
            zh="主机密钥与记录不符：可能重装过系统，也可能遭遇中间人。查明原因之前不要删除旧记录（ssh-keygen -R）。",
        ),
        "auth_failed": Text(
            en="The login was refused: is the inspection account there, with this key? See playbooks/prepare.yml.",
            zh="登录被拒绝：请确认巡检账号及其公钥已就位，参见 playbooks/prepare.yml。",
        ),
        "protocol": Text(
            en="SSH was spoken, but no session came about: look at sshd's log on the host (MaxStartups, algorithms).",
            zh="已建立 SSH 通信但会话未能开始：请查看主机 sshd 日志（MaxStartups、算法协商）。",
        ),
        "start_timeout": Text(
            en="The login worked, then nothing came: look for slow commands in the account's .bashrc or .profile, "
            "and whether sudo waits for a network directory.",
            zh="登录成功后没有响应：请检查该账号 .bashrc、.profile 中的耗时命令，以及 sudo 是否在等待网络目录服务。",
        ),
        "deadline": Text(
            en="The host answers too slowly or something on it hangs; look at the last question without an answer.",
            zh="主机响应过慢或有命令挂起；最后一个没有回答的采集项最可疑。",
        ),
        "cut": Text(
            en="The session ended half-way: an unstable link, a killed sshd, or a host going down. Inspect it again.",
            zh="会话中途断开：线路不稳、sshd 被终止或主机正在关机。请再次巡检。",
        ),
        "flooded": Text(
            en="The host sent far more than was asked. Do not trust its answers; look what its login scripts print.",
            zh="主机返回的数据远超请求。请勿采信其结果，并检查登录脚本的输出。",
        ),
        "no_shell": Text(
            en="The account has no usable POSIX shell (nologin, a forced command, or a device's own command line).",
            zh="该账号没有可用的 POSIX shell（nologin、强制命令或设备自带命令行）。",
        ),
        "interrupted": Text(
            en="The inspection was stopped before this host was done. Run it again, with --limit for what is left.",
            zh="巡检在完成该主机之前被中止。请重新运行，可用 --limit 只查剩余主机。",
        ),
    }
)
