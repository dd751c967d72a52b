"""The program as SageMaker runs it: in a process of its own, below a fake /opt/ml."""

import os
import re
import subprocess
import sys
from pathlib import Path

from iorch_training.samples import sha256_of
from tiny import sample, write_inputs

PROGRAM = Path(__file__).parent.parent / "train.py"
LINE = re.compile(
    r"iorch step=(?P<step>\d+) epoch=(?P<epoch>[0-9.]+) train_loss=(?P<train>[0-9.]+) "
    r"eval_loss=(?P<eval>nan|[0-9.]+) lr=(?P<lr>[0-9.e-]+) tokens=(?P<tokens>\d+)"
)
HYPERPARAMETERS = {
    "epochs": "6",
    "learning_rate": "0.01",
    "batch_size": "4",
    "gradient_accumulation_steps": "2",
    "lora_rank": "16",
    "lora_alpha": "32",
    "lora_dropout": "0.1",
    "target_modules": '["q_proj","k_proj","v_proj","o_proj","gate_proj","up_proj","down_proj"]',
    "max_sequence_length": "128",
    "seed": "7",
    "job_id": "01JD8X5YB2M0Q4V6T8W1Z3C5E7",
    "attempt": "1",
    "base_model": "tiny/llama",
}
TRAIN = [sample(number) for number in range(80)]
HELD_OUT = [sample(number) for number in range(80, 88)]


def start(root: Path, **environment: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "IORCH_ML_ROOT": str(root), **environment}
    return subprocess.Popen(
        [sys.executable, str(PROGRAM)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(root: Path, **environment: str) -> tuple[int, list[str], str]:
    with start(root, **environment) as process:
        out, err = process.communicate(timeout=240)
    return process.returncode, out.splitlines(), err


def points(lines: list[str]) -> list[dict[str, str]]:
    return [match.groupdict() for line in lines if (match := LINE.fullmatch(line))]


def until(process: subprocess.Popen[str], step: int) -> list[str]:
    """The lines up to the first one at or behind this step."""
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        match = LINE.fullmatch(lines[-1])
        if match and int(match["step"]) >= step:
            return lines
    raise AssertionError(f"ended early: {lines} {process.stderr.read()}")


def prepared(root: Path, base: Path, **changes: str) -> Path:
    write_inputs(root, base, HYPERPARAMETERS, TRAIN, HELD_OUT)
    checksum = sha256_of(root / "input/data/train", root / "input/data/eval")
    return write_inputs(root, base, {**HYPERPARAMETERS, "dataset_sha256": checksum, **changes}, TRAIN, HELD_OUT)
