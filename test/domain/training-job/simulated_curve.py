"""The simulated provider's formulas in a second language: reads cases as JSON from stdin, answers their values."""

import hashlib
import json
import math
import sys


def u(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def r4(x):
    return math.floor(10_000 * x + 0.5) / 10_000


def losses(case, s):
    n, d_hash, seed = case["trainSamples"], case["datasetSha256"], case["seed"]
    e_steps = math.ceil(n / (case["batchSize"] * case["gradientAccumulationSteps"]))
    l0 = 2 + 0.5 * u(f"base|{case['baseModel']}")
    c = min(1, math.log2(1 + case["loraRank"]) / 6)
    d = min(1, (n / 1000) ** 0.25)
    e = math.exp(-2 * math.log10(case["learningRate"] / 2e-4) ** 2)
    lm = l0 * (0.70 - 0.25 * c - 0.20 * d) + (0.02 if case["method"] == "qlora" else 0)
    k = 0.25 + 1.5 * e
    clean = lm + (l0 - lm) * math.exp(-k * s / e_steps) + case["qualityShift"]
    train = r4(clean + 0.03 * (2 * u(f"{seed}|{d_hash}|train|{s}") - 1))
    over = 0.004 * max(0, s / e_steps - 3) ** 2 * (2 - d)
    ev = r4(clean + 0.05 * (2 - d) + over + 0.01 * (2 * u(f"{seed}|{d_hash}|eval|{s}") - 1))
    return {"step": s, "trainLoss": train, "evalLoss": ev, "accuracy": r4(1 / (1 + 0.5 * ev))}


print(json.dumps([[losses(case, s) for s in case["steps"]] for case in json.load(sys.stdin)]))
