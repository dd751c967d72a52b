"""Examples side by side, filled up to the longest."""

from typing import Sequence

import torch

from .tokens import NOT_LEARNED, Example


def batch_of(examples: Sequence[Example], padding: int, device: torch.device) -> dict[str, torch.Tensor]:
    """What the model takes. Padding is neither attended to nor learned."""
    longest = max(len(example.ids) for example in examples)

    def filled(rows: list[list[int]], value: int) -> torch.Tensor:
        return torch.tensor([row + [value] * (longest - len(row)) for row in rows], device=device)

    return {
        "input_ids": filled([example.ids for example in examples], padding),
        "attention_mask": filled([[1] * len(example.ids) for example in examples], 0),
        "labels": filled([example.labels for example in examples], NOT_LEARNED),
    }


def losses(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, int, int]:
    """Summed loss of the learned tokens, how many these are, and how many the model foretells right."""
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1].float()
    wanted = batch["labels"][:, 1:]
    total = torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), wanted.reshape(-1), ignore_index=NOT_LEARNED, reduction="sum"
    )
    right = (logits.argmax(-1) == wanted).sum()
    return total, int((wanted != NOT_LEARNED).sum()), int(right)
