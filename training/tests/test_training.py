"""Trains a tiny model as SageMaker would: in a process of its own, killed and started again."""

import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from iorch_training import checkpoints
from iorch_training.samples import sha256_of
from tiny import CHAT, sample, write_base, write_inputs

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


def start(root: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "IORCH_ML_ROOT": str(root)}
    return subprocess.Popen(
        [sys.executable, str(PROGRAM)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(root: Path) -> tuple[int, list[str], str]:
    with start(root) as process:
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


@pytest.fixture(scope="session")
def base(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    write_base(folder)
    return folder


def prepared(root: Path, base: Path, **changes: str) -> Path:
    write_inputs(root, base, HYPERPARAMETERS, TRAIN, HELD_OUT)
    checksum = sha256_of(root / "input/data/train", root / "input/data/eval")
    return write_inputs(root, base, {**HYPERPARAMETERS, "dataset_sha256": checksum, **changes}, TRAIN, HELD_OUT)


@pytest.fixture(scope="session")
def whole(base, tmp_path_factory) -> tuple[Path, list[str]]:
    """A run that nothing interrupts."""
    root = prepared(tmp_path_factory.mktemp("whole"), base)
    status, lines, errors = run(root)
    assert status == 0, errors
    return root, lines


def test_the_loss_falls_and_every_line_is_exact(whole):
    _, lines = whole
    found = points(lines)
    assert [line for line in lines if line.startswith("iorch")] == [line for line in lines if LINE.fullmatch(line)]
    assert [int(point["step"]) for point in found] == list(range(1, 61))
    losses = [float(point["train"]) for point in found]
    assert losses[0] > math.log(263) * 0.8
    assert sum(losses[-10:]) / 10 < 0.1 * losses[0]
    evaluated = [float(point["eval"]) for point in found if point["eval"] != "nan"]
    assert len(evaluated) == 6 and evaluated[-1] < 0.1 * losses[0]
    assert [point["epoch"] for point in found if point["eval"] != "nan"] == ["1", "2", "3", "4", "5", "6"]
    rates = [float(point["lr"]) for point in found]
    assert max(rates) == 0.01 and rates[0] == 0.005 and rates[-1] < 1e-4
    tokens = [int(point["tokens"]) for point in found]
    assert tokens == sorted(tokens) and tokens[-1] == 6 * tokens[9]


def test_adapter_manifest_and_evaluation_are_left(whole):
    root, lines = whole
    manifest = json.loads((root / "model/manifest.json").read_text())
    last = points(lines)[-1]
    assert manifest["job_id"] == HYPERPARAMETERS["job_id"] and manifest["steps"] == 60
    assert manifest["samples"]["train"] == {"samples": 80, "used": 80, "with_transcript": 0, "cut": 0, "nothing_to_learn": 0}
    assert manifest["metrics"]["final_loss"] == pytest.approx(float(last["train"]), rel=1e-5)
    assert manifest["metrics"]["eval_loss"] == pytest.approx(float(last["eval"]), rel=1e-5)
    assert manifest["metrics"]["tokens_processed"] == int(last["tokens"])
    assert manifest["resumed_at"] == []
    assert {"adapter/adapter_model.safetensors", "adapter/adapter_config.json", "evaluation.json"} <= set(manifest["files"])

    evaluation = json.loads((root / "model/evaluation.json").read_text())
    assert (root / "checkpoints/evaluation.json").read_text() == (root / "model/evaluation.json").read_text()
    assert evaluation["baseline"] == {"kind": "base_model", "reason": None}
    assert evaluation["text"]["items"] == len(evaluation["items"]) == 8
    assert [item["content_hash"] for item in evaluation["items"]] == sorted(each["metadata"]["content_hash"] for each in HELD_OUT)
    assert evaluation["eval_loss"]["candidate"] == pytest.approx(manifest["metrics"]["eval_loss"])
    assert evaluation["eval_loss"]["candidate"] < 0.1 * evaluation["eval_loss"]["baseline"]
    assert evaluation["text"]["candidate_mean"] > 0.9 and evaluation["text"]["baseline_mean"] < 0.1
    assert not (root / "output/failure").exists()


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_happened(whole, base, tmp_path):
    root, lines = whole
    broken = prepared(tmp_path, base)
    with start(broken) as process:
        until(process, 20)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not (broken / "model/manifest.json").exists()

    status, again, errors = run(broken)
    assert status == 0, errors
    resumed = json.loads((broken / "model/manifest.json").read_text())["resumed_at"]
    assert len(resumed) == 1 and 18 <= resumed[0] < 60
    assert f"Going on after step {resumed[0]}." in again
    assert points(again) == points(lines)[resumed[0] :]
    weights = "model/adapter/adapter_model.safetensors"
    assert (broken / weights).read_bytes() == (root / weights).read_bytes()


def test_a_run_that_is_told_to_stop_saves_first_and_says_nothing_failed(base, tmp_path):
    root = prepared(tmp_path, base)
    with start(root) as process:
        until(process, 5)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 128 + signal.SIGTERM
    stopped = re.search(r"Stopped after step (\d+) of 60", rest)
    (folder,) = sorted((root / "checkpoints").glob("step-*"))[-1:]
    assert folder.name == f"step-{int(stopped[1]):08d}"
    assert checkpoints.read_state(folder)["progress"]["step"] == int(stopped[1])
    assert not (root / "output/failure").exists()


def test_the_champions_artifact_is_the_baseline_and_transcripts_are_learned_in_the_models_own_chat(whole, base, tmp_path):
    champion, _ = whole
    root = tmp_path / "ml"
    chat = tmp_path / "chat"
    write_base(chat, CHAT)
    turns = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes"}]
    lines = [sample(number, messages=turns) for number in range(8)]
    write_inputs(root, chat, {**HYPERPARAMETERS, "epochs": "1", "batch_size": "8"}, lines, HELD_OUT[:3])
    baseline = root / "input/data/baseline"
    baseline.mkdir()
    with tarfile.open(baseline / "model.tar.gz", "w:gz") as archive:
        archive.add(champion / "model", arcname=".")
    status, _, errors = run(root)
    assert status == 0, errors
    evaluation = json.loads((root / "model/evaluation.json").read_text())
    assert evaluation["baseline"] == {"kind": "adapter", "reason": None}
    assert evaluation["eval_loss"]["baseline"] != evaluation["eval_loss"]["candidate"]
    assert json.loads((root / "model/manifest.json").read_text())["samples"]["train"]["with_transcript"] == 8
    assert sorted(path.name for path in (root / "model/adapter").iterdir() if path.is_dir()) == []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda root: (root / "input/config/hyperparameters.json").unlink(), "hyperparameters.json is missing"),
        (lambda root: (root / "input/data/train/train.jsonl").write_text("{\n"), "train.jsonl line 1: not JSON"),
        (lambda root: (root / "input/data/train/train.jsonl").write_text(""), "holds no sample"),
        (lambda root: (root / "input/data/train/train.jsonl").write_text(json.dumps(sample(1))), "SHA-256 differs"),
        (lambda root: (root / "input/config/resourceconfig.json").write_text('{"hosts":["a","b"]}'), "set instance_count to 1"),
        (lambda root: (root / "input/data/base").unlink(), "channel base is missing"),
    ],
)
def test_bad_input_ends_with_its_reason_where_sagemaker_reads_it(base, tmp_path, spoil, reason, monkeypatch, capsys):
    import train

    spoil(prepared(tmp_path, base))
    monkeypatch.setenv("IORCH_ML_ROOT", str(tmp_path))
    assert train.main() == 1
    assert reason in (tmp_path / "output/failure").read_text()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"method": "qlora"}, "Method qlora needs"),
        ({"target_modules": '["q_proj"]', "max_sequence_length": "128"}, None),
    ],
)
def test_qlora_without_a_gpu_is_refused_and_lora_asks_for_none(base, tmp_path, changes, reason, monkeypatch):
    import torch

    import train

    if torch.cuda.is_available() and reason:
        pytest.skip("this machine has a GPU")
    prepared(tmp_path, base, epochs="1", **changes)
    monkeypatch.setenv("IORCH_ML_ROOT", str(tmp_path))
    assert train.main() == (1 if reason else 0)
    assert not reason or reason in (tmp_path / "output/failure").read_text()
    assert "bitsandbytes" not in sys.modules


def test_an_archive_of_the_base_model_is_unpacked(base, tmp_path, monkeypatch):
    from iorch_training.base_model import weights_folder

    channel = tmp_path / "base"
    channel.mkdir()
    with tarfile.open(channel / "base.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("deep/config.json")
        archive.addfile(entry, io.BytesIO())
    assert weights_folder(channel, tmp_path / "unpacked") == tmp_path / "unpacked/deep"
