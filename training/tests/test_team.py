"""Several machines and several processes on one, all on the CPU of this one, over its loopback interface."""

import json
import os
import re
import shutil
import signal
import socket
from pathlib import Path

import pytest

from iorch_training import launch
from iorch_training.failure import BadInput, LostPeer, reason_of
from iorch_training.layout import Layout
from iorch_training.machines import Machines, environments, read_machines
from iorch_training.parameters import Parameters
from iorch_training.program import show_team
from iorch_training.team import Team
from running import points, prepared, run, start, until

# two names of this machine
HOSTS = ["127.0.0.1", "localhost"]
SHORT = {"epochs": "2", "lora_dropout": "0"}
WEIGHTS = "model/adapter/adapter_model.safetensors"


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def machines(folder: Path, base: Path, **changes: str) -> list[Path]:
    """A root for each machine, which knows the other."""
    roots = [prepared(folder / host, base, **changes) for host in HOSTS]
    for root, host in zip(roots, HOSTS, strict=True):
        told = {"hosts": HOSTS[::-1], "current_host": host, "network_interface_name": "lo"}
        (root / "input/config/resourceconfig.json").write_text(json.dumps(told))
    return roots


def start_all(roots: list[Path]) -> list:
    port = free_port()
    return [start(root, MASTER_PORT=port) for root in roots]


def finish(processes: list) -> list[tuple[int, list[str], str]]:
    ended = [process.communicate(timeout=240) for process in processes]
    return [(process.returncode, out.splitlines(), err) for process, (out, err) in zip(processes, ended, strict=True)]


@pytest.fixture(scope="module")
def together(base, tmp_path_factory) -> tuple[list[Path], list[list[str]]]:
    """A run on two machines that nothing interrupts."""
    roots = machines(tmp_path_factory.mktemp("together"), base, **SHORT)
    ended = finish(start_all(roots))
    assert [status for status, _, _ in ended] == [0, 0], ended
    return roots, [lines for _, lines, _ in ended]


@pytest.fixture(scope="module")
def alone(base, tmp_path_factory) -> tuple[Path, list[str]]:
    """The same run on one machine."""
    root = prepared(tmp_path_factory.mktemp("alone"), base, **SHORT)
    status, lines, errors = run(root)
    assert status == 0, errors
    return root, lines


def test_two_machines_learn_what_one_does_in_the_same_steps(together, alone):
    _, (first, _) = together
    found, expected = points(first), points(alone[1])
    assert len(found) == 20 and float(found[-1]["train"]) < 0.5 * float(found[0]["train"])
    for point, other in zip(found, expected, strict=True):
        assert [point[name] for name in ("step", "epoch", "lr", "tokens")] == [other[name] for name in ("step", "epoch", "lr", "tokens")]
        assert float(point["train"]) == pytest.approx(float(other["train"]), rel=1e-2)
        assert point["eval"] == other["eval"] or float(point["eval"]) == pytest.approx(float(other["eval"]), rel=1e-2)
    evaluations = [json.loads((root / "model/evaluation.json").read_text()) for root in (together[0][0], alone[0])]
    assert [item["content_hash"] for item in evaluations[0]["items"]] == [item["content_hash"] for item in evaluations[1]["items"]]
    assert [item["baseline"] for item in evaluations[0]["items"]] == [item["baseline"] for item in evaluations[1]["items"]]


def test_only_the_first_machine_speaks_and_writes(together):
    (first, second), (_, others) = together
    manifest = json.loads((first / "model/manifest.json").read_text())
    assert (manifest["made_with"]["machines"], manifest["made_with"]["processes"]) == (2, 2)
    assert (first / "checkpoints/step-00000020").is_dir()
    assert not any(line.startswith(("iorch", "Samples", "Answered")) for line in others)
    assert [path.name for path in [*(second / "model").iterdir(), *(second / "checkpoints").iterdir()]] == []


def test_machines_that_are_taken_away_go_on_from_the_checkpoint_of_the_first(base, together, tmp_path):
    roots = machines(tmp_path, base, **SHORT)
    processes = start_all(roots)
    until(processes[0], 8)
    for process in processes:
        process.send_signal(signal.SIGKILL)
    finish(processes)
    # SageMaker copies what lies in the bucket to every machine, in whatever state
    stale = sorted((roots[0] / "checkpoints").glob("step-*"))[0]
    shutil.copytree(stale, roots[1] / "checkpoints" / stale.name)
    ended = finish(start_all(roots))
    assert [status for status, _, _ in ended] == [0, 0], ended
    (resumed,) = json.loads((roots[0] / "model/manifest.json").read_text())["resumed_at"]
    assert 7 <= resumed < 20 and points(ended[0][1]) == points(together[1][0])[resumed:]
    assert (roots[0] / WEIGHTS).read_bytes() == (together[0][0] / WEIGHTS).read_bytes()


def test_each_gpu_of_a_machine_has_a_process_and_all_stop_after_the_same_step(base, together, tmp_path):
    root = prepared(tmp_path, base, **SHORT)
    with start(root, SM_NUM_GPUS="2", MASTER_PORT=free_port()) as process:
        until(process, 5)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 128 + signal.SIGTERM
    (stopped,) = re.findall(r"Stopped after step (\d+) of 20", rest)
    assert not (root / "output/failure").exists()

    status, lines, errors = run(root, SM_NUM_GPUS="2", MASTER_PORT=free_port())
    assert status == 0, errors
    assert points(lines) == points(together[1][0])[int(stopped) :]
    assert (root / WEIGHTS).read_bytes() == (together[0][0] / WEIGHTS).read_bytes()
    assert json.loads((root / "model/manifest.json").read_text())["made_with"]["machines"] == 1


def children_of(process_id: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()]


def test_a_process_that_is_killed_ends_the_others_and_the_reason_is_left(base, tmp_path):
    root = prepared(tmp_path, base)
    with start(root, SM_NUM_GPUS="2", MASTER_PORT=free_port()) as process:
        until(process, 3)
        os.kill(children_of(process.pid)[1], signal.SIGKILL)
        process.communicate(timeout=120)
    assert process.returncode == 1
    assert (root / "output/failure").read_text().startswith("A process of the training was ended by signal 9")


PROGRAM = """
import os, sys, time
status = int(os.environ["STATUS"])
if status == 99:
    time.sleep(600)
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("statuses", "expected"), [((0, 0), 0), ((0, 143), 143), ((143, 143), 143), ((0, 1), 1), ((1, 143), 1), ((1, 99), 1)]
)
def test_processes_end_together_with_one_status(tmp_path, monkeypatch, statuses, expected):
    monkeypatch.setattr(launch, "GRACE_SECONDS", 0.5)
    (tmp_path / "program.py").write_text(PROGRAM)
    tellings = [{"STATUS": str(status)} for status in statuses]
    assert launch.launch(tmp_path / "program.py", tellings, tmp_path / "failure", 143, lambda: False) == expected
    # each says itself why it failed
    assert not (tmp_path / "failure").exists()


def test_processes_that_have_nothing_to_do_in_a_step_are_named():
    shown: list[str] = []
    show_team(shown.append, Team(0, 8, 0, 4), Parameters(batch_size=3, gradient_accumulation_steps=2))
    assert shown[0].startswith("Processes: 8 on 4 machines") and shown[1].startswith("2 of them have nothing to do")
    show_team(shown.append, Team(0, 6, 0, 3), Parameters(batch_size=3, gradient_accumulation_steps=2))
    assert len(shown) == 3


def test_every_process_knows_its_place():
    machines = Machines(("algo-1", "algo-2"), 1, "eth0")
    first, second = environments(machines, 2, {})
    assert first == {
        "WORLD_SIZE": "4",
        "LOCAL_WORLD_SIZE": "2",
        "MASTER_ADDR": "algo-1",
        "MASTER_PORT": "29500",
        "NCCL_SOCKET_IFNAME": "eth0",
        "GLOO_SOCKET_IFNAME": "eth0",
        "RANK": "2",
        "LOCAL_RANK": "0",
    }
    assert (second["RANK"], second["LOCAL_RANK"]) == ("3", "1")
    (only,) = environments(Machines(), 1, {"MASTER_PORT": "1"})
    assert only == {"WORLD_SIZE": "1", "LOCAL_WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1", "GLOO_SOCKET_IFNAME": "lo", "RANK": "0", "LOCAL_RANK": "0"}


def test_a_process_that_lost_another_says_where_to_look():
    assert reason_of(LostPeer("Another process has ended.")) == "Another process has ended."


def test_the_machines_are_in_the_same_order_for_all_of_them(tmp_path):
    layout = Layout(tmp_path)
    assert read_machines(layout) == Machines()
    layout.resources.parent.mkdir(parents=True)
    layout.resources.write_text('{"hosts":["algo-2","algo-1"],"current_host":"algo-2","network_interface_name":"eth0"}')
    assert read_machines(layout) == Machines(("algo-1", "algo-2"), 1, "eth0")
    for text in ("{", "[]", "{}", '{"hosts":[]}', '{"hosts":["a"],"current_host":"b"}'):
        layout.resources.write_text(text)
        with pytest.raises(BadInput, match="resourceconfig.json does not say"):
            read_machines(layout)
