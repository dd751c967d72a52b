"""Which tokens are learned, with real tokenizers: those of the assistant's turns and no other."""

import json

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from iorch_training.base_model import encode_parts, padding_of, writing_of
from iorch_training.samples import parse_sample
from iorch_training.tokens import NOT_LEARNED, Example, prepare
from tiny import CHAT, sample, write_tokenizer

CALL = {"id": "call_1", "type": "function", "function": {"name": "read", "arguments": '{"path": "a b.txt"}'}}
TRANSCRIPT = [
    {"role": "system", "content": "be brief"},
    {"role": "user", "content": "fix ünïcode"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "content": "the text", "tool_call_id": "call_1"},
    {"role": "assistant", "content": "reading on", "tool_calls": [CALL, CALL]},
    {"role": "tool", "content": "one", "tool_call_id": "call_1"},
    {"role": "tool", "content": "two", "tool_call_id": "call_1"},
    {"role": "assistant", "content": ""},
    {"role": "assistant", "content": "done → ok"},
    {"role": "user", "content": "thanks"},
]
# writes content alone, and never says that it left something out
SILENT = (
    "{% for message in messages %}{% if message.role != 'tool' %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
# wants question and answer in turns, beginning with a question
STRICT = (
    "{% for message in messages %}{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}"
    "{% endif %}<|{{ message.role }}|>{{ message.content | trim }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
TEXT_CALL = '{"arguments": {"path": "a b.txt"}, "name": "read"}'


def tokenizer_with(folder, template: str | None) -> PreTrainedTokenizerFast:
    write_tokenizer(folder, template)
    return AutoTokenizer.from_pretrained(folder)


def learn(tokenizer, turns, most: int = 4_096) -> tuple[Example, dict[str, int]]:
    prepared = prepare([parse_sample(json.dumps(sample(1, messages=turns)), "here")], writing_of(tokenizer), most)
    (example,) = prepared.examples
    return example, prepared.counts()


def learned_texts(tokenizer, example: Example) -> list[str]:
    """Each unbroken run of learned tokens."""
    runs: list[list[int]] = [[]]
    for token, label in zip(example.ids, example.labels, strict=True):
        assert label in (NOT_LEARNED, token)
        if label == NOT_LEARNED:
            runs.append([])
        else:
            runs[-1].append(token)
    return [tokenizer.decode(run) for run in runs if run]


def test_a_template_that_knows_tools_learns_calls_and_answers(tmp_path):
    tokenizer = tokenizer_with(tmp_path, CHAT)
    example, counts = learn(tokenizer, TRANSCRIPT)
    call = 'read{"path": "a b.txt"}'
    assert counts["with_transcript"] == 1
    assert learned_texts(tokenizer, example) == [f"{call}<|end|>", f"reading on{call}{call}<|end|>", "done → ok<|end|>"]
    # nothing but labels sets this apart from the whole text as the template writes it
    whole = tokenizer.decode(example.ids)
    assert whole.startswith("<|system|>be brief<|end|><|user|>fix ünïcode<|end|><|assistant|>read")
    assert whole.endswith("<|end|><|user|>thanks<|end|>")
    assert example.ids == tokenizer(whole, add_special_tokens=False)["input_ids"]


@pytest.mark.parametrize(
    ("template", "system"), [(SILENT, "<|system|>be brief<|end|><|user|>fix ünïcode<|end|>"), (STRICT, "<|user|>be brief\n\nfix ünïcode<|end|>")]
)
def test_a_template_that_knows_no_tools_gets_them_as_text(tmp_path, template, system):
    tokenizer = tokenizer_with(tmp_path, template)
    example, counts = learn(tokenizer, TRANSCRIPT)
    assert counts["with_transcript"] == 1
    assert learned_texts(tokenizer, example) == [
        f"{TEXT_CALL}<|end|>",
        f"reading on\n{TEXT_CALL}\n{TEXT_CALL}<|end|>",
        "done → ok<|end|>",
    ]
    whole = tokenizer.decode(example.ids)
    assert whole.startswith(system) and "<|user|>one\n\ntwo<|end|><|assistant|>done" in whole


def test_without_a_template_a_transcript_is_written_plainly_between_begin_and_end(tmp_path):
    tokenizer = tokenizer_with(tmp_path, None)
    example, _ = learn(tokenizer, TRANSCRIPT[:-1])
    assert learned_texts(tokenizer, example) == [f"{TEXT_CALL}\n\n", f"reading on\n{TEXT_CALL}\n{TEXT_CALL}\n\n", "done → ok\n\n</s>"]
    assert tokenizer.decode(example.ids).startswith("<s>### System:\nbe brief\n\n### Instruction:\nfix")
    assert tokenizer.pad_token is None and padding_of(tokenizer) == tokenizer.eos_token_id


def test_turns_without_a_word_are_not_learned_and_without_any_other_the_output_is(tmp_path):
    tokenizer = tokenizer_with(tmp_path, CHAT)
    example, counts = learn(tokenizer, [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}])
    assert counts["with_transcript"] == 0
    assert learned_texts(tokenizer, example) == ["minus minus minus<|end|>"]


def test_what_is_too_long_loses_its_end(tmp_path):
    tokenizer = tokenizer_with(tmp_path, CHAT)
    whole, _ = learn(tokenizer, TRANSCRIPT)
    example, counts = learn(tokenizer, TRANSCRIPT, 128)
    assert counts["cut"] == 1 and len(example.ids) == 128
    assert (example.ids, example.labels) == (whole.ids[:128], whole.labels[:128])


def test_a_tokenizer_that_begins_each_text_with_a_space_does_not_begin_each_part_with_one():
    """As those of Llama 2 and Mistral do."""
    from tokenizers import Tokenizer, models, normalizers

    letters = {letter: at for at, letter in enumerate("▁abcdefghij\n")}
    tokenizer = Tokenizer(models.BPE({**letters, "▁a": 20, "bc": 21}, merges=[("▁", "a"), ("b", "c")], unk_token=None))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    parts = encode_parts(fast, ["a b", "", "c a", "\nj"])
    assert sum(parts, []) == fast("a bc a\nj", add_special_tokens=False)["input_ids"]
    assert parts[0] == [20, 0, 21] and parts[1] == [] and parts[2] == [20] and parts[3] == [letters["\n"], letters["j"]]
