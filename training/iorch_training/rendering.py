"""Turns a sample into text, with what shall be learned marked. Knows no tokens yet."""

import json
from dataclasses import dataclass
from typing import Any, Iterable, Protocol, Sequence

from .samples import Sample


class ChatTemplate(Protocol):
    """Writes chat turns as the base model knows them."""

    def __call__(self, turns: Sequence[dict[str, Any]], *, answer_follows: bool) -> str: ...


@dataclass(frozen=True)
class Segment:
    """A stretch of text; only what is `learned` counts for the loss."""

    text: str
    learned: bool


def _call_text(call: dict[str, Any]) -> str:
    """A call as text. Its id is left out, which nobody could learn to foretell."""
    function = call.get("function")
    shown = {key: function[key] for key in ("name", "arguments") if key in function} if isinstance(function, dict) else call
    return json.dumps(shown, sort_keys=True, ensure_ascii=False)


def _with_calls(turn: dict[str, Any]) -> str:
    """The content of a turn, and each of its calls as a line of text."""
    lines = [turn.get("content") or "", *(_call_text(call) for call in turn.get("tool_calls") or [])]
    return "\n".join(line for line in lines if line)


def plain_template(turns: Sequence[dict[str, Any]], *, answer_follows: bool) -> str:
    """For a base model without a chat template of its own. Each turn only adds to what stands before it."""
    titles = {"system": "System", "user": "Instruction", "assistant": "Response", "tool": "Result"}
    parts = [f"### {titles[turn['role']]}:\n{_with_calls(turn)}\n\n" for turn in turns]
    return "".join(parts) + ("### Response:\n" if answer_follows else "")


def _turn(message: dict[str, Any]) -> dict[str, Any]:
    """A turn as chat templates expect it: text instead of null, arguments of a call as an object."""
    turn = {**message, "content": message.get("content") or ""}
    if calls := message.get("tool_calls"):
        turn["tool_calls"] = [_call(call) for call in calls]
    return turn


def _call(call: dict[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
        return call
    try:
        return {**call, "function": {**function, "arguments": json.loads(function["arguments"])}}
    except json.JSONDecodeError:
        return call


def _joined(turns: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turns of one role after another become one: many templates want question and answer to alternate."""
    joined: list[dict[str, Any]] = []
    for turn in turns:
        if joined and joined[-1]["role"] == turn["role"]:
            texts = [text for text in (joined[-1]["content"], turn["content"]) if text]
            joined[-1] = {**turn, "content": "\n\n".join(texts)}
        else:
            joined.append(turn)
    return joined


def _as_text(turns: list[dict[str, Any]], *, has_system: bool) -> list[dict[str, Any]]:
    """The same without tools: calls stand in the answer, results are what the user says next."""
    roles = {"tool": "user", "system": "system" if has_system else "user"}
    return _joined({"role": roles.get(turn["role"], turn["role"]), "content": _with_calls(turn)} for turn in turns)


def _knows_tools(template: ChatTemplate) -> bool:
    """Some templates refuse calls and results, others leave them out without a word."""
    call = {"id": "callprobe", "type": "function", "function": {"name": "nameprobe", "arguments": {"path": "pathprobe"}}}
    turns = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "resultprobe", "tool_call_id": "callprobe", "name": "nameprobe"},
        {"role": "assistant", "content": "b"},
    ]
    try:
        text = template(turns, answer_follows=False)
    # of whatever kind the template's own complaint is
    except Exception:
        return False
    return all(probe in text for probe in ("nameprobe", "pathprobe", "resultprobe"))


def question_of(sample: Sample) -> list[dict[str, Any]]:
    """What is asked, as one turn of the user."""
    text = f"{sample.instruction}\n\n{sample.input}" if sample.input.strip() else sample.instruction
    return [{"role": "user", "content": text}]


def prompt_of(sample: Sample, template: ChatTemplate) -> str:
    """The text after which the model shall write its answer."""
    return template(question_of(sample), answer_follows=True)


def _says_something(turn: dict[str, Any]) -> bool:
    return bool(turn.get("tool_calls") or turn["content"].strip())


def _learn_assistant(turns: list[dict[str, Any]], template: ChatTemplate) -> list[Segment] | None:
    """None when the template writes an earlier turn differently once another one follows."""
    whole = template(turns, answer_follows=False)
    segments: list[Segment] = []
    at = 0
    for index, turn in enumerate(turns):
        if turn["role"] != "assistant":
            continue
        before = template(turns[:index], answer_follows=True)
        upto = template(turns[: index + 1], answer_follows=False)
        if not (whole.startswith(before) and whole.startswith(upto) and at <= len(before) < len(upto)):
            return None
        segments += [Segment(whole[at : len(before)], False), Segment(whole[len(before) : len(upto)], _says_something(turn))]
        at = len(upto)
    return [segment for segment in [*segments, Segment(whole[at:], False)] if segment.text]


def _transcript(turns: list[dict[str, Any]], template: ChatTemplate) -> list[Segment] | None:
    """As the template writes it; with calls as text, or what the system says as the user's, where it does not know these."""
    uses_tools = any(turn["role"] == "tool" or turn.get("tool_calls") for turn in turns)
    ways = [_as_text(turns, has_system=True), _as_text(turns, has_system=False)]
    if not uses_tools or _knows_tools(template):
        ways.insert(0, turns)
    for way in ways:
        try:
            segments = _learn_assistant(way, template)
        # a template refuses roles or orders that it does not know by an error of its own kind
        except Exception:
            continue
        if segments:
            return segments
    return None


def segments_of(sample: Sample, template: ChatTemplate) -> tuple[list[Segment], bool]:
    """The text of a sample, and whether it is its transcript: without one that can be marked, question and output."""
    turns = [_turn(message) for message in sample.messages]
    if any(turn["role"] == "assistant" and _says_something(turn) for turn in turns):
        segments = _transcript(turns, template)
        if segments:
            return segments, True
    answer = [*question_of(sample), {"role": "assistant", "content": sample.output}]
    before, whole = prompt_of(sample, template), template(answer, answer_follows=False)
    if not whole.startswith(before):
        before, whole = prompt_of(sample, plain_template), plain_template(answer, answer_follows=False)
    return [Segment(before, False), Segment(whole[len(before) :], True)], False
