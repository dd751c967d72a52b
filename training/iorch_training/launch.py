"""Starts the processes of this machine and ends them together."""

import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

# how long the others may take to say why they end too
GRACE_SECONDS = 20.0
LOOK_SECONDS = 0.1


def _killed_by(signal: int) -> str:
    return (
        f"A process of the training was ended by signal {signal}: if nobody stopped it, the machine's memory is not enough. "
        "Take a larger instance_type or a smaller max_sequence_length."
    )


def _failure_among(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """A process that was killed goes before those that only lost it, when both are seen at once."""
    return min((process.returncode for process in processes if process.returncode), default=0)


def _first_failure(processes: Sequence[subprocess.Popen[bytes]], is_stopping: Callable[[], bool]) -> int:
    """Waits for all. The status of the one that failed first, after which the others have a while to end by themselves; 0 of none."""
    is_told, ends_at, first = False, math.inf, 0
    while any(process.poll() is None for process in processes):
        if is_stopping() and not is_told:
            is_told = True
            for process in processes:
                process.terminate()
        first = first or _failure_among(processes)
        if first:
            ends_at = min(ends_at, time.monotonic() + GRACE_SECONDS)
        if time.monotonic() > ends_at:
            for process in processes:
                process.kill()
        time.sleep(LOOK_SECONDS)
    return first or _failure_among(processes)


def launch(program: Path, tellings: Sequence[Mapping[str, str]], failure: Path, terminated: int, is_stopping: Callable[[], bool]) -> int:
    """The exit status of them all. A process that was killed could not say so itself: then its reason is written here."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for telling in tellings:
            processes.append(subprocess.Popen([sys.executable, str(program)], env={**os.environ, **telling}))
        first = _first_failure(processes, is_stopping)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    if first < 0:
        print(_killed_by(-first), file=sys.stderr, flush=True)
        failure.parent.mkdir(parents=True, exist_ok=True)
        # in place of what the others could say, which only lost it
        failure.write_text(_killed_by(-first), encoding="utf-8")
    statuses = {process.returncode for process in processes}
    return max(statuses) if statuses <= {0, terminated} else 1
