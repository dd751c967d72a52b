"""Fisher's exact two-sided test in a second language, in whole numbers: reads tables as JSON from stdin, answers their p-values."""

import json
import sys
from fractions import Fraction
from math import comb


def p_value(passed, observed, other_passed, other_observed):
    total = passed + other_passed
    weight = lambda x: comb(observed, x) * comb(other_observed, total - x)
    possible = range(max(0, total - other_observed), min(observed, total) + 1)
    as_rare = sum(weight(x) for x in possible if weight(x) <= weight(passed))
    return float(Fraction(as_rare, comb(observed + other_observed, total)))


json.dump([p_value(*table) for table in json.load(sys.stdin)], sys.stdout)
