"""What ends a run early, in a sentence that the job shows."""

# SageMaker takes the first 1,024 characters of the file as the job's failure reason.
LONGEST_REASON = 1_024


class BadInput(Exception):
    """What was given cannot be trained on. The message names the cause and the remedy."""


class LostPeer(Exception):
    """Another process of this training has ended; it is the one that knows why."""


def _is_out_of_memory(error: BaseException) -> bool:
    """Of a GPU, or of the machine: PyTorch has words of its own for the latter."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def reason_of(error: BaseException) -> str:
    """The sentence for `/opt/ml/output/failure`: the cause first, since only its beginning is shown."""
    if isinstance(error, BadInput | LostPeer):
        text = str(error)
    elif _is_out_of_memory(error):
        text = (
            "The memory is not enough: lower batch_size or max_sequence_length, take method qlora, "
            f"or a larger instance_type. {error}"
        )
    else:
        text = f"{type(error).__name__}: {error}. The job's log holds the trace."
    # libraries write several lines
    return " ".join(text.split())[:LONGEST_REASON]
