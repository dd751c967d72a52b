"""The hyperparameters of a job. SageMaker hands all of them over as strings."""

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Mapping

from .failure import BadInput

MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class Parameters:
    """What a job may set, with its defaults. `limits` and `choices` below say what is accepted."""

    method: str = "lora"
    epochs: int = 3
    learning_rate: float = 5e-5
    batch_size: int = 4
    gradient_accumulation_steps: int = 1
    lora_rank: int = 8
    lora_alpha: int = 16
    lora_dropout: float = 0.05
    target_modules: tuple[str, ...] = ("q_proj", "v_proj")
    max_sequence_length: int = 2_048
    warmup_ratio: float = 0.03
    weight_decay: float = 0.0
    lr_scheduler: str = "cosine"
    quantization_bits: int = 4
    seed: int = 42
    # of the evaluation: so many samples may be replayed as sessions, and their answers do not count
    replay_items: int = 0


@dataclass(frozen=True)
class Origin:
    """What the manifest says about where the adapter comes from. Nothing of it changes the training."""

    job_id: str = ""
    attempt: str = ""
    base_model: str = ""
    dataset_id: str = ""
    dataset_sha256: str = ""


limits: dict[str, tuple[float, float]] = {
    "epochs": (1, 20),
    "learning_rate": (1e-7, 1e-2),
    "batch_size": (1, 128),
    "gradient_accumulation_steps": (1, 64),
    "lora_rank": (1, 256),
    "lora_alpha": (1, 512),
    "lora_dropout": (0, 0.5),
    "max_sequence_length": (128, 32_768),
    "warmup_ratio": (0, 0.5),
    "weight_decay": (0, 0.3),
    "quantization_bits": (4, 8),
    "seed": (0, 4_294_967_295),
    "replay_items": (0, 200),
}
choices: dict[str, tuple[Any, ...]] = {
    "method": ("lora", "qlora"),
    "lr_scheduler": ("linear", "cosine", "constant"),
    "quantization_bits": (4, 8),
}


def _number(name: str, text: str, kind: type) -> int | float:
    try:
        value = kind(text)
    except ValueError:
        raise BadInput(f"Hyperparameter {name} is {text!r}: it must be {'a whole ' if kind is int else 'a '}number.") from None
    low, high = limits[name]
    # not (a <= b) also refuses what is not a number
    if not low <= value <= high or not math.isfinite(value):
        raise BadInput(f"Hyperparameter {name} is {text}: it must lie between {low} and {high}.")
    return value


def _modules(text: str) -> tuple[str, ...]:
    try:
        names = json.loads(text)
    except json.JSONDecodeError:
        names = None
    good = isinstance(names, list) and 1 <= len(names) <= len(MODULES) and all(name in MODULES for name in names)
    if not good or len(set(names)) != len(names):
        raise BadInput(f"Hyperparameter target_modules is {text!r}: it must be a JSON list of distinct names out of {', '.join(MODULES)}.")
    return tuple(names)


def _value(name: str, kind: Any, text: str) -> Any:
    if name == "target_modules":
        return _modules(text)
    value = _number(name, text, kind) if kind in (int, float) else text
    if name in choices and value not in choices[name]:
        raise BadInput(f"Hyperparameter {name} is {text!r}: it must be one of {', '.join(map(str, choices[name]))}.")
    return value


def parse_hyperparameters(given: Mapping[str, Any]) -> tuple[Parameters, Origin]:
    """Checks every string. Raises BadInput for an unknown name, so that a misspelled one is not silently a default."""
    kinds = {field.name: field.type for field in fields(Parameters)}
    origins = {field.name for field in fields(Origin)}
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name, raw in given.items():
        text = str(raw)
        if name in kinds:
            values[name] = _value(name, kinds[name], text)
        elif name in origins:
            origin[name] = text
        elif not name.startswith("sagemaker_"):
            raise BadInput(f"Hyperparameter {name} is unknown: remove it.")
    if "quantization_bits" in values and values.get("method", "lora") != "qlora":
        raise BadInput("Hyperparameter quantization_bits needs method qlora: remove it or change the method.")
    return Parameters(**values), Origin(**origin)


def as_json(parameters: Parameters) -> dict[str, Any]:
    """The parameters as the manifest holds them."""
    return {**asdict(parameters), "target_modules": list(parameters.target_modules)}
