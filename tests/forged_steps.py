"""Forged proof files that can be read but prove nothing, claims that differ, and files that only look forged."""

from fractions import Fraction

from tests import proof_builders as build
from tests.forgeries import (
    BLOCK,
    BYTES,
    DROP,
    FIELDS,
    GRAMMAR,
    LIMITS,
    LONG,
    SIGMA,
    STEP,
    T_BLOCK,
    T_STEP,
    Case,
    F,
    R,
    U,
    claimed_in_proof,
    field,
    square,
    square_sum,
    trivial,
    with_bound,
)
from tests.proof_builders import matrix, real

W_CLAIM = "claim statements 0"
FACTORED, FROM = build.pr_box_factor, "proof steps 3 from"


def flip(text):
    return text if text == "0" else text[1:] if text.startswith("-") else "-" + text


def bump(row):
    """The last entry of a row, plus 1."""
    *head, last = row.split(" ")
    return " ".join([*head, str(int(last) + 1)])


def swap(one, two):
    return lambda table: {{one: two, two: one}.get(key, key): value for key, value in table.items()}


def without(key):
    return lambda table: {k: v for k, v in table.items() if k != key}


REJECTED = [
    # the assemblage
    Case(
        "signalling",
        build.pr_box,
        {f"{SIGMA} 0,0|0,0": real([["0"]]), f"{SIGMA} 0,1|0,0": real([[Fraction(1, 2)]])},
        R,
        "signalling",
    ),
    Case(
        "signalling to the first",
        build.pr_box,
        {f"{SIGMA} 0,0|1,1": real([[Fraction(1, 2)]]), f"{SIGMA} 1,0|1,1": real([[0]])},
        R,
        "signalling",
    ),
    Case("swapped labels of sigma", build.pr_box, {SIGMA: swap("0,0|0,0", "0,1|0,0")}, R, "signalling"),
    Case("signalling in an imaginary part", build.pr_qubit, {f"{SIGMA} 0,0|0,0 im 1": flip}, R, "signalling"),
    Case(
        "trace", build.pr_box, {SIGMA: build.elements({k: 2 * p for k, p in build.PR.items()}, build.ONE)}, R, "trace"
    ),
    Case(
        "trace of theta",
        build.sqrt2_line,
        {SIGMA: lambda e: dict.fromkeys(e, matrix([[((Fraction(1, 4), Fraction(1, 8)), 0)]], 2))},
        R,
        "trace",
    ),
    Case(
        "negative element",
        build.pr_box,
        {SIGMA: build.elements({k: p * 2 - Fraction(1, 4) for k, p in build.PR.items()}, build.ONE)},
        R,
        "negative pivot",
    ),
    Case(
        "indefinite element",
        build.pr_qubit,
        {SIGMA: build.elements(build.PR, [[(Fraction(1, 2), 0), (0, 1)], [(0, -1), (Fraction(1, 2), 0)]])},
        R,
        "negative pivot",
    ),
    Case(
        "zero on the diagonal",
        build.pr_qubit,
        {SIGMA: build.elements(build.PR, [[(1, 0), (0, 1)], [(0, -1), (0, 0)]])},
        R,
        "zero pivot",
    ),
    # the bound
    Case("indefinite Gram matrix", lambda: square(-1, 0, [["0|0"]], [[-1]]), {}, R, "negative pivot"),
    Case("zero pivot", lambda: square(2, 0, [[""], ["0|0"]], [[0, 1], [1, 0]]), {}, R, "zero pivot"),
    Case(
        "imaginary zero pivot",
        lambda: square(0, 0, [[""], ["0|0"]], [[0, 0], [0, 0]]),
        {f"{T_BLOCK} gram im": ["", "1"]},
        R,
        "zero pivot",
    ),
    Case("wrong sign", build.pr_box, {f"{F} 0,0|0,0 re 0": flip}, R, "differs"),
    Case("dropped element", build.pr_box, {F: without("0,0|0,0")}, R, "differs"),
    Case("extra element", build.toy, {"claim objects F elements 1|0": real([[Fraction(1, 10**9)]])}, R, "differs"),
    Case("swapped labels of F", build.pr_box, {F: swap("0,0|0,0", "0,1|0,0")}, R, "differs"),
    Case("other settings of F", build.pr_box, {F: swap("0,0|1,0", "0,0|1,1")}, R, "differs"),
    Case("conjugated functional", build.pr_qubit, {f"{F} 0,0|0,0 im 1": flip}, R, "differs"),
    Case("conjugated block", build.pr_qubit, {"proof steps 1 blocks 1 gram im 1": flip}, R, "differs"),
    Case("Gram entry", build.pr_box, {f"{BLOCK} gram re 4": bump}, R, "differs"),
    Case("words in another order", build.pr_box, {f"{BLOCK} words": lambda w: [*w[:3], w[4], w[3]]}, R, "differs"),
    Case("no Gram matrix for the rest", build.pr_qubit, {f"{STEP} blocks": lambda b: b[:1]}, R, "differs"),
    Case(
        "higher bound",
        lambda: with_bound(build.pr_box(), "-28284/10000".replace("28284/10000", "7071/2500")),
        {},
        R,
        "differs",
    ),
    Case("last outcomes are not free", lambda: square(1, 0, [["0|1"]], [[1]]), {}, R, "differs"),
    # the factor
    Case("wrong exponent", FACTORED, {f"{BLOCK} factor exponent": 11}, R, "dominant"),
    Case("larger exponent", FACTORED, {f"{BLOCK} factor exponent": 13}, R, "dominant"),
    Case("wrong factor entry", FACTORED, {f"{BLOCK} factor re 8": lambda row: "99" + row}, R, "dominant"),
    Case(
        "no factor rows", lambda: square(1, 0, [["0|0"]], [[1]], factor={"exponent": 0, "re": ["2"]}), {}, R, "dominant"
    ),
    Case(
        "rest of modulus 1",
        lambda: square(-1, 0, [["0|0"]], [[-1]], factor={"exponent": 0, "re": ["0"]}),
        {},
        R,
        "dominant",
    ),
    Case(
        "only the rest of one row",
        lambda: square(7, -1, [[""], ["0|0"]], [[1, 2], [2, 3]], factor={"exponent": 0, "re": ["0", "0 0"]}),
        {},
        R,
        "dominant",
    ),
    Case(
        "imaginary rest",
        lambda: square(0, 0, [[""], ["0|0"]], [[0, 0], [0, 0]], factor={"exponent": 0, "re": ["0", "0 0"]}),
        {f"{T_BLOCK} gram im": ["", "1"]},
        R,
        "dominant",
    ),
    Case(
        "conjugated factor",
        build.pr_qubit_factor,
        {f"{BLOCK} factor im": lambda rows: [" ".join(map(flip, r.split(" "))) if r else r for r in rows]},
        R,
        "dominant",
    ),
    Case("no imaginary part of the factor", build.pr_qubit_factor, {f"{BLOCK} factor im": DROP}, R, "dominant"),
    # the violation
    Case("value equal to the bound", lambda: with_bound(build.pr_box(), "-4", 4 - build.LIMIT), {}, R, "not true"),
    Case("lower bound", lambda: with_bound(build.pr_box(), "-5", 5 - build.LIMIT), {}, R, "not true"),
    Case(
        "no violation",
        build.pr_box,
        {SIGMA: build.elements({k: Fraction(1, 4) for k in build.PR}, build.ONE)},
        R,
        "not true",
    ),
    # the steps and the claim
    Case("other bounds", build.pr_box, {"proof steps 2 statement bound": "-3"}, R, "premise 2"),
    Case(
        "easier bound",
        lambda: with_bound(build.pr_box(), "-3", 3 - build.LIMIT),
        {"proof steps 2 statement bound": "-2"},
        R,
        "premise 2",
    ),
    Case("bound by a violation", build.pr_box, {FROM: [0, 2, 2]}, R, "premise 1"),
    Case("bound by nothing", build.pr_box, {FROM: [0, 0, 2]}, R, "premise 1"),
    Case("validity by a bound", build.pr_box, {FROM: [1, 1, 2]}, R, "premise 0"),
    Case(
        "validity of another",
        build.pr_box,
        {"claim objects tau": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 0 statement assemblage": "tau"},
        R,
        "premise 0",
    ),
    Case(
        "violation by another",
        build.pr_box,
        {"claim objects tau": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 2 statement assemblage": "tau"},
        R,
        "premise 2",
    ),
    Case(
        "violation of another functional",
        build.pr_box,
        {"proof objects G": build.pr_box()["proof"]["objects"]["F"], "proof steps 2 statement functional": "G"},
        R,
        "premise 2",
    ),
    Case(
        "a later premise",
        build.pr_box,
        {"proof steps": lambda s: [s[3], s[0], s[1], s[2]], "proof steps 0 from": [1, 2, 3]},
        R,
        "earlier",
    ),
    Case("itself", build.pr_box, {FROM: [0, 1, 3]}, R, "earlier"),
    Case("premises in another order", build.pr_box, {FROM: [0, 2, 1]}, R, "premise 1"),
    Case("two premises", build.pr_box, {FROM: [0, 1]}, U, "entries"),
    Case("premise as text", build.pr_box, {FROM: [0, 1, "2"]}, U, "JSON int"),
    Case("a functional as assemblage", build.pr_box, {"proof steps 0 statement assemblage": "F"}, R, "no assemblage"),
    Case(
        "an assemblage as functional",
        build.pr_box,
        {"claim objects G": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 1 statement functional": "G"},
        R,
        "no functional",
    ),
    Case(
        "nothing as functional",
        lambda: trivial(),
        {f"{T_STEP} statement functional": "H", W_CLAIM + " functional": "H"},
        R,
        "no functional",
    ),
    Case("nothing as assemblage", build.pr_box, {"proof steps 2 statement assemblage": "tau"}, R, "no assemblage"),
    Case("statement without a step", build.pr_box, {"proof steps": lambda s: s[:3]}, R, "not proved"),
    Case("stronger claim", trivial, {W_CLAIM + " bound": "0"}, R, "not proved"),
    Case(
        "second claim",
        build.pr_box,
        {"claim statements": lambda s: [*s, {"rule": "postquantum", "assemblage": "tau"}]},
        R,
        "lacks",
    ),
    Case("claim about an object of the proof", claimed_in_proof, {}, R, "lacks"),
    Case(
        "claim replaced in the proof",
        build.pr_box,
        {
            "proof objects sigma": build.pr_box()["claim"]["objects"]["sigma"],
            SIGMA: build.elements({k: Fraction(1, 4) for k in build.PR}, build.ONE),
        },
        U,
        "name of the claim",
    ),
    Case("missing element of sigma", build.pr_box, {SIGMA: without("0,0|0,0")}, U, "no key"),
]

NO_SIGMA = "claim objects sigma"
COMPARED = [
    Case("other field", build.pr_box, {}, R, "embedding", {"claim field": field("-1 1", "0", "2")}),
    Case("other embedding", build.sqrt2_line, {}, R, "embedding", {"claim field interval": ["-2", "-1"]}),
    Case("other boxes", trivial, {}, R, "boxes", {"claim scenario black_boxes 0 outcomes": [2, 2]}),
    Case("other dimension", lambda: trivial(), {}, R, "dim", {"claim scenario trusted 0 dim": 2}),
    Case("other sigma", build.pr_box, {}, R, "objects", {SIGMA + " 0,0|0,0": real([[Fraction(1, 3)]])}),
    Case(
        "other type",
        trivial,
        {},
        R,
        "objects",
        {"claim objects F": {"type": "assemblage", "elements": {"0|0": real([[1]]), "1|0": real([[1]])}}},
    ),
    Case("other name", trivial, {}, R, "objects", {"claim objects": lambda o: {"G": o["F"]}}),
    Case("one more object", trivial, {}, R, "objects", {"claim objects G": {"type": "functional", "elements": {}}}),
    Case("other statement", trivial, {}, R, "statements", {W_CLAIM + " bound": "-1/2"}),
    Case("unreadable claim", trivial, {}, U, "--claim", {"claim name": 5}),
]

NESTED = '[[{"\\\\\\" }' * 30
ACCEPTED = [
    Case("brackets and quotes in a text", build.toy, {"claim name": NESTED, "claim source": "\\"}),
    Case("lone surrogate in a text", build.toy, {"claim name": "\ud800\n"}),
    Case("no imaginary part", build.pr_box, {f"{BLOCK} gram im": DROP}),
    Case("another denominator", build.toy, {f"{T_BLOCK} gram": {"denominator": "3", "re": ["3"]}}),
    Case("boxes exchanged", build.pr_qubit, {f"{BLOCK} words": lambda w: [v[::-1] for v in w]}),
    Case("rows of zeros", lambda: trivial([(2, 2)], 2, words=[["1|0 0|1 1|0"], ["1|1"]])),
    Case("all products", lambda: square_sum([(3, 2)], [[f"{a}|0 {b}|1"] for a in range(3) for b in range(2)])),
    Case("some products", lambda: square_sum([(2, 2)], [["0|1 0|0"], ["1|1 0|0"], ["1|0"]])),
    Case("one outcome", lambda: trivial([(1, 2)], words=[["0|0 1|1"]])),
    Case("a word longer than needed", lambda: trivial([(2, 2)], words=[[LONG[4:]]])),
    Case("the other root", lambda: build.sqrt2_box(2, -1, field("-2 0 1", "-2", "-1"))),
    Case("another last bit", build.pr_box_factor, {f"{BLOCK} factor re 8": bump}),
    Case("an object too many", build.toy, {"proof objects G": {"type": "functional", "elements": {}}}),
    Case("a step too many", build.pr_box, {"proof steps": lambda s: [*s, s[1]]}),
    Case(
        "a bound and a refutation",
        build.pr_box,
        {
            "claim objects F": build.pr_box()["proof"]["objects"]["F"],
            "proof objects": {},
            "claim statements": lambda s: [*s, build.pr_box()["proof"]["steps"][1]["statement"]],
        },
    ),
    Case("equal claims", build.pr_box, claim={"claim name": "mine", "claim source": "me"}),
    Case(
        "equal values",
        build.toy,
        claim={"claim objects F elements": {"0|0": {"denominator": "7", "re": ["7"]}, "1|0": real([[0]])}},
    ),
    Case("the same root", build.sqrt2_line, claim={"claim field interval": ["7/5", "3/2"]}),
]

CASES = [
    *BYTES,
    *(Case(name, build.toy, changes, "Unreadable", reason) for name, changes, reason in GRAMMAR),
    *LIMITS,
    *FIELDS,
    *REJECTED,
    *COMPARED,
]
