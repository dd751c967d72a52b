"""Starts the processes of this machine and ends them together."""

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


def _wait(processes: Sequence[subprocess.Popen[bytes]], is_stopping: Callable[[], bool]) -> None:
    is_told, ends_at = False, None
    while any(process.poll() is None for process in processes):
        if is_stopping() and not is_told:
            is_told = True
            for process in processes:
                process.terminate()
        if ends_at is None and any(process.returncode for process in processes):
            ends_at = time.monotonic() + GRACE_SECONDS
        if ends_at is not None and time.monotonic() > ends_at:
            for process in processes:
                process.kill()
        time.sleep(LOOK_SECONDS)


def launch(program: Path, tellings: Sequence[Mapping[str, str]], failure: Path, terminated: int, is_stopping: Callable[[], bool]) -> int:
    """The exit status of them all. A process that was killed could not say so itself: then its reason is written here."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for telling in tellings:
            processes.append(subprocess.Popen([sys.executable, str(program)], env={**os.environ, **telling}))
        _wait(processes, is_stopping)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    statuses = [process.returncode for process in processes]
    killed = [-status for status in statuses if status < 0]
    # the others are killed after the one that failed, and that one has said why
    if killed and not failure.exists() and not any(status > 0 for status in statuses):
        print(_killed_by(killed[0]), file=sys.stderr, flush=True)
        failure.parent.mkdir(parents=True, exist_ok=True)
        failure.write_text(_killed_by(killed[0]), encoding="utf-8")
    if not any(statuses):
        return 0
    return terminated if set(statuses) <= {0, terminated} else 1
