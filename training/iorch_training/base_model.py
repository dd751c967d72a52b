"""Loads the base model and puts adapters on it. Never downloads: the container has no network."""

import logging
import os
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path
from typing import Any, Sequence

# read when the libraries are imported
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch  # noqa: E402
from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training  # noqa: E402
from safetensors import SafetensorError  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig  # noqa: E402

from .failure import BadInput  # noqa: E402
from .files import unpack  # noqa: E402
from .parameters import Parameters  # noqa: E402
from .rendering import plain_template  # noqa: E402
from .team import Team  # noqa: E402
from .tokens import Writing  # noqa: E402

BASELINE = "baseline"
TUNED = "default"


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _dtype() -> torch.dtype:
    is_half = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if is_half else torch.float32


def weights_folder(channel: Path, unpacked: Path, team: Team = Team()) -> Path:
    """The folder with config.json: the channel itself, one below it, or a single archive that is unpacked first, once on a machine."""
    if not channel.is_dir():
        raise BadInput("The channel base is missing: give the base model's weights.")
    archives = sorted(channel.glob("*.tar.gz"))
    if archives:
        if team.is_first_here:
            unpack(archives[0], unpacked)
        team.wait()
        channel = unpacked
    found = sorted(channel.rglob("config.json"), key=lambda path: len(path.parts))
    if not found:
        raise BadInput("The channel base holds no config.json: give a model folder in the format of transformers.")
    return found[0].parent


def load_tokenizer(folder: Path) -> Any:
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        # the library's errors are of many kinds, down to bare ones
        raise BadInput(f"The base model's tokenizer cannot be read, give its tokenizer.json and tokenizer_config.json: {error}") from None
    if not tokenizer.is_fast:
        raise BadInput("The base model's tokenizer has no tokenizer.json: give the model with one.")
    return tokenizer


def encode_parts(tokenizer: Any, parts: Sequence[str]) -> list[list[int]]:
    """The tokens of the whole text, each given to the part that it begins in: parts alone would each begin like a text of its own."""
    whole = tokenizer("".join(parts), add_special_tokens=False, return_offsets_mapping=True)
    ends = list(accumulate(map(len, parts)))
    tokens: list[list[int]] = [[] for _ in parts]
    for token, (start, _) in zip(whole["input_ids"], whole["offset_mapping"], strict=True):
        tokens[min(bisect_right(ends, start), len(parts) - 1)].append(token)
    return tokens


def writing_of(tokenizer: Any) -> Writing:
    """The model's own way to write a chat, which has its own beginnings and ends, or a plain one."""

    def encode(parts: Sequence[str]) -> list[list[int]]:
        return encode_parts(tokenizer, parts)

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
    """Only for qlora, so that lora does not need the package."""
    try:
        import bitsandbytes  # noqa: F401
    except ImportError as error:
        raise BadInput(f"Method qlora needs the package bitsandbytes in the training image: build it from requirements.txt. {error}") from None
    # otherwise a line for each layer of each step
    logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
    if parameters.quantization_bits == 8:
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=_dtype(),
    )


def load_base(folder: Path, parameters: Parameters) -> Any:
    """The base model on this process's accelerator, if there is one. Weights come from safetensors: no file can run code."""
    is_quantized = parameters.method == "qlora"
    options = {"quantization_config": _quantization(parameters)} if is_quantized else {}
    place = torch.cuda.current_device() if torch.cuda.is_available() else "cpu"
    try:
        model, found = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=_dtype(),
            device_map={"": place},
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise BadInput(f"The base model cannot be loaded, give its config.json and whole weights as safetensors: {error}") from None
    # the library would make up what is missing
    if missing := sorted(found["missing_keys"]):
        raise BadInput(f"The base model's weights lack {len(missing)} tensors, {missing[0]} for one: give all of its safetensors files.")
    model.config.use_cache = False
    if is_quantized:
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
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
