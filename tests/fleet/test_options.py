# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""How a host is reached: the inventory, ssh_config, keys, the agent and jump hosts, as ssh(1) would have it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from fleet.gather import gather
from fleet.ssh.options import options_for, options_for_jump
from fleet.ssh.trust import HostKeys
from inventories.errors import BadInput
from inventories.model import SshAccess
from tests.fleet.servers import USER, WHOLE, Habits, Home, Notes, ask, capture_of, cause_of, host, said, serving

BARE = {"user": None, "port": SshAccess.model_fields["port"].default}


@pytest.fixture
def agent(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Run a real ssh-agent; its socket is in the environment."""
    socket = home.path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()  # it says where it listens once it does
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    yield socket
    process.terminate()
    process.wait()
    process.stdout.close()


def add_to(agent: Path, key: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(key)], check=True, env={**os.environ, "SSH_AUTH_SOCK": str(agent)})


def make_encrypted(key: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "secret", "-f", str(key)], check=True)


async def test_the_inventory_names_user_port_and_key(home: Home) -> None:
    key = home.key("fleet")
    async with serving(Habits(accepts=(key,))) as server:
        home.trust(server)
        assert cause_of(await capture_of(host(server))) == "auth_failed"
        assert said(await capture_of(host(server, identity_file=Path("~/.ssh/fleet")))) == WHOLE


async def test_ssh_config_names_them_by_the_inventory_name(home: Home) -> None:
    key = home.key("fleet")
    async with serving(Habits(accepts=(key,))) as server:
        home.trust(server)
        home.configure(
            f"Host web1\n  HostName 127.0.0.1\n  User {USER}\n  Port {server.port}\n"
            "  IdentityFile ~/.ssh/fleet\n  IdentitiesOnly yes\nHost *\n  User nobody\n"
        )
        options = options_for(host(22, **BARE)).options
        assert (options.host, options.username) == ("127.0.0.1", USER)
        assert said(await capture_of(host(server, user=None))) == WHOLE
        assert cause_of(await capture_of(host(server, "web2", user=None))) == "auth_failed"


async def test_the_inventory_may_bring_an_ssh_config_of_its_own(home: Home, tmp_path: Path) -> None:
    key = home.key("fleet")
    home.configure("Host web1\n  User nobody\n")
    own = tmp_path / "own_config"
    own.write_text(f"Host web1\n  User {USER}\n  IdentityFile {home.ssh / 'fleet'}\n")
    async with serving(Habits(accepts=(key,))) as server:
        home.trust(server)
        assert said(await capture_of(host(server, user=None, config=own))) == WHOLE


async def test_an_agent_logs_in(home: Home, agent: Path) -> None:
    key = home.key("held")
    add_to(agent, home.ssh / "held")
    (home.ssh / "held").unlink()
    async with serving(Habits(accepts=(key,))) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE


async def test_a_key_file_is_used_beside_the_agent(home: Home, agent: Path) -> None:
    home.key("other")
    add_to(agent, home.ssh / "other")
    key = home.key("fleet")
    async with serving(Habits(accepts=(key,))) as server:
        home.trust(server)
        assert said(await capture_of(host(server, identity_file=home.ssh / "fleet"))) == WHOLE


async def test_an_agent_that_is_gone_is_no_hindrance(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(home.path / "gone"))
    async with serving(Habits(accepts=(home.key("id_ed25519"),))) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE


async def test_encrypted_keys_of_the_person_are_passed_over(home: Home) -> None:
    make_encrypted(home.ssh / "id_ecdsa")
    async with serving(Habits(accepts=(home.key("id_ed25519"),))) as server:
        home.trust(server)
        assert said(await capture_of(host(server))) == WHOLE


# -- what cannot be used -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["Port ninety", "Compression maybe", "Match nonsense *", "Host 'unbalanced", "ConnectTimeout soon"]
)
async def test_a_mistake_in_ssh_config_is_named_with_its_file(home: Home, line: str) -> None:
    home.configure(line + "\n")
    with pytest.raises(BadInput) as problem:
        options_for(host(22, **BARE))
    assert problem.value.where
    assert str(home.ssh / "config") in problem.value.where
    assert "web1" in problem.value.what


def test_a_missing_ssh_config_of_the_inventory_is_named(home: Home) -> None:
    with pytest.raises(BadInput) as problem:
        options_for(host(22, config=home.ssh / "absent"))
    assert problem.value.where == str(home.ssh / "absent")


@pytest.mark.parametrize("content", [None, b"", b"not a key"])
def test_a_key_file_that_is_none_is_named(home: Home, content: bytes | None) -> None:
    if content is not None:
        (home.ssh / "fleet").write_bytes(content)
    with pytest.raises(BadInput, match="web1"):
        options_for(host(22, identity_file=home.ssh / "fleet"))


@pytest.mark.parametrize(
    "jump", ["", "ops@", "gate:", "gate:ssh", ":22", "gate:99999", "gate:0", "ssh://gate", "::1", "a b"]
)
def test_a_jump_host_that_is_none_is_named(home: Home, jump: str) -> None:
    with pytest.raises(BadInput):
        options_for_jump(jump, ())
    assert not home.known_hosts.exists()


@pytest.mark.parametrize(
    ("jump", "expected"),
    [
        ("bastion", ("bastion", 22, None)),
        ("ops@bastion:2022", ("bastion", 2022, "ops")),
        ("ops@example@bastion", ("bastion", 22, "ops@example")),
        ("[2001:db8::1]:2022", ("2001:db8::1", 2022, None)),
        ("ops@[2001:db8::1]", ("2001:db8::1", 22, "ops")),
    ],
)
def test_jump_hosts_are_written_as_for_ssh(home: Home, jump: str, expected: tuple[str, int, str | None]) -> None:
    options = options_for_jump(jump, ()).options
    name, port, user = expected
    assert (options.host, options.port) == (name, port)
    assert user is None or options.username == user
    assert home.path


# -- jump hosts --------------------------------------------------------------------------------------------------------


async def test_twenty_hosts_share_one_login_to_their_bastion(home: Home) -> None:
    async with serving() as bastion, serving() as server:
        home.trust(bastion, server)
        home.configure(f"Host gate\n  HostName 127.0.0.1\n  Port {bastion.port}\nHost web*\n  ProxyJump {USER}@gate\n")
        hosts = [host(server, f"web{n}") for n in range(20)]
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=Notes(), concurrency=8)
        assert [said(capture) for capture in captures] == [WHOLE] * 20
        assert bastion.logins == 1
        assert bastion.forwards == 20
        assert server.logins == 20


async def test_a_chain_of_jump_hosts(home: Home) -> None:
    async with serving() as outer, serving() as inner, serving() as server:
        home.trust(outer, inner, server)
        way = ",".join(f"{USER}@127.0.0.1:{gate.port}" for gate in (outer, inner))
        assert said(await capture_of(host(server, proxy_jump=way))) == WHOLE
        assert (outer.forwards, inner.forwards, server.logins) == (1, 1, 1)


async def test_a_jump_host_behind_another_by_ssh_config(home: Home) -> None:
    async with serving() as outer, serving() as inner, serving() as server:
        home.trust(outer, inner, server)
        home.configure(
            f"Host outer\n  HostName 127.0.0.1\n  Port {outer.port}\n"
            f"Host inner\n  HostName 127.0.0.1\n  Port {inner.port}\n  ProxyJump outer\n"
        )
        assert said(await capture_of(host(server, proxy_jump="inner"))) == WHOLE
        assert (outer.forwards, inner.forwards) == (1, 1)


async def test_a_bastion_that_ssh_config_puts_before_everything_is_reached_directly(home: Home) -> None:
    async with serving() as bastion, serving() as server:
        home.trust(bastion, server)
        home.configure(
            f"Host gate\n  HostName 127.0.0.1\n  Port {bastion.port}\nHost *\n  User {USER}\n  ProxyJump gate\n"
        )
        assert said(await capture_of(host(server))) == WHOLE


async def test_jump_hosts_in_a_circle_are_named(home: Home) -> None:
    home.configure("Host a\n  ProxyJump b\nHost b\n  ProxyJump c\nHost c\n  ProxyJump a\n")
    with pytest.raises(BadInput, match="circle"):
        await capture_of(host(22, proxy_jump="a"))


async def test_no_jump_host_after_all(home: Home) -> None:
    home.configure("Host *\n  ProxyJump gate\n")
    async with serving() as server:
        home.trust(server)
        assert said(await capture_of(host(server, proxy_jump="none"))) == WHOLE


async def test_a_bastion_that_refuses_is_named_and_asked_once(home: Home) -> None:
    async with serving(Habits(accepts=(asyncssh.generate_private_key("ssh-ed25519"),))) as bastion:
        home.trust(bastion)
        hosts = [host(22, f"web{n}", proxy_jump=f"127.0.0.1:{bastion.port}") for n in range(10)]
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=Notes(), concurrency=3)
        assert {cause_of(capture) for capture in captures} == {"auth_failed"}
        assert all("jump host" in capture.cause.detail for capture in captures if capture.cause)
        assert bastion.attempts == 1


async def test_the_key_of_a_bastion_is_never_learned_in_passing(home: Home) -> None:
    async with serving() as bastion, serving() as server:
        target = host(server, proxy_jump=f"127.0.0.1:{bastion.port}")
        assert cause_of(await capture_of(target, keys=HostKeys(accept_new=True))) == "host_key_unknown"
        assert server.connections == 0
        home.known_hosts.write_text(bastion.known(key=asyncssh.generate_private_key("ssh-ed25519")))
        assert cause_of(await capture_of(target, keys=HostKeys(accept_new=True))) == "host_key_changed"


async def test_a_bastion_that_cannot_reach_the_host(home: Home, patience: object) -> None:
    patience()  # type: ignore[operator]
    async with serving() as bastion, serving(Habits(forwarding=False)) as closed:
        async with serving() as server:
            port = server.port
        home.trust(bastion, closed)
        for gate in (bastion, closed):
            capture = await capture_of(host(port, proxy_jump=f"127.0.0.1:{gate.port}"))
            assert cause_of(capture) == "no_route"
            assert capture.cause
            assert "jump host" in capture.cause.detail


async def test_a_bastion_that_is_lost_is_reached_anew(home: Home) -> None:
    async with serving() as bastion, serving() as server:
        home.trust(bastion, server)
        target = host(server, proxy_jump=f"127.0.0.1:{bastion.port}")

        class Vandal(Notes):
            def ended(self, _: object) -> None:
                for connection in bastion.open:
                    connection.abort()

        hosts = [target.model_copy(update={"name": f"web{n}"}) for n in range(3)]
        captures = await gather(hosts, ask(), keys=HostKeys(), watcher=Vandal(), concurrency=1)
        assert [said(capture) for capture in captures] == [WHOLE] * 3
        assert bastion.logins >= 2
