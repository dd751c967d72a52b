"""Files that are there whole or not at all."""

import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

from .failure import BadInput


def write_json(path: Path, value: Any) -> None:
    """Replaces the file in one step, so that a reader and a copy see the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(draft, path)


def read_json(path: Path) -> Any:
    """None for a file that is missing or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def digests(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of each file below a folder, by its path in it."""
    return {
        str(file.relative_to(folder)): {
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "bytes": file.stat().st_size,
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def unpack(archive: Path, target: Path) -> Path:
    """Refuses links and paths that lead out of the folder."""
    try:
        with tarfile.open(archive) as content:
            content.extractall(target, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise BadInput(f"{archive.name} cannot be unpacked: {error}") from None
    return target
