"""The processes that train together. One alone is a team as well, and talks to nobody."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Iterator, Mapping, Sequence, TypeVar

import torch
import torch.distributed as distributed

from .failure import LostPeer

Item = TypeVar("Item")

# longer than the first one may be busy alone: with a checkpoint, or with its share of the answers
PATIENCE = timedelta(minutes=30)


@contextmanager
def _talking() -> Iterator[None]:
    try:
        yield
    # of gloo and of NCCL alike: out of memory is one too, and is this process's own
    except RuntimeError as error:
        if isinstance(error, torch.OutOfMemoryError):
            raise
        raise LostPeer(
            f"Another process of this training has ended before its time: its machine's log says why. Then retry the job. {error}"
        ) from error


def _flat(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.cat([tensor.detach().reshape(-1).float() for tensor in tensors])


def _copy(flat: torch.Tensor, targets: Sequence[torch.Tensor]) -> None:
    at = 0
    for target in targets:
        target.copy_(flat[at : at + target.numel()].view_as(target))
        at += target.numel()


@dataclass(frozen=True)
class Team:
    """This process among all. The first one alone keeps the optimizer, writes files and speaks."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    machines: int = 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    @property
    def is_first_here(self) -> bool:
        """Of its machine."""
        return self.local_rank == 0

    def share(self, items: Sequence[Item]) -> Sequence[Item]:
        """This process's part of the work. No two have one in common."""
        return items[self.rank :: self.size]

    def sums(self, *values: float) -> list[float]:
        """Over all processes; the same for each of them."""
        if self.size == 1:
            return list(values)
        together = torch.tensor(values, dtype=torch.float64)
        with _talking():
            distributed.all_reduce(together)
        return together.tolist()

    def wait(self) -> None:
        """Until all have come here."""
        self.sums(0.0)

    def all_of(self, part: Any) -> list[Any]:
        """What every process holds, in their order."""
        if self.size == 1:
            return [part]
        parts: list[Any] = [None] * self.size
        with _talking():
            distributed.all_gather_object(parts, part)
        return parts

    def gather_gradients(self, weights: Sequence[torch.nn.Parameter]) -> None:
        """The first one gets the sum. A process without samples in this step has no gradient and adds none."""
        if self.size == 1:
            return
        flat = _flat([torch.zeros_like(each) if each.grad is None else each.grad for each in weights])
        with _talking():
            distributed.reduce(flat, dst=0)
        if self.is_first:
            for each in weights:
                each.grad = torch.zeros_like(each) if each.grad is None else each.grad
            _copy(flat, [each.grad for each in weights if each.grad is not None])

    def hand_out(self, weights: Sequence[torch.nn.Parameter]) -> None:
        """Everyone gets the weights of the first one."""
        if self.size == 1:
            return
        flat = _flat(weights)
        with _talking():
            distributed.broadcast(flat, src=0)
        with torch.no_grad():
            _copy(flat, weights)


def join(environment: Mapping[str, str]) -> Team:
    """The team that the environment tells of, once all have joined; alone if it tells of none."""
    size = int(environment.get("WORLD_SIZE", "1"))
    if size == 1:
        return Team()
    local = int(environment["LOCAL_RANK"])
    if torch.cuda.is_available():
        torch.cuda.set_device(local)
    with _talking():
        distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo", timeout=PATIENCE)
    return Team(int(environment["RANK"]), size, local, size // int(environment.get("LOCAL_WORLD_SIZE", "1")))


def leave(team: Team) -> None:
    """Says goodbye, so that nobody takes the end for a failure."""
    if team.size > 1:
        distributed.destroy_process_group()
