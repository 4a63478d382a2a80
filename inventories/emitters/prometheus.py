# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Prometheus targets: one file per job, in the format that ``file_sd`` and ``http_sd`` share.

Every variable of an asset is a ``__meta_`` label, from which ``relabel_configs`` may choose. Only what alerts are
routed by becomes a label of the series at once: a label that changes starts every series of its target anew.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address

from inventories.base import Frozen, Text
from inventories.emitter import Emitter, Files
from inventories.model import Asset, Host, Inventory, Service
from inventories.model.base import VarValue
from inventories.variables import PREFIX, variables

NODE_PORT = 9100
"""Where node_exporter listens unless told otherwise."""

_META = "__meta_"


class TargetGroup(Frozen):
    """Targets with the labels they share; the shape is Prometheus' own."""

    targets: tuple[str, ...]
    labels: dict[str, str]


def label_name(variable: str) -> str:
    """Return the label that carries a variable; those that files give in ``vars`` are set apart from our own.

    >>> label_name("edufleet_site"), label_name("zone")
    ('__meta_edufleet_site', '__meta_edufleet_var_zone')
    """
    return _META + (variable if variable.startswith(PREFIX) else f"{PREFIX}var_{variable}")


def label_text(value: VarValue) -> str:
    """Return the text form of a value: a list begins and ends with a comma, so that ``.*,web,.*`` finds a member.

    >>> label_text(("web", "db")), label_text(()), label_text(4), label_text(1.5), label_text(True)
    (',web,db,', ',,', '4', '1.5', 'true')
    """
    if isinstance(value, tuple):
        return f",{','.join(label_text(item) for item in value)},"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _emit(inventory: Inventory, assets: Sequence[Asset]) -> Files:
    chosen = {asset.name for asset in assets}
    services = (service for service in inventory.services if chosen.intersection(service.hosts))
    return {
        "node.json": _json(_group(inventory, asset, _node(asset)) for asset in assets if isinstance(asset, Host)),
        "snmp.json": _json(
            _group(inventory, asset, str(asset.address)) for asset in assets if not isinstance(asset, Host)
        ),
        "blackbox.json": _json(group for service in services if (group := _of_service(service)).targets),
    }


def _node(host: Asset) -> str:
    address = f"[{host.address}]" if isinstance(host.address, IPv6Address) else str(host.address)
    return f"{address}:{NODE_PORT}"


def _group(inventory: Inventory, asset: Asset, target: str) -> TargetGroup:
    told = {label_name(name): label_text(value) for name, value in variables(inventory, asset).items()}
    return TargetGroup(
        targets=(target,),
        labels={
            "instance": asset.name,
            "region": asset.region,
            "site": asset.site,
            "importance": asset.importance,
            **_called(asset),
            **told,
        },
    )


def _of_service(service: Service) -> TargetGroup:
    names = tuple(name for name in service.names if not name.startswith("*."))
    told: dict[str, VarValue] = {
        "mlps_level": service.mlps_level,
        "service_kind": service.kind,
        "public": service.public,
        "hosts": service.hosts,
    }
    labels = {"service": service.id, "region": service.region, **_called(service)}
    return TargetGroup(targets=names, labels=labels | {label_name(PREFIX + k): label_text(v) for k, v in told.items()})


def _called(entry: Asset | Service) -> dict[str, str]:
    called = {"owner": entry.owner, "rota": entry.rota}
    return {label: value for label, value in called.items() if value is not None}


def _json(groups: Iterator[TargetGroup]) -> bytes:
    """Write one group per line: ``diff`` then names what changed."""
    return ("[\n" + ",\n".join(group.model_dump_json() for group in groups) + "\n]\n").encode()


EMITTER = Emitter(
    id="prometheus",
    title=Text(en="Prometheus targets", zh="Prometheus 采集目标"),
    emit=_emit,
)
