"""QLoRA on the CPU: the package's kernels for it calculate what those for a GPU do, only slowly."""

import json

import bitsandbytes
import pytest
import torch

from iorch_training import base_model
from iorch_training.base_model import load_base
from iorch_training.parameters import Parameters
from running import points, prepared, run


@pytest.mark.parametrize("bits", ["4", "8"])
def test_the_loss_falls_on_quantized_weights(base, tmp_path, bits):
    root = prepared(tmp_path, base, method="qlora", quantization_bits=bits, epochs="3")
    status, lines, errors = run(root)
    assert status == 0, errors
    found = points(lines)
    assert len(found) == 30 and float(found[-1]["train"]) < 0.3 * float(found[0]["train"])
    manifest = json.loads((root / "model/manifest.json").read_text())
    assert manifest["parameters"]["method"] == "qlora" and manifest["parameters"]["quantization_bits"] == int(bits)
    assert manifest["made_with"]["bitsandbytes"] == bitsandbytes.__version__
    evaluation = json.loads((root / "model/evaluation.json").read_text())
    assert evaluation["eval_loss"]["candidate"] < 0.3 * evaluation["eval_loss"]["baseline"]
    # one line for each layer of each step would fill the log
    assert "MatMul8bitLt" not in errors


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_four_bits_are_nf4_quantized_twice_and_calculated_with_in_the_machines_precision(base, precision, monkeypatch):
    monkeypatch.setattr(base_model, "_dtype", lambda: precision)
    model = load_base(base, Parameters(method="qlora"))
    layer = model.model.layers[0].self_attn.q_proj
    assert isinstance(layer, bitsandbytes.nn.Linear4bit)
    assert layer.weight.quant_type == "nf4" and layer.weight.compress_statistics and layer.weight.dtype == torch.uint8
    assert model.config.quantization_config.bnb_4bit_compute_dtype == precision
    # the layers that are not quantized are prepared for learning on top of them
    assert model.model.norm.weight.dtype == torch.float32
    assert not any(weight.requires_grad for weight in model.parameters())


def test_eight_bits_are_whole_numbers(base):
    model = load_base(base, Parameters(method="qlora", quantization_bits=8))
    layer = model.model.layers[0].mlp.up_proj
    assert isinstance(layer, bitsandbytes.nn.Linear8bitLt) and layer.weight.dtype == torch.int8
    assert not isinstance(model.lm_head, bitsandbytes.nn.Linear8bitLt)
