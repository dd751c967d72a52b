import json

import pytest

from iorch_training.samples import parse_sample
from iorch_training.scoring import first_by_hash, mean, token_f1
from tiny import sample


@pytest.mark.parametrize(
    ("answer", "wanted", "score"),
    [
        ("a b c", "a b c", 1.0),
        ("A\n b", "a B", 1.0),
        ("a", "a b", 2 / 3),
        ("a a a", "a b", 0.4),
        ("x", "a", 0.0),
        ("", "a", 0.0),
        ("a", " ", 0.0),
        ("", "", 1.0),
    ],
)
def test_token_f1(answer, wanted, score):
    assert token_f1(answer, wanted) == pytest.approx(score)
    assert token_f1(wanted, answer) == pytest.approx(score)


def test_the_first_items_by_hash_do_not_depend_on_the_order_of_the_file():
    samples = [parse_sample(json.dumps(sample(number)), "here") for number in range(30)]
    first = first_by_hash(samples, 20)
    assert first == first_by_hash(reversed(samples), 20)
    assert len(first) == 20
    assert max(each.content_hash for each in first) < min(each.content_hash for each in samples if each not in first)
    assert mean([]) is None and mean([1.0, 2.0]) == 1.5
