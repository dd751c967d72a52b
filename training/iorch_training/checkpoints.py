"""Where a run goes on after an interruption."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from .files import digests, read_json, write_json

SEAL = "complete.json"


def fingerprint_fits(state: dict[str, Any], fingerprint: dict[str, Any]) -> bool:
    """Whether a checkpoint is of this very run: same data, same parameters, same base model."""
    return state.get("fingerprint") == json.loads(json.dumps(fingerprint))


def seal(folder: Path, state: dict[str, Any]) -> None:
    """Written last: a checkpoint whose copy was cut short has no seal, or one that does not fit its files."""
    write_json(folder / SEAL, {"state": state, "files": digests(folder)})


def read_state(folder: Path) -> dict[str, Any] | None:
    """The state of a whole checkpoint; None for one that lacks a byte."""
    sealed = read_json(folder / SEAL)
    if not isinstance(sealed, dict):
        return None
    present = {path: digest for path, digest in digests(folder).items() if path != SEAL}
    return sealed["state"] if present == sealed.get("files") else None


def _folders(root: Path) -> list[Path]:
    return sorted(root.glob("step-*"), reverse=True) if root.is_dir() else []


def newest(root: Path, fingerprint: dict[str, Any]) -> tuple[Path, dict[str, Any]] | None:
    """The newest whole checkpoint of this run."""
    for folder in _folders(root):
        state = read_state(folder)
        if state and fingerprint_fits(state, fingerprint):
            return folder, state
    return None


def begin(root: Path, step: int) -> Path:
    """An empty folder to write into; its name is not a checkpoint's until `finish`."""
    draft = root / f".draft-{step:08d}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def finish(draft: Path, step: int, state: dict[str, Any], keep: int = 2) -> Path:
    """Seals it and drops older ones. One more than the newest is kept, for the case that its copy is cut short."""
    seal(draft, state)
    root = draft.parent
    folder = root / f"step-{step:08d}"
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    for old in _folders(root)[keep:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
