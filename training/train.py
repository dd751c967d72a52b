"""Entry of the training container: `python train.py`, or `train` as SageMaker calls it.

Starts itself once for each GPU when there are several, or several machines.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Callable

from iorch_training.failure import BadInput, LostPeer, reason_of
from iorch_training.layout import Layout

# What a shell says of a program that was told to end: neither success nor a failure of its own.
TERMINATED = 128 + signal.SIGTERM


def _gpus() -> int:
    told = os.environ.get("SM_NUM_GPUS", "")
    if told.isdecimal():
        return int(told)
    import torch

    return torch.cuda.device_count()


def _work(layout: Layout, is_stopping: Callable[[], bool]) -> int:
    # after the handler, since the libraries take seconds to load
    from iorch_training.loop import Interrupted
    from iorch_training.program import run_program
    from iorch_training.team import Team, join, leave

    team = Team()

    def show(line: str) -> None:
        if team.is_first:
            print(line, flush=True)

    try:
        team = join(os.environ)
        run_program(layout, show, is_stopping, team)
        leave(team)
    except Interrupted as interruption:
        show(str(interruption))
        return TERMINATED
    except LostPeer as lost:
        # everyone is told to stop, and whoever is first to go is no failure
        if is_stopping():
            return TERMINATED
        # the one that failed knows more
        if not layout.failure.exists():
            fail(layout, lost)
        return 1
    return 0


def fail(layout: Layout, error: Exception) -> None:
    """Writes the reason where SageMaker reads it."""
    reason = reason_of(error)
    print(reason, file=sys.stderr, flush=True)
    layout.failure.parent.mkdir(parents=True, exist_ok=True)
    layout.failure.write_text(reason, encoding="utf-8")


def main() -> int:
    """The exit status."""
    layout = Layout(Path(os.environ.get("IORCH_ML_ROOT", "/opt/ml")))
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    try:
        if "RANK" not in os.environ:
            from iorch_training.launch import launch
            from iorch_training.machines import environments, read_machines

            tellings = environments(read_machines(layout), max(1, _gpus()), os.environ)
            if len(tellings) > 1:
                return launch(Path(__file__), tellings, layout.failure, TERMINATED, lambda: stopping)
            if tellings[0]["WORLD_SIZE"] != "1":
                os.environ.update(tellings[0])
        return _work(layout, lambda: stopping)
    except Exception as error:
        if not isinstance(error, BadInput):
            traceback.print_exc()
        fail(layout, error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
