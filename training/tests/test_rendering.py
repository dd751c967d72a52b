import json
from typing import Sequence

import pytest

from iorch_training.rendering import Segment, plain_template, prompt_of, segments_of
from iorch_training.samples import parse_sample
from iorch_training.tokens import NOT_LEARNED, Writing, prepare
from tiny import sample

CALL = {"id": "c1", "type": "function", "function": {"name": "read", "arguments": '{"path":"a"}'}}
TRANSCRIPT = [
    {"role": "user", "content": "fix it"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "content": "text", "tool_call_id": "c1"},
    {"role": "assistant", "content": "done"},
    {"role": "user", "content": "thanks"},
]


def read(**more):
    return parse_sample(json.dumps(sample(1, **more)), "here")


def test_without_a_transcript_the_output_is_learned():
    segments, is_transcript = segments_of(read(), plain_template)
    assert not is_transcript
    assert segments == [
        Segment("### Instruction:\nsubtract 1\n\n### Response:\n", False),
        Segment("minus minus minus\n\n", True),
    ]


def test_input_stands_below_the_instruction():
    assert prompt_of(read(input="more"), plain_template) == "### Instruction:\nsubtract 1\n\nmore\n\n### Response:\n"


def test_of_a_transcript_only_the_turns_of_the_assistant_are_learned():
    segments, is_transcript = segments_of(read(messages=TRANSCRIPT), plain_template)
    assert is_transcript
    learned = "".join(segment.text for segment in segments if segment.learned)
    assert learned == '{"arguments": {"path": "a"}, "name": "read"}\n\ndone\n\n'
    assert "".join(segment.text for segment in segments).endswith("### Instruction:\nthanks\n\n")


def test_a_transcript_without_an_answer_or_in_an_unknown_order_falls_back_to_the_output():
    def forgetful(turns, *, answer_follows):
        if any(turn["role"] == "tool" for turn in turns):
            raise ValueError("no tools here")
        # writes earlier answers shorter once another turn follows
        shown = [turn["content"][:1] if turn["role"] == "assistant" and turn is not turns[-1] else turn["content"] for turn in turns]
        return "|".join(shown) + ("|" if answer_follows else "")

    for messages in (TRANSCRIPT[:1], TRANSCRIPT, [{"role": "user", "content": "a"}, {"role": "assistant", "content": "long"}, {"role": "user", "content": "b"}]):
        segments, is_transcript = segments_of(read(messages=messages), forgetful)
        assert not is_transcript
        assert segments[-1] == Segment("minus minus minus", True)


def test_a_template_that_does_not_add_to_its_question_gives_way_to_the_plain_one():
    segments, _ = segments_of(read(), lambda turns, answer_follows: f"{len(turns)}{answer_follows}")
    assert segments[0].text.startswith("### Instruction:")


def letters(parts: Sequence[str]) -> list[list[int]]:
    return [[ord(letter) for letter in part] for part in parts]


def test_everything_but_the_answer_is_masked_and_the_answer_learns_to_end():
    writing = Writing(plain_template, letters, begin=[1], end=[2])
    (example,) = prepare([read()], writing, 1_000).examples
    answer = [*letters(["minus minus minus\n\n"])[0], 2]
    assert example.ids[0] == 1 and example.ids[-len(answer) :] == answer
    assert example.labels == [NOT_LEARNED] * (len(example.ids) - len(answer)) + answer
    assert example.learned == len(answer)


@pytest.mark.parametrize(("most", "used", "cut", "left_out"), [(1_000, 1, 0, 0), (60, 1, 1, 0), (20, 0, 1, 1)])
def test_what_is_cut_or_left_out_is_counted(most, used, cut, left_out):
    counts = prepare([read()], Writing(plain_template, letters), most).counts()
    assert counts == {"samples": 1, "used": used, "with_transcript": 0, "cut": cut, "nothing_to_learn": left_out}
