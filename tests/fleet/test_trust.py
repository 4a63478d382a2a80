# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Host keys: nobody is believed who is not on file; learning is asked for, happens once, and never replaces a key."""

import subprocess
from pathlib import Path

import asyncssh
import pytest

from fleet.ssh.trust import HostKeys
from inventories.errors import BadInput
from tests.fleet.servers import LOOPBACK, USER, WHOLE, Habits, Home, capture_of, cause_of, host, said, serving


def hash_names(known_hosts: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(known_hosts)], check=True, stderr=subprocess.DEVNULL)


def new_key(kind: str = "ssh-ed25519") -> asyncssh.SSHKey:
    return asyncssh.generate_private_key(kind)


async def test_an_unknown_host_key_is_refused_and_not_written_down(home: Home) -> None:
    async with serving() as server:
        capture = await capture_of(host(server))
        assert cause_of(capture) == "host_key_unknown"
        assert not capture.reached
        assert server.connections == 1
    assert not home.known_hosts.exists()


async def test_a_new_host_key_is_learned_once_and_then_held_against_the_host(home: Home) -> None:
    async with serving() as server:
        first, second, third = HostKeys(accept_new=True), HostKeys(accept_new=True), HostKeys()
        assert said(await capture_of(host(server), keys=first)) == WHOLE
        assert first.learned == [(f"[{LOOPBACK}]:{server.port}", server.host_key.get_fingerprint())]
        assert home.known_hosts.read_text() == server.known()
        assert said(await capture_of(host(server), keys=second)) == WHOLE
        assert second.learned == []
        assert home.known_hosts.read_text() == server.known()
        assert said(await capture_of(host(server), keys=third)) == WHOLE


@pytest.mark.usefixtures("home")
async def test_two_names_of_one_server_are_learned_once() -> None:
    keys = HostKeys(accept_new=True)
    async with serving() as server:
        for name in ("web1", "web2"):
            assert said(await capture_of(host(server, name), keys=keys)) == WHOLE
    assert len(keys.learned) == 1


@pytest.mark.parametrize("accept_new", [False, True])
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
async def test_a_changed_host_key_is_refused_always(home: Home, accept_new: bool, kind: str) -> None:
    async with serving() as server:
        home.known_hosts.write_text(server.known(key=new_key(kind)))
        before = home.known_hosts.read_text()
        capture = await capture_of(host(server), keys=HostKeys(accept_new=accept_new))
        assert cause_of(capture) == "host_key_changed"
        assert not capture.reached
        assert home.known_hosts.read_text() == before


@pytest.mark.parametrize("accept_new", [False, True])
async def test_a_revoked_host_key_is_refused_always(home: Home, accept_new: bool) -> None:
    async with serving() as server:
        home.known_hosts.write_text(server.known() + server.known(marker="@revoked "))
        capture = await capture_of(host(server), keys=HostKeys(accept_new=accept_new))
        assert cause_of(capture) == "host_key_changed"


async def test_a_host_certificate_of_a_known_authority_is_believed(home: Home) -> None:
    authority, key = new_key(), new_key()
    certificate = authority.generate_host_certificate(key, "web1", principals=[LOOPBACK])
    async with serving(host_key=key, certificate=certificate) as server:
        home.known_hosts.write_text(server.known(marker="@cert-authority ", key=authority))
        assert said(await capture_of(host(server))) == WHOLE


@pytest.mark.parametrize("fault", ["another authority", "another host", "expired"])
async def test_a_host_certificate_that_does_not_hold_is_refused(home: Home, fault: str) -> None:
    authority, key = new_key(), new_key()
    certificate = authority.generate_host_certificate(
        key,
        "web1",
        principals=["elsewhere" if fault == "another host" else LOOPBACK],
        valid_before="20200101" if fault == "expired" else 0xFFFFFFFFFFFFFFFF,
        valid_after="20190101",
    )
    async with serving(host_key=key, certificate=certificate) as server:
        on_file = new_key() if fault == "another authority" else authority
        home.known_hosts.write_text(server.known(marker="@cert-authority ", key=on_file))
        capture = await capture_of(host(server), keys=HostKeys(accept_new=True))
        assert cause_of(capture) in {"host_key_unknown", "host_key_changed"}
        assert not capture.reached


async def test_a_host_with_a_certificate_of_nobody_can_be_learned_by_its_key(home: Home) -> None:
    key = new_key()
    certificate = new_key().generate_host_certificate(key, "web1", principals=[LOOPBACK])
    async with serving(host_key=key, certificate=certificate) as server:
        assert said(await capture_of(host(server), keys=HostKeys(accept_new=True))) == WHOLE
        assert home.known_hosts.read_text() == server.known()
        assert said(await capture_of(host(server))) == WHOLE


async def test_keys_are_learned_where_the_inventory_says(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "state" / "known_hosts"
    async with serving() as server:
        target = host(server, known_hosts=file)
        assert cause_of(await capture_of(target)) == "host_key_unknown"
        assert said(await capture_of(target, keys=HostKeys(accept_new=True))) == WHOLE
        assert said(await capture_of(target)) == WHOLE
    assert file.read_text() == server.known()
    assert not home.known_hosts.exists()


async def test_keys_are_looked_up_in_every_file_that_ssh_config_names(home: Home, tmp_path: Path) -> None:
    home.configure("UserKnownHostsFile ~/.ssh/missing ~/.ssh/second\nGlobalKnownHostsFile ~/everybody\n")
    async with serving() as server, serving() as other:
        (home.ssh / "second").write_text(server.known())
        (tmp_path / "everybody").write_text(other.known())
        assert said(await capture_of(host(server))) == WHOLE
        assert said(await capture_of(host(other))) == WHOLE


async def test_no_setting_turns_the_check_off(home: Home) -> None:
    home.configure("UserKnownHostsFile none\nStrictHostKeyChecking no\n")
    async with serving() as server:
        assert cause_of(await capture_of(host(server))) == "host_key_unknown"


async def test_hashed_names_and_aliases_are_understood(home: Home) -> None:
    home.configure("Host web1\n  HostKeyAlias web1.edu.example\n")
    async with serving() as server:
        public = server.host_key.export_public_key().decode()
        home.known_hosts.write_text(f"web1.edu.example {public}")
        hash_names(home.known_hosts)
        assert "web1" not in home.known_hosts.read_text()
        assert said(await capture_of(host(server))) == WHOLE


async def test_a_user_certificate_logs_in(home: Home) -> None:
    authority = new_key()
    home.key("id_ed25519", certified_by=authority)
    async with serving(Habits(user_authority=authority)) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE
        assert cause_of(await capture_of(host(server, user="root"))) == "auth_failed"
    assert USER != "root"


@pytest.mark.parametrize("content", [b"one-word\n", b"\xff\xfe\x00binary"])
async def test_a_damaged_known_hosts_file_is_named(home: Home, content: bytes) -> None:
    home.known_hosts.write_bytes(content)
    async with serving() as server:
        with pytest.raises(BadInput) as problem:
            await capture_of(host(server))
    assert problem.value.where == str(home.known_hosts)


async def test_a_key_that_cannot_be_written_down_stops_the_pass(home: Home) -> None:
    async with serving() as server:
        target = host(server, known_hosts=home.path / "file" / "known_hosts")
        (home.path / "file").write_text("")
        with pytest.raises(BadInput, match="file"):
            await capture_of(target, keys=HostKeys(accept_new=True))
