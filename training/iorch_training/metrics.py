"""The lines that the control plane reads from the job's log."""

import math


def shortest(value: float | None) -> str:
    """The shortest decimal form with at most six places after the first digit that counts; `nan` for what was not measured."""
    if value is None or not math.isfinite(value):
        return "nan"
    rounded = float(f"{value:.6g}")
    return str(int(rounded)) if rounded.is_integer() and abs(rounded) < 1e15 else repr(rounded)


def metric_line(*, step: int, epoch: float, train_loss: float, eval_loss: float | None, rate: float, tokens: int) -> str:
    """One point of the loss curve. Readers rely on names and order."""
    return (
        f"iorch step={step} epoch={shortest(epoch)} train_loss={shortest(train_loss)} "
        f"eval_loss={shortest(eval_loss)} lr={shortest(rate)} tokens={tokens}"
    )


class MeanLoss:
    """Mean loss for each learned token since the last line."""

    def __init__(self, total: float = 0.0, tokens: int = 0) -> None:
        self.total = total
        self.tokens = tokens

    def add(self, total: float, tokens: int) -> None:
        self.total += total
        self.tokens += tokens

    def take(self) -> float:
        mean = self.total / self.tokens if self.tokens else math.nan
        self.total, self.tokens = 0.0, 0
        return mean
