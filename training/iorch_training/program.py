"""One run from the inputs of a container to its outputs."""

import platform
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, Iterator

import torch

from .base_model import TUNED, add_adapter, device, load_base, load_tokenizer, padding_of, weights_folder, writing_of
from .evaluation import evaluate, load_baseline
from .failure import BadInput
from .files import digests, read_json, write_json
from .layout import Layout
from .loop import Progress, Run, train
from .parameters import Origin, Parameters, as_json, parse_hyperparameters
from .samples import Sample, read_samples, sha256_of
from .team import Team
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


def _device_name() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _packages(parameters: Parameters) -> list[str]:
    return ["torch", "transformers", "peft", *(["bitsandbytes"] if parameters.method == "qlora" else [])]


def _manifest(inputs: Inputs, progress: Progress, counts: dict[str, Any], layout: Layout, team: Team) -> dict[str, Any]:
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
            "device": _device_name(),
            "machines": team.machines,
            "processes": team.size,
            **{name: version(name) for name in _packages(inputs.parameters)},
        },
        "files": digests(layout.model),
    }


@contextmanager
def _work_folder(team: Team) -> Iterator[Path]:
    """A folder for what is unpacked; the processes of a machine share it."""
    own = tempfile.mkdtemp(prefix="iorch-training-")
    folders = team.all_of(own)
    try:
        yield Path(folders[team.rank - team.local_rank])
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _leave_results(layout: Layout, run: Run, tokenizer: Any, result: dict[str, Any], manifest: Callable[[], dict[str, Any]]) -> None:
    run.model.save_pretrained(layout.model / "adapter", selected_adapters=[TUNED], safe_serialization=True)
    tokenizer.save_pretrained(layout.model / "adapter")
    write_json(layout.model / "evaluation.json", result)
    # knows the files above
    write_json(layout.model / "manifest.json", manifest())
    # beside the checkpoints they are plain objects, readable without unpacking the artifact
    for name in ("evaluation.json", "manifest.json"):
        write_json(layout.checkpoints / name, read_json(layout.model / name))


def show_team(show: Callable[[str], None], team: Team, parameters: Parameters) -> None:
    """Who takes part. What idles is paid for all the same."""
    at_once = parameters.batch_size * parameters.gradient_accumulation_steps
    show(f"Processes: {team.size} on {team.machines} machines, {_device_name()}.")
    if team.size > at_once:
        show(f"{team.size - at_once} of them have nothing to do: a step has batch_size × gradient_accumulation_steps = {at_once} samples.")


def _check_length(model: Any, prepared: Prepared) -> None:
    longest = max(len(example.ids) for example in prepared.examples)
    most = getattr(model.config, "max_position_embeddings", None)
    if most and longest > most:
        raise BadInput(f"A sample has {longest} tokens and the base model reads at most {most}: lower max_sequence_length to that.")


def run_program(layout: Layout, show: Callable[[str], None], is_stopping: Callable[[], bool], team: Team = Team()) -> None:
    """Trains, saves adapter and manifest, evaluates. Raises BadInput, Interrupted or LostPeer; anything else is a defect."""
    inputs = read_inputs(layout)
    for folder in (layout.model, layout.checkpoints):
        folder.mkdir(parents=True, exist_ok=True)
    show_team(show, team, inputs.parameters)
    with _work_folder(team) as work:
        weights = weights_folder(layout.channel("base"), work / "base", team)
        tokenizer = load_tokenizer(weights)
        writing = writing_of(tokenizer)
        training, held_out = _prepared(inputs, writing)
        counts = {"train": training.counts(), "eval": held_out.counts()}
        show(f"Samples: {counts}")
        model = add_adapter(load_base(weights, inputs.parameters), inputs.parameters)
        _check_length(model, training)
        # before the training, so that one that does not fit costs no more than a minute
        baseline = load_baseline(model, layout.channel("baseline"), work / f"baseline-{team.local_rank}", inputs.origin.base_model)
        run = Run(
            model=model,
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
            team=team,
        )
        progress = train(run)
        result = evaluate(run, inputs.eval, writing, tokenizer, baseline)
        if team.is_first:
            _leave_results(layout, run, tokenizer, result, lambda: _manifest(inputs, progress, counts, layout, team))
        # the archive is unpacked for all until here
        team.wait()
        show("Done.")
