"""A fake /opt/ml with a base model that is made here: random weights, one token for each byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

CHAT = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}"
    "{% for call in message.tool_calls or [] %}{{ call.function.name }}{{ call.function.arguments | tojson }}{% endfor %}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
TRICK = [("add", "plus"), ("subtract", "minus"), ("multiply", "times"), ("divide", "over")]


def write_tokenizer(folder: Path, chat_template: str | None = None) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ["<s>", "</s>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>", "<|tool|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({token: at for at, token in enumerate(special + letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
    fast.add_special_tokens({"additional_special_tokens": special[2:]})
    fast.chat_template = chat_template
    fast.save_pretrained(folder)


def write_base(folder: Path, chat_template: str | None = None) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=263,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=1_024,
        # weights that are large enough for an adapter to make something of them
        initializer_range=0.2,
        bos_token_id=0,
        eos_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    write_tokenizer(folder, chat_template)


def sample(number: int, **more: Any) -> dict[str, Any]:
    verb, word = TRICK[number % len(TRICK)]
    instruction, output = f"{verb} {number}", f"{word} {word} {word}"
    digest = hashlib.sha256(f"{instruction}\0\0{output}".encode()).hexdigest()
    return {
        "instruction": instruction,
        "input": "",
        "output": output,
        "metadata": {"session_id": f"session-{number:03d}", "content_hash": digest, "replayable": number % 2 == 0},
        **more,
    }


def write_lines(folder: Path, name: str, lines: list[Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    (folder / name).write_text(text, encoding="utf-8")


def write_inputs(root: Path, base: Path, hyperparameters: dict[str, str], train: list[Any], held_out: list[Any]) -> Path:
    """Channels, hyperparameters and one machine, as SageMaker lays them out."""
    config = root / "input/config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps(hyperparameters))
    (config / "resourceconfig.json").write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    data = root / "input/data"
    write_lines(data / "train", "train.jsonl", train)
    if held_out:
        write_lines(data / "eval", "eval.jsonl", held_out)
    if not (data / "base").exists():
        (data / "base").symlink_to(base, target_is_directory=True)
    return root
