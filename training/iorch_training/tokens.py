"""Turns marked text into the numbers that a model trains on."""

from dataclasses import dataclass
from typing import Callable, Iterable, Sequence

from .rendering import ChatTemplate, Segment, segments_of
from .samples import Sample

# what PyTorch's cross entropy leaves out
NOT_LEARNED = -100


@dataclass(frozen=True)
class Example:
    """Token numbers of a sample, and the same with everything masked that is not learned."""

    ids: list[int]
    labels: list[int]

    @property
    def learned(self) -> int:
        """Labels that count: the first one has nothing before it to be foretold from."""
        return sum(label != NOT_LEARNED for label in self.labels[1:])


@dataclass(frozen=True)
class Writing:
    """How the base model writes: its chat template, the tokens of each part of a text, and what stands before and after a whole one."""

    template: ChatTemplate
    encode: Callable[[Sequence[str]], list[list[int]]]
    begin: Sequence[int] = ()
    end: Sequence[int] = ()


def example_of(segments: Sequence[Segment], writing: Writing, most: int) -> tuple[Example, bool]:
    """Cut at `most` tokens, and whether it was: what is cut off is the end. An answer that ends the text learns to end."""
    ids, labels = list(writing.begin), [NOT_LEARNED] * len(writing.begin)
    parts = writing.encode([segment.text for segment in segments])
    for index, (segment, part) in enumerate(zip(segments, parts, strict=True)):
        if segment.learned and index == len(segments) - 1:
            part = [*part, *writing.end]
        ids += part
        labels += part if segment.learned else [NOT_LEARNED] * len(part)
    return Example(ids[:most], labels[:most]), len(ids) > most


@dataclass
class Prepared:
    """Examples of a channel, and what became of the samples: nothing is dropped without being counted."""

    examples: list[Example]
    samples: int = 0
    cut: int = 0
    nothing_to_learn: int = 0
    transcripts: int = 0

    def counts(self) -> dict[str, int]:
        return {
            "samples": self.samples,
            "used": len(self.examples),
            "with_transcript": self.transcripts,
            "cut": self.cut,
            "nothing_to_learn": self.nothing_to_learn,
        }


def prepare(samples: Iterable[Sample], writing: Writing, most: int) -> Prepared:
    """A sample whose question alone fills `most` tokens teaches nothing and is left out."""
    prepared = Prepared([])
    for sample in samples:
        segments, is_transcript = segments_of(sample, writing.template)
        example, is_cut = example_of(segments, writing, most)
        prepared.samples += 1
        prepared.cut += is_cut
        if example.learned == 0:
            prepared.nothing_to_learn += 1
            continue
        prepared.transcripts += is_transcript
        prepared.examples.append(example)
    return prepared
