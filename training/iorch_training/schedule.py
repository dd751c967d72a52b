"""How many steps a run has, in which order it sees its samples, and at which rate it learns. Pure."""

import hashlib
import math
import random
from typing import Sequence, TypeVar

Item = TypeVar("Item")


def steps_per_epoch(samples: int, batch_size: int, accumulation: int) -> int:
    """Optimizer steps. The last one of an epoch may see fewer samples."""
    return math.ceil(samples / (batch_size * accumulation))


def order_of_epoch(samples: int, seed: int, epoch: int) -> list[int]:
    """The same after a restart, and another one in each epoch."""
    order = list(range(samples))
    random.Random(f"{seed}|{epoch}").shuffle(order)
    return order


def samples_of_step(order: list[int], step: int, batch_size: int, accumulation: int) -> list[int]:
    """What step `step` of an epoch (from 0) sees, however many GPUs share it."""
    start = step * batch_size * accumulation
    return order[start : start + batch_size * accumulation]


def portions(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Cut into what one GPU has in its memory at once."""
    return [items[at : at + most] for at in range(0, len(items), most)]


def chance_of(seed: int, step: int, rank: int) -> int:
    """The seed of a step's dropout: known after a restart without being stored, and another one for each process."""
    return int.from_bytes(hashlib.sha256(f"{seed}|{step}|{rank}".encode()).digest()[:7])


def rate_at(step: int, total: int, peak: float, warmup_ratio: float, kind: str) -> float:
    """The learning rate of step `step` (from 0) out of `total`."""
    warmup = math.ceil(warmup_ratio * total)
    if step < warmup:
        return peak * (step + 1) / warmup
    if kind == "constant":
        return peak
    share = (step - warmup) / max(1, total - warmup)
    return peak * (1 - share if kind == "linear" else 0.5 * (1 + math.cos(math.pi * share)))


def is_report_due(done: int, total: int) -> bool:
    """After `done` steps: at most one line for each hundredth of the run, and one for its end."""
    return done == total or done * 100 // total > (done - 1) * 100 // total


def is_checkpoint_due(done: int, total: int, portions: int = 20) -> bool:
    """A twentieth of the run is what an interruption may cost."""
    return done == total or done * portions // total > (done - 1) * portions // total
