# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The collectors of data bases, web servers, directories and containers: near misses, nonsense, and secrets."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.collector import ABSENT, UnparsableError, catalogue
from fleet.collectors import apache, containerd, docker, kubelet, mysql, nginx, postgresql, redis, slapd, tomcat
from tests.collectors.recorded import FIXTURES, RECORDED

MIDDLEWARE = (
    "apache", "containerd", "docker", "kubelet", "mysql", "nginx", "postgresql", "redis", "slapd", "tomcat",
)  # fmt: skip


@pytest.mark.parametrize("name", MIDDLEWARE)
def test_an_empty_answer_is_no_answer(name: str) -> None:
    with pytest.raises(UnparsableError):
        catalogue()[name].parse("")


@pytest.mark.parametrize("name", MIDDLEWARE)
def test_an_answer_cut_short_is_no_answer(name: str) -> None:
    (recorded,) = (FIXTURES / name).glob("*_hardened.txt")
    answer = recorded.read_text("utf-8")
    for end in (len(answer) // 2, len(answer) - 4):
        with pytest.raises(UnparsableError):
            catalogue()[name].parse(answer[:end])


@pytest.mark.parametrize("name", MIDDLEWARE)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_spoilt_answer_gives_facts_or_unparsable(name: str, data: st.DataObject) -> None:
    answers = [answer for answer in RECORDED if answer.parent.name == name]
    answer = data.draw(st.sampled_from(answers)).read_text("utf-8")
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(answer))] * 2)))
    noise = data.draw(st.text(max_size=20) | st.text("-0123456789.,:/=<>{}[]\"' \n\t", max_size=40))
    collector = catalogue()[name]
    try:
        facts = collector.parse(answer[:begin] + noise + answer[end:])
    except UnparsableError:
        return
    assert isinstance(facts, collector.facts)


@pytest.mark.parametrize("answer", [one for one in RECORDED if one.parent.name in MIDDLEWARE], ids=str)
def test_no_secret_of_the_hosts_they_were_recorded_on_is_in_the_answers(answer: Path) -> None:
    """Every secret written into their configurations was called secret-<number>."""
    assert "secret-" not in answer.read_text("utf-8")


@pytest.mark.parametrize("name", MIDDLEWARE)
def test_a_host_without_the_product_says_so(name: str, tmp_path: Path) -> None:
    question = catalogue()[name].question
    for place in ("/etc/", "/var/lib/", "/run/", "/usr/", "/opt/", "/lib/"):
        question = question.replace(place, f"{tmp_path}{place}")
    done = subprocess.run(["/bin/sh", "-c", question], env={"PATH": str(tmp_path)}, capture_output=True, check=False)
    assert done.returncode == ABSENT
    assert done.stdout == b""


def cluster(*lines: str, version: int = 15) -> postgresql.Postgresql:
    body = "\n".join(("cluster /c", f"version {version}", *lines, "data /d", "ef_files", "end"))
    return postgresql.parse(body)


def test_the_last_setting_of_a_cluster_counts_however_it_is_written() -> None:
    found = cluster("set ssl = on # yes", "set SSL".lower() + " 'off'", "set log_line_prefix 'it''s %m # '").clusters[0]
    assert (found.ssl, found.log_line_prefix) == (False, "it's %m # ")


@pytest.mark.parametrize(
    ("version", "encryption", "tls"), [(12, "md5", "TLSv1"), (13, "md5", "TLSv1.2"), (14, "scram-sha-256", "TLSv1.2")]
)
def test_what_is_built_into_postgresql_depends_on_its_version(version: int, encryption: str, tls: str) -> None:
    found = cluster(version=version).clusters[0]
    assert (found.password_encryption, found.ssl_min_protocol_version) == (encryption, tls)


@pytest.mark.parametrize(
    ("line", "remote", "everywhere"),
    [
        ("local all all peer", False, False),
        ("host all all 127.0.0.1 255.0.0.0 md5", False, False),
        ("host all all ::1/128 md5", False, False),
        ("host all all samehost md5", False, False),
        ("host all all samenet md5", True, False),
        ("host all all 0.0.0.0 0.0.0.0 md5", True, True),
        ("hostssl all all ::/0 cert clientcert=verify-full", True, True),
        ("host all all all reject", False, False),
        ("host all all .example.edu scram-sha-256", True, False),
    ],
)
def test_who_a_line_of_pg_hba_lets_in(line: str, remote: bool, everywhere: bool) -> None:
    (entry,) = cluster(f"hba {line}").access
    assert (entry.remote, entry.everywhere) == (remote, everywhere)


@pytest.mark.parametrize(
    ("lines", "remote"),
    [
        (("host all all 10.0.0.0/8 md5",), True),
        (("host all portal 10.0.0.0/8 md5",), False),
        (("host all postgres all reject", "host all all 10.0.0.0/8 md5"), False),
        (("host all all 10.0.0.0/8 md5", "host all postgres all reject"), True),
        (("host all postgres 0.0.0.0/0 reject", "host all all 10.0.0.0/8 md5"), False),
        (("host all postgres 0.0.0.0/0 reject", "host all all 2001:db8::/32 md5"), True),
        (("hostssl all postgres all reject", "host all all 10.0.0.0/8 md5"), True),
        (("host portal postgres all reject", "host all all 10.0.0.0/8 md5"), True),
    ],
)
def test_the_first_line_of_pg_hba_that_fits_postgres_decides(lines: tuple[str, ...], remote: bool) -> None:
    assert cluster(*(f"hba {line}" for line in lines)).clusters[0].superuser_remote is remote


def user(*lines: str) -> redis.User:
    return redis.parse("\n".join(("server /etc/redis/redis.conf", *lines, "ef_files", "end"))).users[0]


def test_a_line_for_the_default_user_of_redis_starts_from_nothing() -> None:
    assert user("requirepass 32").password
    assert not user("requirepass 32", "aclfile /etc/redis/users.acl").password
    assert not user("requirepass 32", "user default on nopass +@all").password
    assert not user("user default on -@dangerous").active or user("user default on -@dangerous").dangerous == ()


@pytest.mark.parametrize(
    ("rights", "dangerous"),
    [
        ("on nopass +@all -@dangerous", ()),
        ("on nopass +@all -@admin -flushall -flushdb -keys -migrate", ()),
        ("on nopass -@all +get +config|get", ("config",)),
        ("on nopass +@all -config|set -@keyspace", ("config", "debug", "module", "monitor", "replicaof", "shutdown")),
        ("on nopass -@dangerous +keys", ("keys",)),
    ],
)
def test_rights_of_redis_users_are_worked_out_in_order(rights: str, dangerous: tuple[str, ...]) -> None:
    assert user(f"user default {rights}").dangerous == dangerous


def test_a_renamed_command_of_redis_is_out_of_reach() -> None:
    assert "flushall" not in user("rename-command FLUSHALL off").dangerous
    assert "flushdb" in user("rename-command FLUSHALL off").dangerous


MYSQL = "mysqld  Ver 8.0.36-0ubuntu0.22.04.1 for Linux on x86_64 ((Ubuntu))"
MARIADB = "mariadbd  Ver 10.11.6-MariaDB for debian-linux-gnu on x86_64 (Debian 12)"


def server(version: str, *lines: str) -> mysql.Mysql:
    return mysql.parse("\n".join((version, *lines, "data /var/lib/mysql", "ef_files", "end")))


def test_mysql_and_mariadb_have_other_defaults() -> None:
    ours, theirs = server(MYSQL), server(MARIADB)
    assert (ours.flavour, theirs.flavour) == ("mysql", "mariadb")
    assert (ours.local_infile, theirs.local_infile) == (False, True)
    assert (ours.files_confined, theirs.files_confined) == (True, False)
    assert (ours.binary_log, theirs.binary_log) == (True, False)
    assert theirs.tls_versions == ("TLSv1.1", "TLSv1.2", "TLSv1.3")  # not known to be better before 10.11.19


def test_sections_of_other_programs_and_versions_do_not_count() -> None:
    assert server(MARIADB, "set mariadb-10.5 local_infile=0").local_infile
    assert not server(MARIADB, "set mariadb-10.11 local_infile=0").local_infile
    assert server(MYSQL, "set mariadb skip_grant_tables").grants_ignored is False


def test_what_was_set_persistently_counts_over_the_files() -> None:
    assert server(
        MYSQL, "set mysqld require_secure_transport=OFF", "set persisted require_secure_transport=ON"
    ).tls_required


def site(*lines: str, version: str = "1.22.1") -> nginx.Server:
    body = "\n".join((f"nginx version: nginx/{version}", "http {", "server {", *lines, "}", "}", "ef_files", "end"))
    return nginx.parse(body).servers[0]


def test_protocols_of_nginx_where_nothing_is_set_depend_on_its_version() -> None:
    assert "TLSv1" in site("listen 443 ssl;").protocols
    assert site("listen 443 ssl;", version="1.24.0").protocols == ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize(
    ("lines", "only"),
    [
        (("return 301 https;",), True),
        (("return 301;",), False),
        (("return 404;",), True),
        (("location / {", "return 301 https;", "}"), True),
        (("location / {", "return 301 https;", "}", "location /api {", "}"), False),
        (("location /.well-known/acme-challenge/ {", "root /w;", "}", "location / {", "return 308 https;", "}"), True),
        (("location /.well-known/acme-challenge/ {", "root /w;", "}"), False),
        (("if scheme {", "return 301 https;", "}", "root /w;"), True),
        (("if {", "return 301 https;", "}", "root /w;"), False),
        (("rewrite https;",), True),
    ],
)
def test_when_a_server_only_sends_to_https(lines: tuple[str, ...], only: bool) -> None:
    assert site("listen 80;", *lines).only_redirects is only


@pytest.mark.parametrize(
    ("listen", "plain"),
    [("80", True), ("127.0.0.1:80", False), ("unix:/run/a.sock", False), ("[::1]:80", False), ("443 ssl", False)],
)
def test_who_reaches_a_server_in_plain_text(listen: str, plain: bool) -> None:
    assert site(f"listen {listen};").plain is plain


def test_a_location_with_a_header_of_its_own_loses_those_of_the_server() -> None:
    lines = ("add_header X-Frame-Options DENY;", "location / {", "add_header X-Other set;", "}")
    assert "frame-protection" not in site(*lines).headers
    assert "frame-protection" in site(*lines[:1]).headers


@pytest.mark.parametrize(
    ("head", "hides"),
    [
        (r"~ /\.", True), (r"~ /\.(?!well-known)", True), (r"~* (^|/)\.", True), (r"~ /\.ht", False),
        (r"~ /\.git", False), ("/.", False),
    ],
)  # fmt: skip
def test_only_a_location_for_all_names_with_a_dot_hides_them(head: str, hides: bool) -> None:
    assert site("root /w;", f"location {head} {{", "deny all;", "}").hides_dot_files is hides
    assert site("root /w;", f"location {head} {{", "}").hides_dot_files is False


def host(*lines: str) -> apache.Apache:
    return apache.parse("\n".join((*lines, "ef_files", "end")))


def test_sections_of_modules_that_are_not_loaded_do_not_count() -> None:
    trace = ("<ifmodule mod_ssl.c", "TraceEnable Off", ">")
    assert host(*trace).trace == "on"
    assert host("LoadModule ssl_module x.so", *trace).trace == "off"
    assert host(*trace, "LoadModule ssl_module x.so").trace == "on"
    assert host("<ifmodule !mod_ssl.c", "TraceEnable Off", ">").trace == "off"
    assert host("<ifmodule !mod_dav.c", "LoadModule dav_module x.so", ">").modules == ("dav",)


@pytest.mark.parametrize(
    ("line", "protocols"),
    [
        ("all -SSLv3", ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")),
        ("all -SSLv3 -TLSv1 -TLSv1.1", ("TLSv1.2", "TLSv1.3")),
        ("-all +TLSv1.2", ("TLSv1.2",)),
        ("TLSv1.2 TLSv1.3", ("TLSv1.2", "TLSv1.3")),
    ],
)
def test_protocols_of_apache_are_added_and_taken_away(line: str, protocols: tuple[str, ...]) -> None:
    assert host(f"SSLProtocol {line}").sites[0].protocols == protocols


def test_options_of_apache_replace_one_another_unless_signed() -> None:
    places = host("<directory /a", "Options Indexes", "Options -Indexes +Includes", ">").places
    assert places[0].options == ("includes",)


@pytest.mark.parametrize(
    ("lines", "access"),
    [
        (("require all denied",), "denied"),
        (("require all granted",), "granted"),
        (("require ip 192.0.2.1", "require all denied"), "restricted"),
        (("<requireany", "require local", ">"), "restricted"),
        (("Deny from all",), "denied"),
        (("Deny from all", "Allow from 127.0.0.1"), "restricted"),
        ((), ""),
    ],
)
def test_who_may_see_a_place_of_apache(lines: tuple[str, ...], access: str) -> None:
    assert host("<location /s", *lines, ">").places[0].access == access


def connector(attributes: str) -> tomcat.Connector:
    opened = "\t".join(("open Connector", *attributes.split()))
    body = (
        "instance /t",
        "file server.xml",
        "open Server",
        opened,
        "close Connector",
        "close Server",
        "ef_files",
        "end",
    )
    return tomcat.parse("\n".join(body)).connectors[0]


@pytest.mark.parametrize(
    ("attributes", "remote", "secret"),
    [
        ("protocol=AJP/1.3", False, False),
        ("protocol=AJP/1.3 address=0.0.0.0 secret=set", True, True),
        ("protocol=AJP/1.3 secret=set secretRequired=false", False, False),
        ("protocol=HTTP/1.1", True, False),
        ("protocol=HTTP/1.1 address=127.0.0.1", False, False),
    ],
)
def test_what_a_connector_of_tomcat_takes(attributes: str, remote: bool, secret: bool) -> None:
    found = connector(attributes)
    assert (found.remote, found.secret) == (remote, secret)


def directory(*lines: str) -> slapd.Slapd:
    body = ("dn: cn=config", "dn: olcDatabase={1}mdb", "olcDatabase: {1}mdb", *lines, "ef_files", "end")
    return slapd.parse("\n".join(body))


@pytest.mark.parametrize(
    ("rules", "passwords", "writers", "anonymous"),
    [
        ((), ("by * read",), (), True),
        (("to attrs=userPassword by self write by anonymous auth by * none", "to * by users read"), (), (), False),
        (("to * by * read", "to attrs=userPassword by anonymous auth by * none"), ("by * read",), (), True),
        (("to * by self write by users =rscxd by * none",), ("by users =rscxd",), (), False),
        (
            ("to * by dn.exact=cn=a manage by * break", "to attrs=userPassword by * auth", "to * by users read"),
            (),
            (),
            False,
        ),
        (("to attrs=mail by users write", "to * by * none"), (), ("to attrs=mail by users write",), False),
        (("to * by users ssf=128 read by * none",), (), (), False),
        (('to dn.base="" by * read', "to * by users compare by * none"), ("by users compare",), (), False),
    ],
)
def test_what_access_rules_of_slapd_give_to_everybody(
    rules: tuple[str, ...], passwords: tuple[str, ...], writers: tuple[str, ...], anonymous: bool
) -> None:
    (found,) = directory(*(f"olcAccess: {{{at}}}{rule}" for at, rule in enumerate(rules))).databases
    assert (found.passwords_open, found.writers, found.anonymous) == (passwords, writers, anonymous)


def test_values_of_slapd_in_base_64_are_read() -> None:
    assert directory("olcSuffix:: ZGM9ZWR1").databases[0].suffix == "dc=edu"


@pytest.mark.parametrize(
    ("flags", "written", "tcp"),
    [
        ("-H fd://", "", ()),
        ("-H tcp://0.0.0.0:2375", "", ("tcp://0.0.0.0:2375",)),
        ("", '{"hosts": ["unix:///run/docker.sock", "tcp://10.0.0.1:2376"]}', ("tcp://10.0.0.1:2376",)),
        ("--host=:2375", "", (":2375",)),
    ],
)
def test_where_docker_takes_commands(flags: str, written: str, tcp: tuple[str, ...]) -> None:
    body = (f"start /usr/sbin/dockerd {flags}", f"json {written}", "ef_files", "end")
    assert docker.parse("\n".join(body)).tcp == tcp


def test_a_running_docker_engine_says_more_than_its_unit() -> None:
    body = ("running dockerd", "running --icc=false", "start /usr/sbin/dockerd --icc=true", "json ", "ef_files", "end")
    assert not docker.parse("\n".join(body)).containers_talk


def test_imports_of_containerd_count_over_the_main_file() -> None:
    cri = 'toml [plugins."io.containerd.grpc.v1.cri"]'
    body = (
        "document",
        cri,
        "toml disable_apparmor = false",
        "document",
        cri,
        "toml disable_apparmor = true",
        "ef_files",
        "end",
    )
    assert containerd.parse("\n".join(body)).confinement_off == ("disable_apparmor",)


def node(flags: str, *lines: str) -> kubelet.Kubelet:
    written = ("ef_config", "kind: KubeletConfiguration", *lines) if lines else ()
    return kubelet.parse("\n".join((f'variable "{flags}"', *written, "ef_files", "end")))


def test_flags_of_the_kubelet_count_over_its_configuration() -> None:
    assert node("--read-only-port=10255", "readOnlyPort: 0").read_only_port == 10255
    assert node("--node-ip=192.0.2.1", "readOnlyPort: 0").read_only_port == 0


def test_a_kubelet_without_configuration_has_the_open_defaults_of_old() -> None:
    found = node("--kubeconfig=/etc/kubernetes/kubelet.conf")
    assert (found.anonymous, found.authorization, found.read_only_port) == (True, "AlwaysAllow", 10255)


def test_zero_means_never_as_a_flag_and_the_default_in_the_file() -> None:
    assert node("--streaming-connection-idle-timeout=0", "readOnlyPort: 0").idle_stream_seconds == 0
    assert node("", "streamingConnectionIdleTimeout: 0s").idle_stream_seconds == 14_400
