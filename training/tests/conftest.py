"""What the tests share. One thread: a tiny model gains nothing from more."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"

from running import prepared, run  # noqa: E402
from tiny import write_base  # noqa: E402


@pytest.fixture(scope="session")
def base(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    write_base(folder)
    return folder


@pytest.fixture(scope="session")
def whole(base, tmp_path_factory) -> tuple[Path, list[str]]:
    """A run that nothing interrupts."""
    root = prepared(tmp_path_factory.mktemp("whole"), base)
    status, lines, errors = run(root)
    assert status == 0, errors
    return root, lines
