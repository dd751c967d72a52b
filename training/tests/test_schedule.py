import pytest

from iorch_training.metrics import MeanLoss, metric_line, shortest
from iorch_training.schedule import (
    is_checkpoint_due,
    is_report_due,
    micro_batches,
    order_of_epoch,
    rate_at,
    steps_per_epoch,
)


@pytest.mark.parametrize(("samples", "batch", "accumulation", "steps"), [(450, 4, 1, 113), (450, 4, 2, 57), (1, 8, 8, 1), (16, 4, 4, 1)])
def test_steps_of_an_epoch(samples, batch, accumulation, steps):
    assert steps_per_epoch(samples, batch, accumulation) == steps


def test_each_epoch_sees_every_sample_once_in_an_order_of_its_own():
    orders = [order_of_epoch(50, 42, epoch) for epoch in range(3)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    assert order_of_epoch(50, 42, 1) == orders[1] != order_of_epoch(50, 43, 1)
    seen = [index for step in range(steps_per_epoch(50, 4, 3)) for portion in micro_batches(orders[0], step, 4, 3) for index in portion]
    assert seen == orders[0]
    assert [len(portion) for portion in micro_batches(orders[0], 4, 4, 3)] == [2]


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


def test_a_line_is_exactly_what_readers_expect():
    line = metric_line(step=113, epoch=1.0, train_loss=1.35521234, eval_loss=1.4083, rate=5e-5, tokens=540_000)
    assert line == "iorch step=113 epoch=1 train_loss=1.35521 eval_loss=1.4083 lr=5e-05 tokens=540000"
    bare = metric_line(step=1, epoch=1 / 3, train_loss=2.0, eval_loss=None, rate=0.0, tokens=0)
    assert bare == "iorch step=1 epoch=0.333333 train_loss=2 eval_loss=nan lr=0 tokens=0"


def test_the_mean_is_over_learned_tokens_since_the_last_line():
    loss = MeanLoss()
    loss.add(6.0, 2)
    loss.add(3.0, 1)
    assert loss.take() == 3.0
    assert shortest(loss.take()) == "nan"
