import hashlib
import json

import pytest

from iorch_training.failure import LONGEST_REASON, BadInput, reason_of
from iorch_training.samples import read_samples, sha256_of
from tiny import sample, write_lines


def test_lines_of_all_files_of_a_channel_are_read_in_order(tmp_path):
    write_lines(tmp_path, "b.jsonl", [sample(2)])
    write_lines(tmp_path, "a.jsonl", [sample(1), "", sample(3)])
    read = read_samples(tmp_path)
    assert [each.session_id for each in read] == ["session-001", "session-003", "session-002"]
    assert [each.replayable for each in read] == [False, False, True]
    assert read_samples(tmp_path / "missing") == []


def test_the_checksum_is_that_of_train_and_eval_one_after_the_other(tmp_path):
    write_lines(tmp_path / "train", "train.jsonl", [sample(1)])
    write_lines(tmp_path / "eval", "eval.jsonl", [sample(2)])
    both = (tmp_path / "train/train.jsonl").read_bytes() + (tmp_path / "eval/eval.jsonl").read_bytes()
    assert sha256_of(tmp_path / "train", tmp_path / "eval") == hashlib.sha256(both).hexdigest()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        (json.dumps({"instruction": "a"}), "output must be a string"),
        (json.dumps({"instruction": " ", "output": "b"}), "blank"),
        (json.dumps({"instruction": "a", "input": 1, "output": "b"}), "input must be a string"),
        (json.dumps(sample(1, messages=[])), "list of chat turns"),
        (json.dumps(sample(1, messages=[{"role": "judge", "content": "x"}])), "role"),
        (json.dumps(sample(1, messages=[{"role": "user", "content": 3}])), "content"),
        (json.dumps(sample(1, messages=[{"role": "assistant", "content": None, "tool_calls": ["read"]}])), "tool_calls"),
        ("[" * 100_000, "nested too deeply"),
        (json.dumps(sample(1, output="x" * (5 << 20))), "longer than 4 MiB"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, reason):
    write_lines(tmp_path, "train.jsonl", [sample(1), line])
    with pytest.raises(BadInput, match=f"train.jsonl line 2: .*{reason}"):
        read_samples(tmp_path)


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "train.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="train.jsonl line 1: not UTF-8"):
        read_samples(tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA out of memory. Tried to allocate"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes."),
        MemoryError(),
    ],
)
def test_too_little_memory_is_said_with_what_helps(error):
    assert reason_of(error).startswith("The memory is not enough: lower batch_size")


def test_a_reason_is_one_line_that_fits():
    assert reason_of(BadInput("why\n  not")) == "why not"
    assert reason_of(ValueError("x")).startswith("ValueError: x. The job's log")
    assert len(reason_of(BadInput("x" * 5_000))) == LONGEST_REASON
