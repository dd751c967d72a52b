"""Reads the lines of a dataset."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Iterator

from .failure import BadInput

# several times what a dataset's longest line has; more is no sample and could fill the memory
LONGEST_LINE = 4 << 20
ROLES = ("system", "user", "assistant", "tool")


@dataclass(frozen=True)
class Sample:
    """One line of `train.jsonl` or `eval.jsonl`."""

    instruction: str
    input: str
    output: str
    messages: tuple[dict[str, Any], ...]
    content_hash: str
    session_id: str
    replayable: bool


def _text(line: dict[str, Any], name: str, place: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise BadInput(f"{place}: {name} must be a string.")
    return value


def _are_calls(calls: Any) -> bool:
    return calls is None or (isinstance(calls, list) and all(isinstance(call, dict) for call in calls))


def _messages(line: dict[str, Any], place: str) -> tuple[dict[str, Any], ...]:
    messages = line.get("messages")
    if messages is None:
        return ()
    if not isinstance(messages, list) or not messages:
        raise BadInput(f"{place}: messages must be a list of chat turns, or absent.")
    for turn in messages:
        if not isinstance(turn, dict) or turn.get("role") not in ROLES:
            raise BadInput(f"{place}: each of messages needs a role out of {', '.join(ROLES)}.")
        if not isinstance(turn.get("content"), str | None):
            raise BadInput(f"{place}: the content of a chat turn must be a string or null.")
        if not _are_calls(turn.get("tool_calls")):
            raise BadInput(f"{place}: tool_calls of a chat turn must be a list of objects, or absent.")
    return tuple(messages)


def parse_sample(line: str, place: str) -> Sample:
    """`place` names file and line in the reason why a line is refused."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{place}: not JSON ({error.msg}). Build the dataset again.") from None
    except RecursionError:
        raise BadInput(f"{place}: JSON that is nested too deeply. Build the dataset again.") from None
    if not isinstance(value, dict):
        raise BadInput(f"{place}: a line must be a JSON object.")
    instruction, output = _text(value, "instruction", place), _text(value, "output", place)
    extra = _text(value, "input", place) if "input" in value else ""
    if not instruction.strip() or not output.strip():
        raise BadInput(f"{place}: instruction and output must not be blank.")
    metadata = value.get("metadata") if isinstance(value.get("metadata"), dict) else {}
    content = hashlib.sha256(f"{instruction}\0{extra}\0{output}".encode()).hexdigest()
    return Sample(
        instruction=instruction,
        input=extra,
        output=output,
        messages=_messages(value, place),
        content_hash=str(metadata.get("content_hash") or content),
        session_id=str(metadata.get("session_id") or ""),
        replayable=metadata.get("replayable") is True,
    )


def files_of(folder: Path) -> list[Path]:
    """The JSONL files of a channel, in the order of their names; none for a channel that is not there."""
    return sorted(folder.glob("**/*.jsonl")) if folder.is_dir() else []


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """No more of a line than shows that it is too long."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line


def read_samples(folder: Path) -> list[Sample]:
    """Every line of a channel. Raises BadInput that names the first bad one."""
    samples = []
    for file in files_of(folder):
        with file.open("rb") as lines:
            for number, line in enumerate(_lines(lines), start=1):
                place = f"{file.name} line {number}"
                if len(line) > LONGEST_LINE:
                    raise BadInput(f"{place}: longer than {LONGEST_LINE >> 20} MiB. Leave that sample out.")
                try:
                    text = line.decode("utf-8")
                except UnicodeDecodeError:
                    raise BadInput(f"{place}: not UTF-8. Build the dataset again.") from None
                if text.strip():
                    samples.append(parse_sample(text, place))
    return samples


def sha256_of(*folders: Path) -> str:
    """Of all files in this order, as the dataset's record holds it for train and eval."""
    digest = hashlib.sha256()
    for file in (file for folder in folders for file in files_of(folder)):
        with file.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
