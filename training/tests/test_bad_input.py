"""Whatever is wrong ends with exit status 1 and one sentence where SageMaker reads it."""

import json
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel

import train
from iorch_training import loop
from iorch_training.batches import losses
from iorch_training.failure import LONGEST_REASON
from running import prepared
from tiny import sample, write_lines, write_tokenizer

QUICK = {"epochs": "1", "batch_size": "16"}


def failure_of(root: Path, monkeypatch, capsys) -> str:
    monkeypatch.setenv("IORCH_ML_ROOT", str(root))
    assert train.main() == 1
    reason = (root / "output/failure").read_text()
    assert 0 < len(reason) <= LONGEST_REASON and "\n" not in reason
    errors = capsys.readouterr().err
    assert reason in errors
    return errors


def own_base(root: Path) -> Path:
    """The base model as a copy that may be spoiled."""
    link = root / "input/data/base"
    origin = link.resolve()
    link.unlink()
    shutil.copytree(origin, link)
    return link


def change_weights(root: Path, change) -> None:
    file = own_base(root) / "model.safetensors"
    save_file(change(load_file(file)), file, metadata={"format": "pt"})


def with_adapter(root: Path, config: dict[str, Any] | None) -> Path:
    folder = root / "input/data/baseline/adapter"
    folder.mkdir(parents=True)
    if config is not None:
        common = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"], "r": 4}
        (folder / "adapter_config.json").write_text(json.dumps(common | config))
        name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
        save_file({name: torch.zeros(4, 3)}, folder / "adapter_model.safetensors")
    return folder.parent


def other_kind(root: Path) -> None:
    base = root / "input/data/base"
    base.unlink()
    GPT2LMHeadModel(GPT2Config(vocab_size=263, n_positions=64, n_embd=8, n_layer=1, n_head=1)).save_pretrained(base)
    write_tokenizer(base)


def train_file(text: str):
    return lambda root: (root / "input/data/train/train.jsonl").write_text(text)


SPOILT = {
    "no hyperparameters": (lambda root: (root / "input/config/hyperparameters.json").unlink(), "hyperparameters.json is missing"),
    "no JSON": (train_file("{\n"), "train.jsonl line 1: not JSON"),
    "no sample": (train_file("\n"), "holds no sample"),
    "other samples": (train_file(json.dumps(sample(1))), "SHA-256 differs"),
    "a line of 5 MB": (train_file(json.dumps(sample(1, output="x" * (5 << 20)))), "train.jsonl line 1: longer than 4 MiB"),
    "eval not JSON": (lambda root: write_lines(root / "input/data/eval", "eval.jsonl", ["{}", "x"]), "eval.jsonl line 1: instruction"),
    "no machines": (lambda root: (root / "input/config/resourceconfig.json").write_text("{}"), "resourceconfig.json does not say"),
    "no base": (lambda root: (root / "input/data/base").unlink(), "channel base is missing"),
    "no config": (lambda root: (own_base(root) / "config.json").unlink(), "holds no config.json"),
    "config not JSON": (lambda root: (own_base(root) / "config.json").write_text("{"), "cannot be"),
    "unknown kind": (lambda root: (own_base(root) / "config.json").write_text('{"model_type":"nobody-knows"}'), "cannot be"),
    "no weights": (lambda root: (own_base(root) / "model.safetensors").unlink(), "give its config.json and whole weights as safetensors"),
    "half the weights": (
        lambda root: (own_base(root) / "model.safetensors").write_bytes((root / "input/data/base/model.safetensors").read_bytes()[:9_000]),
        "whole weights as safetensors",
    ),
    "a tensor missing": (
        lambda root: change_weights(root, lambda weights: {k: v for k, v in weights.items() if "layers.1.mlp.up" not in k}),
        "weights lack 1 tensors, model.layers.1.mlp.up_proj.weight for one",
    ),
    "weights that are no numbers": (
        lambda root: change_weights(root, lambda weights: {k: v * float("nan") for k, v in weights.items()}),
        "not a finite number before anything was learned",
    ),
    "no tokenizer": (
        lambda root: [file.unlink() for file in own_base(root).glob("token*")],
        "tokenizer cannot be read",
    ),
    "other modules": (other_kind, "has no modules named q_proj"),
    "baseline without an adapter": (lambda root: with_adapter(root, None), "The channel baseline holds no adapter"),
    "baseline that is no archive": (
        lambda root: (with_adapter(root, None) / "model.tar.gz").write_bytes(b"x" * 100),
        "model.tar.gz cannot be unpacked",
    ),
    "baseline of another shape": (lambda root: with_adapter(root, {}), "baseline's adapter does not fit the base model"),
    "baseline of another kind": (lambda root: with_adapter(root, {"peft_type": "NOBODY_KNOWS"}), "baseline's adapter does not fit"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_given_wrongly_is_named(base, tmp_path, name, monkeypatch, capsys):
    spoil, reason = SPOILT[name]
    spoil(prepared(tmp_path, base, **QUICK))
    errors = failure_of(tmp_path, monkeypatch, capsys)
    assert reason in errors and "Traceback" not in errors
    assert not (tmp_path / "model/manifest.json").exists()


def test_a_sample_that_is_longer_than_the_base_model_reads_is_named(base, tmp_path, monkeypatch, capsys):
    prepared(tmp_path, base, **QUICK, max_sequence_length="2048", dataset_sha256="")
    write_lines(tmp_path / "input/data/train", "train.jsonl", [sample(1, output="x" * 1_500)])
    assert "base model reads at most 1024: lower max_sequence_length" in failure_of(tmp_path, monkeypatch, capsys)


def test_hyperparameters_with_a_bad_value_are_named(base, tmp_path, monkeypatch, capsys):
    prepared(tmp_path, base, epochs="many")
    assert "Hyperparameter epochs is 'many': it must be a whole number." in failure_of(tmp_path, monkeypatch, capsys)


def test_a_loss_that_is_lost_on_the_way_is_said_with_what_helps(base, tmp_path, monkeypatch, capsys):
    seen = []

    def sometimes(model, batch):
        seen.append(batch)
        total, count, right = losses(model, batch)
        return (total * float("nan") if len(seen) > 2 else total), count, right

    prepared(tmp_path, base, **QUICK)
    monkeypatch.setattr(loop, "losses", sometimes)
    assert "not a finite number any more: lower learning_rate" in failure_of(tmp_path, monkeypatch, capsys)


def test_too_little_memory_is_said_with_what_helps(base, tmp_path, monkeypatch, capsys):
    def greedy(model, batch):
        return torch.empty(1 << 50)

    prepared(tmp_path, base, **QUICK)
    monkeypatch.setattr(loop, "losses", greedy)
    assert "The memory is not enough: lower batch_size" in failure_of(tmp_path, monkeypatch, capsys)


def test_a_defect_is_said_with_where_to_look(base, tmp_path, monkeypatch, capsys):
    def broken(model, batch):
        raise KeyError("nobody expected this")

    prepared(tmp_path, base, **QUICK)
    monkeypatch.setattr(loop, "losses", broken)
    errors = failure_of(tmp_path, monkeypatch, capsys)
    assert "KeyError: 'nobody expected this'. The job's log holds the trace." in errors and "Traceback" in errors


def test_qlora_says_which_package_the_image_lacks(base, tmp_path, monkeypatch, capsys):
    prepared(tmp_path, base, **QUICK, method="qlora")
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    assert "Method qlora needs the package bitsandbytes" in failure_of(tmp_path, monkeypatch, capsys)


def test_one_sample_is_enough_for_the_program_and_a_damaged_champion_of_another_model_is_not_compared(base, tmp_path, monkeypatch):
    prepared(tmp_path, base, **QUICK, dataset_sha256="")
    write_lines(tmp_path / "input/data/train", "train.jsonl", [sample(1)])
    shutil.rmtree(tmp_path / "input/data/eval")
    champion = with_adapter(tmp_path, {})
    (champion / "manifest.json").write_text('{"base_model":"another/model"}')
    with tarfile.open(champion / "model.tar.gz", "w:gz") as archive:
        archive.add(champion / "adapter", arcname="adapter")
        archive.add(champion / "manifest.json", arcname="manifest.json")
    monkeypatch.setenv("IORCH_ML_ROOT", str(tmp_path))
    assert train.main() == 0
    evaluation = json.loads((tmp_path / "model/evaluation.json").read_text())
    assert evaluation["baseline"] == {"kind": "none", "reason": "The baseline was trained on another/model, not on tiny/llama."}
    assert evaluation["eval_loss"] == {"candidate": None, "baseline": None}
    assert json.loads((tmp_path / "model/manifest.json").read_text())["steps"] == 1
