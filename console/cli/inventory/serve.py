# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""``edufleet inventory serve``: the inventory over HTTP, for Prometheus' service discovery."""

import ipaddress
import socket
from typing import Annotated
from urllib.parse import urlsplit

import typer

from console.cli.common import err
from console.cli.inventory.options import InventoryOption, LimitOption
from inventories.errors import BadInput, CouldNotFinish
from inventories.loader import find_inventory

_STOP_SECONDS = 3
"""How long answers that are under way may take when it is stopped."""


def command(
    inventory: InventoryOption = None,
    limit: LimitOption = None,
    listen: Annotated[
        str, typer.Option(metavar="ADDRESS:PORT", help="Where to listen; port 0 takes a free one.")
    ] = "127.0.0.1:9776",
) -> None:
    """Serve the inventory to Prometheus' http_sd until Ctrl-C; changes to its files show at the next request.

    GET /prometheus/node, /prometheus/snmp, /prometheus/blackbox; GET /healthz answers 503 while the files are invalid.
    """
    import uvicorn  # noqa: PLC0415 - no other command needs the web server

    from console.discovery import Discovery, application  # noqa: PLC0415 - the same

    directory = find_inventory(inventory)
    with _bound(listen) as listener:
        with err.status("reading the inventory"):
            discovery = Discovery(directory, limit, _tell)
        host, port = listener.getsockname()[:2]
        if not ipaddress.ip_address(host).is_loopback:
            _tell("warning: whoever reaches this address can read the inventory, without a password")
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        _tell(f"serving {directory} at http://{where}/prometheus/node; stop with Ctrl-C")
        config = uvicorn.Config(
            application(discovery), log_level="warning", lifespan="off", timeout_graceful_shutdown=_STOP_SECONDS
        )
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            _tell("stopped")


def _tell(line: str) -> None:
    err.print(line, soft_wrap=True, markup=False)


def _bound(listen: str) -> socket.socket:
    """Return a socket that listens at ``address:port`` or ``[v6]:port``."""
    try:
        parts = urlsplit(f"//{listen}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if host is None or port is None or parts.netloc != listen:
        raise BadInput(f"{listen!r} is no address and port", hint="write it as 127.0.0.1:9776 or [::1]:9776")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        # create_server() repeats the address behind the reason
        reason = str(problem.strerror).partition(" (while")[0]
        hint = "choose another with --listen; port 0 takes a free one"
        raise CouldNotFinish(f"cannot listen: {reason}", where=listen, hint=hint) from None
