"""The image cannot be built without its registry: what can be said of it without one."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def requirements(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def copied() -> list[tuple[str, str]]:
    """What the image has of this folder, and where."""
    lines = [line.split()[1:] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    return [(source, words[-1]) for words in lines for source in words[:-1]]


@pytest.mark.skipif("IORCH_TRAINING_PYTHON" in os.environ, reason="an environment of somebody's own")
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_everything_is_pinned_and_the_tests_run_with_the_packages_of_the_image(name):
    for requirement in requirements(name):
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        if requirement.marker is None or requirement.marker.evaluate():
            assert version(requirement.name).split("+")[0] == pin.version, requirement.name


def test_the_base_image_is_pinned_to_a_python_that_the_program_runs_on():
    major, minor = map(int, re.search(r"^FROM python:(\d+)\.(\d+)\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE).groups())
    assert (major, minor) >= (3, 11)


def test_what_the_image_copies_is_all_that_the_program_needs(tmp_path):
    for source, target in copied():
        place = tmp_path / target.lstrip("/")
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place)
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, place)
    command = json.loads(re.search(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[1])
    assert command[0] == "python" and command[1].startswith("/opt/program/")
    # SageMaker adds the word; the folder is not this one, so that nothing else is found
    call = [sys.executable, str(tmp_path / command[1].lstrip("/")), "train"]
    environment = {**os.environ, "IORCH_ML_ROOT": str(tmp_path / "ml"), "PYTHONPATH": ""}
    ended = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert (tmp_path / "ml/output/failure").read_text().startswith("hyperparameters.json is missing")
