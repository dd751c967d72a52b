import json
from pathlib import Path

import pytest

from iorch_training.metrics import MeanLoss, metric_line, shortest
from iorch_training.schedule import (
    chance_of,
    is_checkpoint_due,
    is_report_due,
    order_of_epoch,
    portions,
    rate_at,
    samples_of_step,
    steps_per_epoch,
)
from iorch_training.team import Team


@pytest.mark.parametrize(("samples", "batch", "accumulation", "steps"), [(450, 4, 1, 113), (450, 4, 2, 57), (1, 8, 8, 1), (16, 4, 4, 1)])
def test_steps_of_an_epoch(samples, batch, accumulation, steps):
    assert steps_per_epoch(samples, batch, accumulation) == steps


def test_each_epoch_sees_every_sample_once_in_an_order_of_its_own():
    orders = [order_of_epoch(50, 42, epoch) for epoch in range(3)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    assert order_of_epoch(50, 42, 1) == orders[1] != order_of_epoch(50, 43, 1)
    steps = [samples_of_step(orders[0], step, 4, 3) for step in range(steps_per_epoch(50, 4, 3))]
    assert [index for samples in steps for index in samples] == orders[0]
    assert [len(samples) for samples in steps] == [12, 12, 12, 12, 2]


def test_a_step_is_shared_by_all_processes_and_cut_to_fit_into_memory():
    samples = samples_of_step(list(range(20)), 1, 4, 2)
    assert portions(samples, 4) == [[8, 9, 10, 11], [12, 13, 14, 15]]
    shares = [Team(rank, 3).share(samples) for rank in range(3)]
    assert shares == [[8, 11, 14], [9, 12, 15], [10, 13]]
    assert [portions(share, 2) for share in shares[1:]] == [[[9, 12], [15]], [[10, 13]]]
    assert Team(2, 3).share([1]) == []


def test_dropout_has_a_seed_of_its_own_for_each_step_and_process():
    seeds = [chance_of(42, step, rank) for step in range(100) for rank in range(8)]
    assert len(set(seeds)) == 800 and max(seeds) < 2**63
    assert chance_of(42, 0, 0) == seeds[0] != chance_of(43, 0, 0)


def test_the_rate_warms_up_and_then_follows_its_kind():
    linear = [rate_at(step, 10, 1.0, 0.2, "linear") for step in range(10)]
    assert linear[:3] == [0.5, 1.0, 1.0]
    assert linear[-1] == pytest.approx(1 / 8)
    assert rate_at(6, 10, 1.0, 0.2, "cosine") == pytest.approx(0.5)
    assert {rate_at(step, 10, 1.0, 0.0, "constant") for step in range(10)} == {1.0}
    assert rate_at(0, 1, 1.0, 0.5, "cosine") == 1.0


def test_lines_and_checkpoints_stay_few_and_end_with_the_run():
    for total in (1, 7, 100, 339, 5_000):
        lines = [done for done in range(1, total + 1) if is_report_due(done, total)]
        saved = [done for done in range(1, total + 1) if is_checkpoint_due(done, total)]
        assert len(lines) == min(total, 100) and lines[-1] == total
        assert len(saved) == min(total, 20) and saved[-1] == total


# read by the control plane's tests as well
LINES = json.loads((Path(__file__).parent / "metric-lines.json").read_text())


@pytest.mark.parametrize("example", LINES, ids=lambda example: example["line"])
def test_a_line_is_exactly_what_readers_expect(example):
    assert metric_line(**example["written"]) == example["line"]


def test_the_mean_is_over_learned_tokens_since_the_last_line():
    loss = MeanLoss()
    loss.add(6.0, 2)
    loss.add(3.0, 1)
    assert loss.take() == 3.0
    assert shortest(loss.take()) == "nan"
