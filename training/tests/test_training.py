"""Trains a tiny model as SageMaker would: in a process of its own, killed and started again."""

import io
import json
import math
import re
import signal
import tarfile

import pytest

from iorch_training import checkpoints
from running import HELD_OUT, HYPERPARAMETERS, LINE, points, prepared, run, start, until
from tiny import CHAT, sample, write_base, write_inputs


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


def test_an_archive_of_the_base_model_is_unpacked(base, tmp_path, monkeypatch):
    from iorch_training.base_model import weights_folder

    channel = tmp_path / "base"
    channel.mkdir()
    with tarfile.open(channel / "base.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("deep/config.json")
        archive.addfile(entry, io.BytesIO())
    assert weights_folder(channel, tmp_path / "unpacked") == tmp_path / "unpacked/deep"
