"""One run from the inputs of a container to its outputs."""

import platform
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable

import torch

from .base_model import TUNED, add_adapter, device, load_base, load_tokenizer, padding_of, weights_folder, writing_of
from .evaluation import evaluate, load_baseline
from .failure import BadInput
from .files import digests, read_json, write_json
from .layout import Layout
from .loop import Progress, Run, train
from .parameters import Origin, Parameters, as_json, parse_hyperparameters
from .samples import Sample, read_samples, sha256_of
from .tokens import Prepared, prepare


@dataclass(frozen=True)
class Inputs:
    """What a container was given, checked before anything dear begins."""

    parameters: Parameters
    origin: Origin
    train: list[Sample]
    eval: list[Sample]


def read_inputs(layout: Layout) -> Inputs:
    """Raises BadInput for what cannot be trained on, before the base model is loaded."""
    given = read_json(layout.hyperparameters)
    if not isinstance(given, dict):
        raise BadInput("hyperparameters.json is missing or not a JSON object.")
    parameters, origin = parse_hyperparameters(given)
    hosts = (read_json(layout.resources) or {}).get("hosts") or ["one"]
    if len(hosts) > 1:
        raise BadInput(f"The job has {len(hosts)} machines and this program trains on one: set instance_count to 1.")
    folders = [layout.channel("train"), layout.channel("eval")]
    training, held_out = (read_samples(folder) for folder in folders)
    if not training:
        raise BadInput("The channel train holds no sample: give a dataset that is not empty.")
    if origin.dataset_sha256 and sha256_of(*folders) != origin.dataset_sha256:
        raise BadInput("The files of the channels train and eval are not those of the dataset: their SHA-256 differs.")
    return Inputs(parameters, origin, training, held_out)


def _prepared(inputs: Inputs, writing: Any) -> tuple[Prepared, Prepared]:
    most = inputs.parameters.max_sequence_length
    training, held_out = (prepare(samples, writing, most) for samples in (inputs.train, inputs.eval))
    if not training.examples:
        raise BadInput(f"The question of every sample alone fills {most} tokens: raise max_sequence_length.")
    return training, held_out


def _manifest(inputs: Inputs, progress: Progress, counts: dict[str, Any], layout: Layout) -> dict[str, Any]:
    """Where the adapter comes from and what it is, without a time: the same run writes the same manifest but for durations."""
    origin = inputs.origin
    return {
        "version": 1,
        "job_id": origin.job_id,
        "attempt": origin.attempt,
        "base_model": origin.base_model,
        "dataset": {"id": origin.dataset_id, "sha256": origin.dataset_sha256},
        "parameters": as_json(inputs.parameters),
        "samples": counts,
        "steps": progress.step,
        "resumed_at": progress.resumed_at,
        "metrics": {
            "final_loss": progress.train_loss,
            "eval_loss": progress.eval_loss,
            "accuracy": progress.accuracy,
            "training_duration_seconds": round(progress.seconds, 3),
            "tokens_processed": progress.tokens,
        },
        "made_with": {
            "python": platform.python_version(),
            "device": torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu",
            **{name: version(name) for name in ("torch", "transformers", "peft")},
        },
        "files": digests(layout.model),
    }


def run_program(layout: Layout, show: Callable[[str], None], is_stopping: Callable[[], bool]) -> None:
    """Trains, saves adapter and manifest, evaluates. Raises BadInput or Interrupted; anything else is a defect."""
    inputs = read_inputs(layout)
    for folder in (layout.model, layout.checkpoints):
        folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="iorch-training-"))
    try:
        weights = weights_folder(layout.channel("base"), work / "base")
        tokenizer = load_tokenizer(weights)
        writing = writing_of(tokenizer)
        training, held_out = _prepared(inputs, writing)
        counts = {"train": training.counts(), "eval": held_out.counts()}
        show(f"Samples: {counts}")
        run = Run(
            model=add_adapter(load_base(weights, inputs.parameters), inputs.parameters),
            train=training.examples,
            evaluated=held_out.examples,
            parameters=inputs.parameters,
            padding=padding_of(tokenizer),
            device=device(),
            checkpoints=layout.checkpoints,
            fingerprint={
                "parameters": as_json(inputs.parameters),
                "data": sha256_of(layout.channel("train"), layout.channel("eval")),
                "base_model": inputs.origin.base_model,
            },
            show=show,
            is_stopping=is_stopping,
        )
        progress = train(run)
        baseline = load_baseline(run.model, layout.channel("baseline"), work / "baseline", inputs.origin.base_model)
        result = evaluate(run, inputs.eval, writing, tokenizer, baseline)
        run.model.save_pretrained(layout.model / "adapter", selected_adapters=[TUNED], safe_serialization=True)
        tokenizer.save_pretrained(layout.model / "adapter")
        write_json(layout.model / "evaluation.json", result)
        write_json(layout.model / "manifest.json", _manifest(inputs, progress, counts, layout))
        # beside the checkpoints they are plain objects, readable without unpacking the artifact
        for name in ("evaluation.json", "manifest.json"):
            write_json(layout.checkpoints / name, read_json(layout.model / name))
        show("Done.")
    finally:
        shutil.rmtree(work, ignore_errors=True)
