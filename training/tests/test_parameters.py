import pytest

from iorch_training.failure import BadInput
from iorch_training.parameters import MODULES, Origin, Parameters, as_json, limits, parse_hyperparameters

DEFAULTS = {
    "method": "lora",
    "epochs": "3",
    "learning_rate": "0.00005",
    "batch_size": "4",
    "gradient_accumulation_steps": "1",
    "lora_rank": "8",
    "lora_alpha": "16",
    "lora_dropout": "0.05",
    "target_modules": '["q_proj","v_proj"]',
    "max_sequence_length": "2048",
    "warmup_ratio": "0.03",
    "weight_decay": "0",
    "lr_scheduler": "cosine",
    "seed": "42",
}


def test_strings_as_the_control_plane_sends_them_are_the_defaults():
    assert parse_hyperparameters(DEFAULTS) == (Parameters(), Origin())


def test_the_origin_is_kept_apart_from_what_is_trained_with():
    parameters, origin = parse_hyperparameters({"job_id": "01J", "attempt": "2", "base_model": "m", "sagemaker_program": "x"})
    assert parameters == Parameters()
    assert origin == Origin(job_id="01J", attempt="2", base_model="m")


@pytest.mark.parametrize("name", sorted(limits))
def test_each_limit_is_accepted_and_what_lies_beyond_is_refused_by_name(name):
    low, high = limits[name]
    method = {"method": "qlora"} if name == "quantization_bits" else {}
    for value in (low, high):
        parse_hyperparameters({name: repr(value), **method})
    for value in (low - 1, high + 1, "nan", "inf", "x", ""):
        with pytest.raises(BadInput, match=name):
            parse_hyperparameters({name: str(value), **method})


@pytest.mark.parametrize("text", ["q_proj", "[]", '["q_proj","q_proj"]', '["head"]', "{}", "[1]"])
def test_modules_are_a_list_of_distinct_known_names(text):
    with pytest.raises(BadInput, match="target_modules"):
        parse_hyperparameters({"target_modules": text})


def test_all_modules_may_be_tuned():
    parameters, _ = parse_hyperparameters({"target_modules": str(list(MODULES)).replace("'", '"')})
    assert parameters.target_modules == MODULES
    assert as_json(parameters)["target_modules"] == list(MODULES)


@pytest.mark.parametrize(
    "given",
    [{"method": "full"}, {"lr_scheduler": "step"}, {"method": "qlora", "quantization_bits": "5"}, {"quantization_bits": "4"}, {"epoch": "3"}],
)
def test_what_is_not_known_is_refused(given):
    with pytest.raises(BadInput, match=list(given)[-1]):
        parse_hyperparameters(given)
