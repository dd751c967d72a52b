"""Compares the tuned adapter with the baseline on the eval part: loss, and likeness of greedy answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import torch
from peft import PeftModel

from .base_model import BASELINE, TUNED
from .failure import BadInput
from .files import read_json, unpack
from .loop import Interrupted, Run, mean_loss
from .rendering import prompt_of
from .samples import Sample
from .schedule import portions
from .scoring import first_by_hash, in_turn, mean, token_f1
from .tokens import Writing

MOST_ITEMS = 200
LONGEST_ANSWER = 512
AT_ONCE = 8


@dataclass(frozen=True)
class Baseline:
    """What the tuned adapter is compared with: another adapter, the bare base model, or nothing, with the reason."""

    kind: str
    reason: str | None = None


def load_baseline(model: PeftModel, channel: Path, unpacked: Path, base_model: str) -> Baseline:
    """Puts the champion's adapter beside the tuned one. One for another base model does not fit this one's weights."""
    if not channel.is_dir() or not any(channel.iterdir()):
        return Baseline("base_model")
    archives = sorted(channel.glob("*.tar.gz"))
    folder = unpack(archives[0], unpacked) if archives else channel
    found = sorted(folder.rglob("adapter_config.json"))
    if not found:
        raise BadInput("The channel baseline holds no adapter: give the artifact of a training job.")
    manifest = read_json(found[0].parent.parent / "manifest.json") or {}
    other = manifest.get("base_model")
    if other and base_model and other != base_model:
        return Baseline("none", f"The baseline was trained on {other}, not on {base_model}.")
    try:
        model.load_adapter(str(found[0].parent), adapter_name=BASELINE, is_trainable=False)
    except torch.OutOfMemoryError:
        raise
    # the library has an error of another kind for each thing that can be wrong
    except Exception as error:
        raise BadInput(f"The baseline's adapter does not fit the base model, archive that version: {error!r}") from None
    model.set_adapter(TUNED)
    return Baseline("adapter")


def _answers(run: Run, prompts: list[list[int]], ends: list[int]) -> list[list[int]]:
    """Greedy, at most LONGEST_ANSWER tokens. Prompts are filled up at the left, so that answers begin side by side."""
    longest = max(len(prompt) for prompt in prompts)
    ids = torch.tensor([[run.padding] * (longest - len(each)) + each for each in prompts], device=run.device)
    seen = torch.tensor([[0] * (longest - len(each)) + [1] * len(each) for each in prompts], device=run.device)
    with torch.no_grad():
        whole = run.model.generate(
            input_ids=ids,
            attention_mask=seen,
            max_new_tokens=LONGEST_ANSWER,
            do_sample=False,
            num_beams=1,
            use_cache=True,
            pad_token_id=run.padding,
            eos_token_id=ends or None,
        )
    return whole[:, longest:].tolist()


def _ends(model: PeftModel, tokenizer: Any) -> list[int]:
    own = getattr(model.generation_config, "eos_token_id", None)
    named = own if isinstance(own, list) else [own]
    return sorted({token for token in [*named, tokenizer.eos_token_id] if token is not None})


def _score(run: Run, items: list[Sample], writing: Writing, tokenizer: Any) -> list[float]:
    """F1 of each item's answer. A question that is longer than the model was trained for keeps its end."""
    run.model.eval()
    most, ends = run.parameters.max_sequence_length, _ends(run.model, tokenizer)
    mine = run.team.share(portions(items, AT_ONCE))
    scores: list[list[float]] = []
    for portion in mine:
        if run.is_stopping():
            raise Interrupted("Stopped while answers were compared; a restart does that again.")
        prompts = [[*writing.begin, *writing.encode([prompt_of(item, writing.template)])[0]][-most:] for item in portion]
        answers = [tokenizer.decode(answer, skip_special_tokens=True) for answer in _answers(run, prompts, ends)]
        scores.append([token_f1(answer, item.output) for answer, item in zip(answers, portion, strict=True)])
        run.show(f"Answered {sum(map(len, scores))} of {sum(map(len, mine))} items.")
    return in_turn(run.team.all_of(scores))


def _of(run: Run, work: Callable[[], Any], baseline: Baseline) -> Any:
    """Does the work with the baseline in place of the tuned adapter; None when there is nothing to compare with."""
    if baseline.kind == "none":
        return None
    if baseline.kind == "base_model":
        with run.model.disable_adapter():
            return work()
    run.model.set_adapter(BASELINE)
    try:
        return work()
    finally:
        run.model.set_adapter(TUNED)


def evaluate(run: Run, samples: list[Sample], writing: Writing, tokenizer: Any, baseline: Baseline) -> dict[str, Any]:
    """What evaluation.json holds. Means are over the same items for both; what was not measured is null."""
    # whoever compares leaves the replayed ones out, and takes the first MOST_ITEMS of the others
    items = first_by_hash(samples, MOST_ITEMS + run.parameters.replay_items)
    loss, accuracy = mean_loss(run)
    tuned = _score(run, items, writing, tokenizer)
    other_loss, other_accuracy = _of(run, lambda: mean_loss(run), baseline) or (None, None)
    other = _of(run, lambda: _score(run, items, writing, tokenizer), baseline)
    return {
        "version": 1,
        "baseline": {"kind": baseline.kind, "reason": baseline.reason},
        "eval_loss": {"candidate": loss, "baseline": other_loss},
        "accuracy": {"candidate": accuracy, "baseline": other_accuracy},
        "text": {
            "items": len(items),
            "longest_answer_tokens": LONGEST_ANSWER,
            "candidate_mean": mean(tuned),
            "baseline_mean": None if other is None else mean(other),
        },
        "items": [
            {
                "session_id": item.session_id,
                "content_hash": item.content_hash,
                "replayable": item.replayable,
                "candidate": tuned[index],
                "baseline": None if other is None else other[index],
            }
            for index, item in enumerate(items)
        ],
    }
