"""Turns a sample into text, with what shall be learned marked. Knows no tokens yet."""

import json
from dataclasses import dataclass
from typing import Any, Protocol, Sequence

from .samples import Sample


class ChatTemplate(Protocol):
    """Writes chat turns as the base model knows them."""

    def __call__(self, turns: Sequence[dict[str, Any]], *, answer_follows: bool) -> str: ...


@dataclass(frozen=True)
class Segment:
    """A stretch of text; only what is `learned` counts for the loss."""

    text: str
    learned: bool


def plain_template(turns: Sequence[dict[str, Any]], *, answer_follows: bool) -> str:
    """For a base model without a chat template of its own. Each turn only adds to what stands before it."""
    titles = {"system": "System", "user": "Instruction", "assistant": "Response", "tool": "Result"}
    parts = []
    for turn in turns:
        calls = "".join(f"\n{json.dumps(call, sort_keys=True)}" for call in turn.get("tool_calls") or [])
        parts.append(f"### {titles[turn['role']]}:\n{turn.get('content') or ''}{calls}\n\n")
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


def question_of(sample: Sample) -> list[dict[str, Any]]:
    """What is asked, as one turn of the user."""
    text = f"{sample.instruction}\n\n{sample.input}" if sample.input.strip() else sample.instruction
    return [{"role": "user", "content": text}]


def prompt_of(sample: Sample, template: ChatTemplate) -> str:
    """The text after which the model shall write its answer."""
    return template(question_of(sample), answer_follows=True)


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
        segments += [Segment(whole[at : len(before)], False), Segment(whole[len(before) : len(upto)], True)]
        at = len(upto)
    return [segment for segment in [*segments, Segment(whole[at:], False)] if segment.text]


def segments_of(sample: Sample, template: ChatTemplate) -> tuple[list[Segment], bool]:
    """The text of a sample, and whether it is its transcript: without one that can be marked, question and output."""
    turns = [_turn(message) for message in sample.messages]
    if any(turn["role"] == "assistant" for turn in turns):
        try:
            segments = _learn_assistant(turns, template)
        # a template refuses roles or orders that it does not know by an error of its own kind
        except Exception:
            segments = None
        if segments:
            return segments, True
    answer = [*question_of(sample), {"role": "assistant", "content": sample.output}]
    before, whole = prompt_of(sample, template), template(answer, answer_follows=False)
    if not whole.startswith(before):
        before, whole = prompt_of(sample, plain_template), plain_template(answer, answer_follows=False)
    return [Segment(before, False), Segment(whole[len(before) :], True)], False
