"""How like an answer is to what was wanted. Pure."""

from collections import Counter
from itertools import zip_longest
from typing import Iterable, Sequence, TypeVar

from .samples import Sample

Scored = TypeVar("Scored", bound=Sample)


def token_f1(answer: str, wanted: str) -> float:
    """F1 of the words that both have, as often as both have them: lower case, split at white space."""
    given, expected = answer.lower().split(), wanted.lower().split()
    if not given or not expected:
        return 1.0 if given == expected else 0.0
    both = sum((Counter(given) & Counter(expected)).values())
    if both == 0:
        return 0.0
    precision, recall = both / len(given), both / len(expected)
    return 2 * precision * recall / (precision + recall)


def first_by_hash(samples: Iterable[Scored], most: int) -> list[Scored]:
    """The items that are answered: a choice that no order of the file changes."""
    return sorted(samples, key=lambda sample: (sample.content_hash, sample.session_id))[:most]


def mean(values: list[float]) -> float | None:
    """None of nothing."""
    return sum(values) / len(values) if values else None


def in_turn(shares: Sequence[Sequence[Sequence[float]]]) -> list[float]:
    """The scores in the order of the items, from processes that took the portions in turn."""
    rounds = zip_longest(*shares, fillvalue=())
    return [score for portions in rounds for portion in portions for score in portion]
