"""Entry of the training container: `python train.py`, or `train` as SageMaker calls it."""

import os
import signal
import sys
import traceback
from pathlib import Path

from iorch_training.failure import BadInput, reason_of
from iorch_training.layout import Layout

# What a shell says of a program that was told to end: neither success nor a failure of its own.
TERMINATED = 128 + signal.SIGTERM


def main() -> int:
    """The exit status. A failure is also written where SageMaker reads its reason."""
    layout = Layout(Path(os.environ.get("IORCH_ML_ROOT", "/opt/ml")))
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    try:
        # after the handler, since the libraries take seconds to load
        from iorch_training.loop import Interrupted
        from iorch_training.program import run_program

        try:
            run_program(layout, lambda line: print(line, flush=True), lambda: stopping)
        except Interrupted as interruption:
            print(interruption, flush=True)
            return TERMINATED
        return 0
    except Exception as error:
        if not isinstance(error, BadInput):
            traceback.print_exc()
        reason = reason_of(error)
        print(reason, file=sys.stderr, flush=True)
        layout.failure.parent.mkdir(parents=True, exist_ok=True)
        layout.failure.write_text(reason, encoding="utf-8")
        return 1


if __name__ == "__main__":
    sys.exit(main())
