"""Loads the base model and puts adapters on it. Never downloads: the container has no network."""

import os
from pathlib import Path
from typing import Any, Sequence

# read when the libraries are imported
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch  # noqa: E402
from peft import LoraConfig, PeftModel, get_peft_model  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: E402

from .failure import BadInput  # noqa: E402
from .files import unpack  # noqa: E402
from .parameters import Parameters  # noqa: E402
from .rendering import plain_template  # noqa: E402
from .tokens import Writing  # noqa: E402

BASELINE = "baseline"
TUNED = "default"


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _dtype() -> torch.dtype:
    is_half = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if is_half else torch.float32


def weights_folder(channel: Path, unpacked: Path) -> Path:
    """The folder with config.json: the channel itself, one below it, or a single archive that is unpacked first."""
    if not channel.is_dir():
        raise BadInput("The channel base is missing: give the base model's weights.")
    archives = sorted(channel.glob("*.tar.gz"))
    if archives:
        channel = unpack(archives[0], unpacked)
    found = sorted(channel.rglob("config.json"), key=lambda path: len(path.parts))
    if not found:
        raise BadInput("The channel base holds no config.json: give a model folder in the format of transformers.")
    return found[0].parent


def load_tokenizer(folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise BadInput(f"The base model's tokenizer cannot be read: {error}") from None


def writing_of(tokenizer: Any) -> Writing:
    """The model's own way to write a chat, which has its own beginnings and ends, or a plain one."""

    def encode(text: str) -> list[int]:
        return tokenizer(text, add_special_tokens=False)["input_ids"]

    def own_template(turns: Sequence[dict[str, Any]], *, answer_follows: bool) -> str:
        return tokenizer.apply_chat_template(list(turns), tokenize=False, add_generation_prompt=answer_follows)

    if tokenizer.chat_template:
        return Writing(own_template, encode)
    begin, end = ([token] if token is not None else [] for token in (tokenizer.bos_token_id, tokenizer.eos_token_id))
    return Writing(plain_template, encode, begin, end)


def padding_of(tokenizer: Any) -> int:
    first = [tokenizer.pad_token_id, tokenizer.eos_token_id, 0]
    return next(token for token in first if token is not None)


def _quantization(parameters: Parameters) -> Any:
    """Only for qlora, so that lora needs neither the package nor a GPU."""
    if not torch.cuda.is_available():
        raise BadInput("Method qlora needs an NVIDIA GPU and this machine shows none: take an instance_type with one, or method lora.")
    try:
        import bitsandbytes  # noqa: F401
    except ImportError as error:
        raise BadInput(f"Method qlora needs the package bitsandbytes in the training image: install requirements-qlora.txt. {error}") from None
    from transformers import BitsAndBytesConfig

    if parameters.quantization_bits == 8:
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=_dtype(),
    )


def load_base(folder: Path, parameters: Parameters) -> Any:
    """The base model on the accelerator, if there is one. Weights come from safetensors: no file can run code."""
    options: dict[str, Any] = {"dtype": _dtype()}
    if parameters.method == "qlora":
        options |= {"quantization_config": _quantization(parameters), "device_map": {"": 0}}
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, **options
        )
    except (OSError, ValueError) as error:
        raise BadInput(f"The base model cannot be loaded: {error}") from None
    model.config.use_cache = False
    if parameters.method == "qlora":
        from peft import prepare_model_for_kbit_training

        return prepare_model_for_kbit_training(model)
    model.to(device())
    if torch.cuda.is_available():
        # memory for time: activations are computed again when they are needed
        model.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
        model.enable_input_require_grads()
    return model


def add_adapter(model: Any, parameters: Parameters) -> PeftModel:
    """A fresh adapter that changes nothing yet. The seed decides its start."""
    torch.manual_seed(parameters.seed)
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=parameters.lora_rank,
        lora_alpha=parameters.lora_alpha,
        lora_dropout=parameters.lora_dropout,
        target_modules=list(parameters.target_modules),
        bias="none",
    )
    try:
        return get_peft_model(model, config)
    except ValueError as error:
        raise BadInput(f"The base model has no modules named {', '.join(parameters.target_modules)}: change target_modules. {error}") from None
