"""Forged proof files: for every obligation of the checker some file that fails just there; here those of the grammar.

A case is (name, file, changes, refusal, words of the reason, claim, patch); a change is a path and its new value, a
function of the old one, or DROP. Paths are separated by spaces, list positions are numbers.
"""

import copy
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

from tests import proof_builders as build
from tests.proof_builders import RATIONALS, bound_only, matrix, real

DROP = object()


class Case(NamedTuple):
    name: str
    file: Any  # a file, or a function that makes one, or bytes
    changes: Any = ()
    refusal: str = "Unreadable"
    reason: str = ""
    claim: Any = None  # changes that make the user's own claim
    patch: Any = ()  # other values of the checker's names, to try a limit at a small size


def change(file, changes):
    file = copy.deepcopy(file)
    for path, value in dict(changes).items():
        *steps, last = [int(s) if s.isdigit() else s for s in path.split(" ")]
        place = file
        for step in steps:
            place = place[step]
        if value is DROP:
            del place[last]
        else:
            place[last] = value(place[last]) if callable(value) else value
    return file


def forge(case):
    if isinstance(case.file, bytes):
        return case.file, None
    file = case.file() if callable(case.file) else case.file
    claim = None if case.claim is None else build.encode(change(file, case.claim))
    return build.encode(change(file, case.changes)), claim


def trivial(boxes=((2,),), dim=1, field=RATIONALS, words=None):
    """0 >= -1, true in every scenario."""
    gram = {"denominator": "1", "re": [" ".join("0" * i + "1") for i in range(dim)]}
    found = bound_only({}, -1, [{"words": [[""] * len(boxes)], "gram": gram}], boxes, dim, field)
    if words:
        zero = {"denominator": "1", "re": [" ".join("0" * (i + 1)) for i in range(len(words) * dim)]}
        found["proof"]["steps"][0]["blocks"].append({"words": words, "gram": zero})
    return found


def square(functional, bound, words, gram, **block):
    return bound_only({"0|0": real([[functional]])}, bound, [{"words": words, "gram": real(gram), **block}], [(2, 2)])


def square_sum(boxes, words):
    gram = [[int(v == w) for w in words] for v in words]
    return bound_only({}, -1, [{"words": words, "gram": real(gram)}], boxes)


def claimed_in_proof():
    file = trivial()
    file["proof"]["objects"] = file["claim"]["objects"]
    file["claim"]["objects"] = {}
    return file


def field(polynomial, lo, hi):
    return {"minimal_polynomial": polynomial.split(" "), "interval": [lo, hi]}


def with_bound(file, bound, slack=None):
    """The same proof with another bound everywhere; a slack goes to the square of the word 1."""
    steps = file["proof"]["steps"]
    for i in (1, 2):
        steps[i]["statement"]["bound"] = bound
    if slack is not None:
        steps[1]["blocks"].append({"words": [["", ""]], "gram": real([[slack]])})
    return file


def raising(*_, **__):
    raise RecursionError


TOY = build.encode(build.toy())
SIGMA, F = "claim objects sigma elements", "proof objects F elements"
STEP, BLOCK = "proof steps 1", "proof steps 1 blocks 0"
T_STEP, T_BLOCK = "proof steps 0", "proof steps 0 blocks 0"  # of the files with one step
U, R = "Unreadable", "Rejected"
REDUCIBLE = field("-1 0 1", "1/2", "2")  # theta = 1

BYTES = [
    Case("empty", b"", reason="JSON"),
    Case("not UTF-8", TOY.replace(b"a test", b"\xff"), reason="UTF-8"),
    Case("byte order mark", b"\xef\xbb\xbf" + TOY, reason="JSON"),
    Case("trailing data", TOY + b"0", reason="JSON"),
    Case("two objects", TOY + TOY, reason="JSON"),
    Case("cut short", TOY[:-20], reason="brackets"),
    Case("no comma", TOY.replace(b'","', b'" "', 1), reason="JSON"),
    Case("control character", TOY.replace(b"a test", b"a\ntest"), reason="JSON"),
    Case("a list", b"[]", reason="not a JSON dict"),
    Case("duplicate key", TOY.replace(b'"format"', b'"format":"","format"'), reason="duplicate key"),
    Case("escaped duplicate key", TOY.replace(b'"format"', b'"form\\u0061t":"","format"'), reason="duplicate key"),
    Case("nested", TOY.replace(b'"a test"', b"[" * 16 + b"]" * 16), reason="nested"),
    Case("very nested", b'{"a":' * 100_000 + b"0" + b"}" * 100_000, reason="nested"),
    Case("nested after an escape", TOY.replace(b'"a test"', b'["\\\\",' + b"[" * 16 + b"]" * 17), reason="nested"),
    Case("too long", TOY, reason="longer than", patch={"MAX_BYTES": len(TOY) - 1}),
    Case("stack", TOY, reason="too large", patch={"json": SimpleNamespace(loads=raising)}),
]

GRAMMAR = [
    ("format", {"format": "steeralg-proof/2"}, "format"),
    ("no format", {"format": DROP}, "no key format"),
    ("unknown key", {"verdict": "proved"}, "unknown key"),
    ("unknown key in a step", {f"{T_STEP} note": ""}, "unknown key"),
    ("evidence of another rule", {f"{T_STEP} from": [0, 0, 0]}, "unknown key"),
    ("unknown key in a block", {f"{T_BLOCK} note": ""}, "unknown key"),
    ("unknown key in a statement", {f"{T_STEP} statement value": "0"}, "unknown key"),
    ("unknown key in a matrix", {f"{T_BLOCK} gram order": 1}, "unknown key"),
    ("unknown key in the field", {"claim field degree": 1}, "unknown key"),
    ("unknown key in the scenario", {"claim scenario name": ""}, "unknown key"),
    ("unknown key in a box", {"claim scenario black_boxes 0 name": ""}, "unknown key"),
    ("unknown key in a party", {"claim scenario trusted 0 inputs": 1}, "unknown key"),
    ("unknown key in an object", {"claim objects F note": ""}, "unknown key"),
    ("no source", {"claim source": DROP}, "no key"),
    ("no blocks", {f"{T_STEP} blocks": DROP}, "no key"),
    ("no gram", {f"{T_BLOCK} gram": DROP}, "no key"),
    ("no bound", {f"{T_STEP} statement bound": DROP}, "no key"),
    ("name is no text", {"claim name": 5}, "JSON str"),
    ("name is null", {"claim name": None}, "JSON str"),
    ("source is no text", {"claim source": ["x"]}, "JSON str"),
    ("objects are a list", {"claim objects": []}, "JSON dict"),
    ("steps are an object", {"proof steps": {}}, "JSON list"),
    ("no statements", {"claim statements": []}, "entries"),
    ("no steps", {"proof steps": []}, "entries"),
    ("no block", {f"{T_STEP} blocks": []}, "entries"),
    ("no words", {f"{T_BLOCK} words": [], f"{T_BLOCK} gram re": []}, "entries"),
    ("unknown rule", {f"{T_STEP} statement rule": "trust"}, "unknown rule"),
    ("rule is no text", {f"{T_STEP} statement rule": []}, "JSON str"),
    ("functional is no text", {f"{T_STEP} statement functional": 1}, "JSON str"),
    ("unknown type", {"claim objects G": {"type": "state", "elements": {}}}, "unknown type"),
    ("key outside", {"claim objects F elements 2|0": real([[0]])}, "unknown key"),
    ("key with a zero", {"claim objects F elements 00|0": real([[0]])}, "unknown key"),
    ("key with a space", {"claim objects F elements": lambda e: {"0|0": e["0|0"], " 1|0": e["0|0"]}}, "unknown key"),
    ("bad name", {"claim objects 1F": {"type": "functional", "elements": {}}}, "not a name"),
    ("bad letters", {"claim objects \u00e9": {"type": "functional", "elements": {}}}, "not a name"),
    ("name with a newline", {"claim objects F\n": {"type": "functional", "elements": {}}}, "not a name"),
    ("a name twice", {"proof objects F": {"type": "functional", "elements": {}}}, "name of the claim"),
    ("one box too many", {f"{T_BLOCK} words": [["0|0", ""]]}, "entries"),
    ("a word as text", {f"{T_BLOCK} words": ["0|0"]}, "JSON list"),
    ("a letter outside", {f"{T_BLOCK} words": [["2|0"]]}, "letter"),
    ("a setting outside", {f"{T_BLOCK} words": [["0|1"]]}, "letter"),
    ("two spaces", {f"{T_BLOCK} words": [["0|0  0|0"]]}, "letter"),
    ("unicode digit in a letter", {f"{T_BLOCK} words": [["\u0660|0"]]}, "letter"),
    ("neighbours", {f"{T_BLOCK} words": [["0|0 0|0"]]}, "neighbouring"),
    (
        "orthogonal neighbours",
        {f"{T_BLOCK} words": [["0|0"], ["0|0 1|0"]], f"{T_BLOCK} gram": {"denominator": "1", "re": ["1", "0 1"]}},
        "neighbouring",
    ),
    (
        "a word twice",
        {f"{T_BLOCK} words": [["0|0"]] * 2, f"{T_BLOCK} gram": {"denominator": "1", "re": ["1", "0 0"]}},
        "twice",
    ),
    ("denominator 0", {f"{T_BLOCK} gram denominator": "0"}, "not positive"),
    ("denominator < 0", {f"{T_BLOCK} gram": {"denominator": "-1", "re": ["-1"]}}, "not positive"),
    ("denominator a fraction", {f"{T_BLOCK} gram denominator": "1/2"}, "not an integer"),
    ("row of two", {f"{T_BLOCK} gram re": ["1 0"]}, "not 1 entries"),
    ("row of none", {f"{T_BLOCK} gram re": [""]}, "not 1 entries"),
    ("trailing space", {f"{T_BLOCK} gram re": ["1 "]}, "not 1 entries"),
    ("too many rows", {f"{T_BLOCK} gram re": ["1", "0 0"]}, "entries"),
    ("too few rows", {f"{T_BLOCK} gram re": []}, "entries"),
    ("rows as text", {f"{T_BLOCK} gram re": "1"}, "JSON list"),
    ("row is a number", {f"{T_BLOCK} gram re": [1]}, "JSON str"),
    ("row is zero", {f"{T_BLOCK} gram im": [0]}, "JSON str"),
    ("imaginary diagonal", {f"{T_BLOCK} gram im": ["0"]}, "not 0 entries"),
    ("two coefficients of one", {f"{T_BLOCK} gram re": ["1,0"]}, "coefficients"),
    ("exponent as text", {f"{T_BLOCK} factor": {"exponent": "0", "re": ["1"]}}, "JSON int"),
    (
        "factor with a denominator",
        {f"{T_BLOCK} factor": {"exponent": 0, "denominator": "1", "re": ["1"]}},
        "unknown key",
    ),
    ("factor with coefficients", {f"{T_BLOCK} factor": {"exponent": 0, "re": ["1,0"]}}, "coefficients"),
    ("negative exponent", {f"{T_BLOCK} factor": {"exponent": -1, "re": ["0"]}}, "range"),
    ("no boxes", {"claim scenario black_boxes": []}, "entries"),
    ("no settings", {"claim scenario black_boxes 0 outcomes": []}, "entries"),
    ("no outcomes", {"claim scenario black_boxes 0 outcomes": [2, 0]}, "range"),
    ("nine trusted parties", {"claim scenario trusted": [{"dim": 1}] * 9}, "entries"),
    ("dimension 0", {"claim scenario trusted 0 dim": 0}, "range"),
    ("no interval end", {"claim field interval": ["-1"]}, "entries"),
    ("three ends", {"claim field interval": ["-1", "1", "2"]}, "entries"),
    ("constant polynomial", {"claim field minimal_polynomial": ["1"]}, "entries"),
    ("fractional polynomial", {"claim field minimal_polynomial": ["1/2", "1"]}, "not an integer"),
    *((f"dimension {v!r}", {"claim scenario trusted 0 dim": v}, "JSON int") for v in (True, 1.0, "1", None, [1], {})),
    *(
        (f"outcomes {v!r}", {"claim scenario black_boxes 0 outcomes": [v]}, "JSON int")
        for v in (False, 2.0, float("nan"))
    ),
    *((f"exponent {v!r}", {f"{T_BLOCK} factor": {"exponent": v, "re": ["1"]}}, "JSON int") for v in (False, 0.0)),
    *(
        (f"integer {v!r}", {f"{T_BLOCK} gram re": [v]}, "not an integer")
        for v in ("-0", "01", "+1", "1_0", "1.0", "1e0", "0x1", "\u0661", "--1", "-", "1\n", "1\t", "\u00a01")
    ),
    *(
        (f"rational {v!r}", {f"{T_STEP} statement bound": v}, reason)
        for v, reason in (
            ("0/1", "lowest"),
            ("0/2", "lowest"),
            ("2/2", "lowest"),
            ("-4/6", "lowest"),
            ("1/-2", "lowest"),
            ("1/1", "lowest"),
            ("1/0", "lowest"),
            ("1/", "not an integer"),
            ("/2", "not an integer"),
            ("1/2/3", "not an integer"),
            ("-0", "not an integer"),
            ("0.5", "not an integer"),
            (" 0", "not an integer"),
            ("", "not an integer"),
        )
    ),
]

LONG = " ".join(["0|0", "0|1"] * 33)[:-4]
SQRT2, ROOT17 = build.SQRT2, field("-2" + " 0" * 16 + " 1", "1", "2")
LIMITS = [
    Case("box 9", lambda: trivial([(1,)] * 9), {}, U, "entries"),
    Case("setting 65", lambda: trivial([(1,) * 65]), {}, U, "entries"),
    Case("outcome 65", lambda: trivial([(65,)]), {}, U, "range"),
    Case("dimension 257", lambda: trivial(dim=257), {}, U, "range"),
    Case("elements", lambda: trivial([(47,), (47,), (46,)]), {}, U, "more than 100000 elements"),
    Case("degree 17", lambda: trivial(field=ROOT17), {}, U, "entries"),
    Case("letter 65", lambda: trivial([(2, 2)], words=[[LONG]]), {}, U, "letters"),
    Case("order", lambda: trivial(dim=2, words=[["0|0"], ["1|0"]]), {}, U, "order 4", patch={"MAX_ORDER": 3}),
    Case("words", lambda: trivial(words=[["0|0"], ["1|0"]]), {}, U, "entries", patch={"MAX_ORDER": 1}),
    Case("steps", build.pr_box, {}, U, "entries", patch={"MAX_LIST": 3}),
    Case(
        "work", lambda: trivial([(2,) * 5], words=[["1|0 1|1 1|2 1|3 1|4"]]), {}, U, "terms", patch={"MAX_WORK": 20_000}
    ),
    Case("stored words", trivial, {}, U, "terms", patch={"MAX_WORK": 10}),
    Case(
        "exponent 4001", lambda: square(1, 0, [["0|0"]], [[1]], factor={"exponent": 4001, "re": ["0"]}), {}, U, "range"
    ),
    Case("long number", lambda: square(10**4000, 0, [["0|0"]], [[10**4000]]), {}, U, "4000 digits"),
    Case("long negative", lambda: square(-(10**4000), 0, [["0|0"]], [[1]]), {}, U, "4000 digits"),
    Case("long bound", trivial, {f"{T_STEP} statement bound": "1" * 4001}, U, "4000 digits"),
    Case("long integer", trivial, {f"{T_BLOCK} factor": {"exponent": 10**30, "re": ["0"]}}, U, "range"),
    Case("common denominator", build.pr_box, {}, U, "common denominator of more than", patch={"MAX_SCALE": 0}),
    Case("long name", trivial, {"claim name": "x" * 4097}, U, "4096 characters"),
    Case("long source", trivial, {"claim source": "x" * 4097}, U, "4096 characters"),
    Case("name of 65 letters", trivial, {"claim objects": lambda o: o | {"G" * 65: o["F"]}}, U, "not a name"),
    Case(
        "objects", trivial, {"claim objects": lambda o: o | {f"O{i}": o["F"] for i in range(4096)}}, U, "4096 objects"
    ),
    Case("no type", trivial, {"claim objects F type": DROP}, U, "no key type"),
    Case("minus zero", build.encode(build.pr_box()).replace(b"[0,1,2]", b"[-0,1,2]"), {}, U, "range"),
]

FIELDS = [
    Case("not monic", build.sqrt2_line, {"claim field": field("-4 0 2", "1", "2")}, U, "monic"),
    Case("monic of the other sign", build.sqrt2_line, {"claim field": field("2 0 -1", "1", "2")}, U, "monic"),
    Case("empty", build.sqrt2_line, {"claim field interval": ["17/12", "7/5"]}, U, "empty"),
    Case("one point", trivial, {"claim field interval": ["0", "0"]}, U, "empty"),
    Case("no root", build.sqrt2_line, {"claim field interval": ["7/5", "141/100"]}, U, "sign"),
    Case("two roots", build.sqrt2_line, {"claim field interval": ["-2", "2"]}, U, "sign"),
    Case("root at the end", trivial, {"claim field interval": ["0", "1"]}, U, "sign"),
    Case("three roots", trivial, {"claim field": field("0 -1 0 1", "-2", "2")}, U, "derivative"),
    Case("slope", lambda: build.sqrt2_box(1, -1), {"claim field interval": ["-2", "1"]}, U, "derivative"),
    Case("conjugate", build.sqrt2_line, {"claim field interval": ["-2", "-1"]}, R, "negative pivot"),
    Case("cubic", lambda: build.cubic(Fraction(1, 10**30)), {}, R, "negative pivot"),
    Case("cubic value", build.cubic, {"proof steps 1 statement bound": "29311/5000"}, R, "not true"),
    Case(
        "conjugate, still valid",
        lambda: build.sqrt2_box(weight=(Fraction(1, 2), Fraction(1, 4))),
        {"claim field interval": ["-2", "-1"]},
        R,
        "not true",
    ),
    Case("conjugate with states", build.sqrt2_box, {"claim field interval": ["-2", "-1"]}, R, "negative pivot"),
    Case("three coefficients", build.sqrt2_line, {f"{SIGMA} 0,0|0,0 re 0": lambda row: row + ",0"}, U, "coefficients"),
    Case(
        "undecided",
        lambda: bound_only(
            {"0|0": matrix([[((1, -1), 0)]], 2)},
            0,
            [{"words": [["0|0"]], "gram": matrix([[((1, -1), 0)]], 2)}],
            field=REDUCIBLE,
        ),
        {},
        R,
        "undecided",
    ),
    Case(
        "no inverse",
        lambda: bound_only(
            {"0|0": matrix([[((4, 4), 0)]], 2), "1|0": matrix([[((1, 1), 0)]], 2)},
            0,
            [{"words": [["0|0"], [""]], "gram": matrix([[((1, 1), 0), ((1, 1), 0)], [((1, 1), 0), ((1, 1), 0)]], 2)}],
            field=REDUCIBLE,
        ),
        {},
        R,
        "no inverse",
    ),
]
