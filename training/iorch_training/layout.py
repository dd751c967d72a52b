"""The folders that SageMaker gives to a training container."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Where inputs lie and outputs go, below one root (`/opt/ml` in a container)."""

    root: Path

    @property
    def hyperparameters(self) -> Path:
        return self.root / "input/config/hyperparameters.json"

    @property
    def resources(self) -> Path:
        return self.root / "input/config/resourceconfig.json"

    @property
    def model(self) -> Path:
        """Becomes model.tar.gz when the job has ended."""
        return self.root / "model"

    @property
    def checkpoints(self) -> Path:
        """Copied to object storage while the job runs, and back when it goes on elsewhere."""
        return self.root / "checkpoints"

    @property
    def failure(self) -> Path:
        return self.root / "output/failure"

    def channel(self, name: str) -> Path:
        """`base`, `train`, `eval` or `baseline`. The last two may be missing."""
        return self.root / "input/data" / name
