"""What ends a run early, in a sentence that the job shows."""

# SageMaker takes the first 1,024 characters of the file as the job's failure reason.
LONGEST_REASON = 1_024


class BadInput(Exception):
    """What was given cannot be trained on. The message names the cause and the remedy."""


def reason_of(error: BaseException) -> str:
    """The sentence for `/opt/ml/output/failure`: the cause first, since only its beginning is shown."""
    if isinstance(error, BadInput):
        text = str(error)
    elif "out of memory" in str(error).lower():
        text = (
            "The accelerator's memory is not enough: lower batch_size or max_sequence_length, take method qlora, "
            f"or a larger instance_type. {error}"
        )
    else:
        text = f"{type(error).__name__}: {error}. The job's log holds the trace."
    return text[:LONGEST_REASON]
