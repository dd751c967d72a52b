"""The training itself: every step is the same whether the run was interrupted before it or not."""

import math
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Callable, Sequence

import torch
from peft import PeftModel, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file

from . import checkpoints
from .batches import batch_of, losses
from .failure import BadInput
from .metrics import MeanLoss, metric_line
from .parameters import Parameters
from .schedule import (
    chance_of,
    is_checkpoint_due,
    is_report_due,
    order_of_epoch,
    portions,
    rate_at,
    samples_of_step,
    steps_per_epoch,
)
from .team import Team
from .tokens import Example

LARGEST_GRADIENT = 1.0
NOT_FINITE = "The training loss is not a finite number any more: lower learning_rate."
NEVER_FINITE = "The base model's loss is not a finite number before anything was learned: its weights are damaged, give others."


@dataclass
class Progress:
    """What a checkpoint remembers besides weights."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss_total: float = 0.0
    loss_tokens: int = 0
    train_loss: float | None = None
    eval_loss: float | None = None
    accuracy: float | None = None
    resumed_at: list[int] = field(default_factory=list)


class Interrupted(Exception):
    """The machine is taken away or the job is stopped; the checkpoint has been written."""


@dataclass
class Run:
    """All that a run needs. `is_stopping` is asked after every step; `show` writes a line into the job's log."""

    model: PeftModel
    train: list[Example]
    evaluated: list[Example]
    parameters: Parameters
    padding: int
    device: torch.device
    checkpoints: Path
    fingerprint: dict[str, Any]
    show: Callable[[str], None]
    is_stopping: Callable[[], bool]
    team: Team = Team()
    now: Callable[[], float] = time.monotonic


def mean_loss(run: Run) -> tuple[float | None, float | None]:
    """Loss and share of rightly foretold tokens on the eval part; None of no samples."""
    if not run.evaluated:
        return None, None
    run.model.eval()
    total, tokens, right = 0.0, 0, 0
    with torch.no_grad():
        for portion in run.team.share(portions(range(len(run.evaluated)), run.parameters.batch_size)):
            batch = batch_of([run.evaluated[index] for index in portion], run.padding, run.device)
            loss, count, hits = losses(run.model, batch)
            total, tokens, right = total + float(loss), tokens + count, right + hits
    total, tokens, right = run.team.sums(total, tokens, right)
    run.model.train()
    return total / tokens, right / tokens


def _save(run: Run, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    draft = checkpoints.begin(run.checkpoints, progress.step)
    weights = {name: value.contiguous().cpu() for name, value in get_peft_model_state_dict(run.model).items()}
    save_file(weights, draft / "adapter.safetensors")
    torch.save(optimizer.state_dict(), draft / "optimizer.pt")
    checkpoints.finish(draft, progress.step, {"fingerprint": run.fingerprint, "progress": asdict(progress)})


def _resume(run: Run, optimizer: torch.optim.Optimizer, weights: Sequence[torch.nn.Parameter]) -> Progress:
    """Where the first process goes on, which has the checkpoints; the others take progress and weights from it."""
    progress = _newest(run, optimizer) if run.team.is_first else Progress()
    progress = run.team.all_of(progress)[0]
    run.team.hand_out(weights)
    return progress


def _newest(run: Run, optimizer: torch.optim.Optimizer) -> Progress:
    found = checkpoints.newest(run.checkpoints, run.fingerprint)
    if not found:
        return Progress()
    folder, state = found
    set_peft_model_state_dict(run.model, load_file(folder / "adapter.safetensors"))
    # weights_only: a checkpoint holds numbers and may not run code
    optimizer.load_state_dict(torch.load(folder / "optimizer.pt", map_location="cpu", weights_only=True))
    progress = Progress(**state["progress"])
    progress.resumed_at.append(progress.step)
    run.show(f"Going on after step {progress.step}.")
    return progress


@dataclass(frozen=True)
class _Done:
    """What all processes did in a step."""

    loss: float
    learned: int
    seen: int
    is_stopping: bool


def _step(run: Run, optimizer: torch.optim.Optimizer, weights: Sequence[torch.nn.Parameter], samples: list[int], step: int) -> _Done:
    """One optimizer step; its loss is the mean over all learned tokens of all samples, whoever has them and however they are cut."""
    learned = sum(run.train[index].learned for index in samples)
    torch.manual_seed(chance_of(run.parameters.seed, step, run.team.rank))
    total = 0.0
    for portion in portions(run.team.share(samples), run.parameters.batch_size):
        batch = batch_of([run.train[index] for index in portion], run.padding, run.device)
        loss, _, _ = losses(run.model, batch)
        (loss / learned).backward()
        total += float(loss.detach())
    # whether to stop is asked together with the loss, so that all stop after the same step
    total, stopping = run.team.sums(total, run.is_stopping())
    if not math.isfinite(total):
        raise BadInput(NOT_FINITE if step else NEVER_FINITE)
    run.team.gather_gradients(weights)
    if run.team.is_first:
        torch.nn.utils.clip_grad_norm_(weights, LARGEST_GRADIENT)
        optimizer.step()
    run.model.zero_grad(set_to_none=True)
    run.team.hand_out(weights)
    return _Done(total, learned, sum(len(run.train[index].ids) for index in samples), stopping > 0)


def train(run: Run) -> Progress:
    """Trains to the end, from the newest checkpoint of this run if there is one. Raises Interrupted when told to stop."""
    chosen = run.parameters
    each = steps_per_epoch(len(run.train), chosen.batch_size, chosen.gradient_accumulation_steps)
    total = each * chosen.epochs
    trained = [each for each in run.model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=chosen.learning_rate, weight_decay=chosen.weight_decay)
    progress = _resume(run, optimizer, trained)
    since = MeanLoss(progress.loss_total, progress.loss_tokens)
    started, before = run.now(), progress.seconds
    run.model.train()
    order: list[int] = []
    for step in range(progress.step, total):
        if not order or step % each == 0:
            order = order_of_epoch(len(run.train), chosen.seed, step // each)
        rate = rate_at(step, total, chosen.learning_rate, chosen.warmup_ratio, chosen.lr_scheduler)
        for group in optimizer.param_groups:
            group["lr"] = rate
        samples = samples_of_step(order, step % each, chosen.batch_size, chosen.gradient_accumulation_steps)
        done = _step(run, optimizer, trained, samples, step)
        since.add(done.loss, done.learned)
        progress.step, progress.tokens = step + 1, progress.tokens + done.seen
        if progress.step % each == 0:
            progress.eval_loss, progress.accuracy = mean_loss(run)
        if is_report_due(progress.step, total) or progress.step % each == 0:
            progress.train_loss = since.take()
            run.show(
                metric_line(
                    step=progress.step,
                    epoch=progress.step / each,
                    train_loss=progress.train_loss,
                    eval_loss=progress.eval_loss if progress.step % each == 0 else None,
                    rate=rate,
                    tokens=progress.tokens,
                )
            )
        progress.seconds = before + run.now() - started
        progress.loss_total, progress.loss_tokens = since.total, since.tokens
        is_stopping = done.is_stopping and progress.step < total
        if run.team.is_first and (is_stopping or is_checkpoint_due(progress.step, total)):
            _save(run, optimizer, progress)
        if is_stopping:
            # nobody ends the machines of the first one while it writes
            run.team.wait()
            raise Interrupted(f"Stopped after step {progress.step} of {total}; a restart goes on from there.")
    return progress
