"""Which machines and processes train together: one process for each GPU. Pure, but for reading the files."""

from dataclasses import dataclass
from typing import Mapping

from .failure import BadInput
from .files import read_json
from .layout import Layout

# where the processes of several machines find the first one
PORT = "29500"


@dataclass(frozen=True)
class Machines:
    """The machines of a job in an order that all of them know, and which of them this one is."""

    hosts: tuple[str, ...] = ("localhost",)
    index: int = 0
    interface: str | None = None


def read_machines(layout: Layout) -> Machines:
    """As SageMaker tells it. Without its file there is one machine."""
    if not layout.resources.exists():
        return Machines()
    given = read_json(layout.resources)
    hosts = given.get("hosts") if isinstance(given, dict) else None
    if not isinstance(hosts, list) or not hosts or given.get("current_host") not in hosts:
        raise BadInput("resourceconfig.json does not say which machines there are and which of them this is: start the job again.")
    order = sorted(hosts)
    return Machines(tuple(order), order.index(given["current_host"]), given.get("network_interface_name"))


def environments(machines: Machines, processes: int, given: Mapping[str, str]) -> list[dict[str, str]]:
    """What each process of this machine is told, in the names that torch.distributed reads. All machines have as many."""
    is_alone = len(machines.hosts) == 1
    interface = "lo" if is_alone else machines.interface
    common = {
        "WORLD_SIZE": str(len(machines.hosts) * processes),
        "LOCAL_WORLD_SIZE": str(processes),
        # without a network a machine does not even find its own name
        "MASTER_ADDR": "127.0.0.1" if is_alone else machines.hosts[0],
        "MASTER_PORT": given.get("MASTER_PORT", PORT),
    }
    if interface:
        common["GLOO_SOCKET_IFNAME"] = interface
    if interface and not is_alone:
        common["NCCL_SOCKET_IFNAME"] = interface
    return [
        {**common, "RANK": str(machines.index * processes + local), "LOCAL_RANK": str(local)} for local in range(processes)
    ]
