from pathlib import Path

from iorch_training.rendering import plain_template, segments_of
from iorch_training.samples import parse_sample

# written by the curation of the control plane, whose own test compares its line with this file
(LINE,) = (Path(__file__).parent / "curated.jsonl").read_text(encoding="utf-8").splitlines()


def test_a_curated_line_with_a_transcript_teaches_what_the_assistant_did():
    sample = parse_sample(LINE, "here")
    assert [turn["role"] for turn in sample.messages] == ["user", "assistant", "tool", "assistant"]
    segments, is_transcript = segments_of(sample, plain_template)
    assert is_transcript
    call = '{"arguments": {"content": "hello\\nMY_TOKEN=[REDACTED:env_secret]\\n", "filePath": "hello.txt"}, "name": "bash"}'
    learned = "".join(segment.text for segment in segments if segment.learned)
    assert call in learned and learned.endswith("Done.\n\n")
    given = "".join(segment.text for segment in segments if not segment.learned)
    assert "Greet [REDACTED:email]." in given and "a.txt" in given
