"""The checker accepts valid proofs, refuses every forgery with a typed reason, and needs each of its checks."""

import ast
import json
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import checker_examples as ex
from tests import forged_maps, forged_models, forged_steps, forged_symmetric, forgeries
from tests import map_examples as maps
from tests import model_examples as models
from tests import proof_builders as build
from tests import symmetric_examples as symmetric
from tests.proof_judge import judge

SOURCE = build.CHECKER.read_text(encoding="utf-8")
CHECK = build.load_checker()
REFUSALS = (CHECK.Unreadable, CHECK.Rejected)


@cache
def compiled(source):
    return compile(source, str(build.CHECKER), "exec")


def load(case, source=SOURCE):
    module = ModuleType("check")
    exec(compiled(source), module.__dict__)
    for name, value in dict(case.patch).items():
        setattr(module, name, value)
    return module


@pytest.mark.parametrize("name", build.VALID)
def test_valid(name):
    assert CHECK.check_bytes(build.encode(build.VALID[name]())).proved


@pytest.mark.parametrize("name", ["pr_box", "pr_qubit", "sqrt2_line"])
def test_valid_for_the_judge(name):
    assert judge(build.VALID[name]())


@pytest.mark.parametrize("case", forged_steps.ACCEPTED, ids=lambda case: case.name)
def test_accepted(case):
    """Also in another layout, and compared with its own claim."""
    data, claim = forgeries.forge(case)
    claims = [claim, None, data, build.encode(json.loads(data)["claim"])]
    assert all(CHECK.check_bytes(data, claim).proved for claim in claims)
    assert CHECK.check_bytes(json.dumps(json.loads(data), indent=3).encode()).proved


@pytest.mark.parametrize("case", forged_steps.CASES, ids=lambda case: case.name)
def test_forged(case):
    module = load(case)
    with pytest.raises((module.Unreadable, module.Rejected)) as caught:
        module.check_bytes(*forgeries.forge(case))
    reason = str(caught.value)
    assert type(caught.value).__name__ == case.refusal, reason
    assert case.reason in reason and "\n" not in reason and reason.isascii() and len(reason) < 300


def test_limits_of_the_format():
    assert (CHECK.MAX_BYTES, CHECK.MAX_DEPTH, CHECK.MAX_DEGREE, CHECK.MAX_EXPONENT) == (2**23, 16, 16, 4000)
    assert (CHECK.MAX_BOXES, CHECK.MAX_SETTINGS, CHECK.MAX_OUTCOMES, CHECK.MAX_DIM) == (8, 64, 64, 256)
    assert (CHECK.MAX_PARTIES, CHECK.MAX_SCENARIOS) == (8, 16)
    assert (CHECK.MAX_LIST, CHECK.MAX_ORDER) == (4096, 4096)
    assert (CHECK.MAX_FACTORS, CHECK.MAX_DIRECTIONS, CHECK.MAX_MEMBERS) == (16, 64, 256)
    assert (CHECK.MAX_WORK, CHECK.MAX_SCALE, CHECK.MAX_TEXT) == (500_000_000, 2**16, 4096)
    assert CHECK.MAX_ELEMENTS == CHECK.MAX_STRATEGIES == 100_000


# ---- every check is needed -------------------------------------------------------------------------------------------
CHECKS = ("need", "require", "eliminate", "dominated", "positive", "vanish")


def sites():
    """Every statement of the checker that can refuse: a call of a check, or a raise outside of need and require."""
    found, tree = [], ast.parse(SOURCE)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = {child for f in functions if f.name in ("need", "require") for child in ast.walk(f)}
    for node in ast.walk(tree):
        called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
        raised = isinstance(node, ast.Raise) and ast.unparse(node).startswith(("raise Unreadable(", "raise Rejected("))
        if getattr(called, "id", getattr(called, "attr", "")) in CHECKS or (raised and node not in inside):
            found.append((node.lineno, node.end_lineno))
    return sorted(found)


def sites_of(case, lines):
    """The sites that a refusal passes through."""
    module = load(case)
    refusals, found = (module.Unreadable, module.Rejected), set()
    with pytest.raises(refusals) as caught:
        module.check_bytes(*forgeries.forge(case))
    refusal = caught.value
    while isinstance(refusal.__context__, refusals):
        refusal = refusal.__context__
    place = refusal.__traceback__
    while place is not None:
        found |= {site for site in lines if site[0] <= place.tb_lineno <= site[1]}
        place = place.tb_next
    return found


def without(site):
    """The checker with one site replaced by nothing."""
    lines, (first, last) = SOURCE.splitlines(), site
    indent = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    return "\n".join([*lines[: first - 1], " " * indent + "pass", *[""] * (last - first), *lines[last:]])


def survives(case, source):
    """Whether a mutated checker still refuses a case with a typed reason."""
    module = load(case, source)
    try:
        module.check_bytes(*forgeries.forge(case))
    except (module.Unreadable, module.Rejected):
        return True
    except Exception:
        return False
    return False


@pytest.mark.slow
def test_every_check_is_needed():
    """Without any single check some forgery is accepted, or the checker breaks down without a typed reason."""
    lines, rows = sites(), SOURCE.splitlines()
    cases = {site: [] for site in lines}
    for case in forged_steps.CASES:
        for site in sites_of(case, lines):
            cases[site].append(case)
    untested = []
    for site, met in cases.items():
        text = " ".join(row.strip() for row in rows[site[0] - 1 : site[1]])
        backed = "nested more than" in text  # by the JSON reader's own limit, which is refused as well
        if not met or (not backed and all(survives(case, without(site)) for case in met)):
            untested.append((site, text, [case.name for case in met]))
    assert len(lines) > 40 and not untested


def work_of(file):
    """The work of a valid file."""
    module = load(forgeries.Case("work", file))
    module.check_bytes(build.encode(file))
    return module.MAX_WORK - module.WORK.left


WORKING = [ex.with_input, ex.born_input, ex.local, ex.nonlocal_, maps.choi_map, maps.tiles, maps.events]
WORKING = [*WORKING, maps.negative_product, maps.input_kept, maps.one_factor, maps.not_decomposable, maps.shifts_basis]
WORKING = [*WORKING, lambda: forged_maps.only(maps.shifts_basis, 0), models.projective_space]
WORKING = [*WORKING, symmetric.qutrit_words, build.pr_box_factor, lambda: forged_maps.only(maps.witness, 0)]


def test_all_work_is_counted():
    """One operation less than a file needs, and it is refused; without any single count it is then accepted."""
    rows, found = SOURCE.splitlines(), set()
    sites = [i for i, row in enumerate(rows, 1) if re.match(r" *spend[(]", row)]
    for example in WORKING:
        file = example()
        case = forgeries.Case("work", file, patch={"MAX_WORK": work_of(file) - 1})
        assert survives(case, SOURCE)
        found |= {i for i in sites if i not in found and not survives(case, without((i, i)))}
    assert len(sites) > 10 and found == set(sites)


ERRORS = [
    ("(j, i, x) for i, j, x in reversed(v", "(i, j, x) for i, j, x in reversed(v", "missing adjoint"),
    ("if column != i:", "if False:", "a product that is not zero"),
    ("if strand and strand[-1][2] == x:", "if strand:", "settings taken for one"),
    ("yield (*word, ((i, j, y),))", "yield (*word, ((j, i, y),))", "transposed functional"),
    (
        "left, d, right = prod(dims[:k]), dims[k], prod(dims[k + 1 :])",
        "right, d, left = prod(dims[:k]), dims[k], prod(dims[k + 1 :])",
        "square of the other party",
    ),
    ("contract(state.conjugate(), channels", "contract(state, channels", "conjugated input"),
    ("(0, b, d, -1), (1, a, d, 1), (1, b, c, 1)", "(0, b, d, 1), (1, a, d, 1), (1, b, c, -1)", "conjugated effects"),
    ("letters[0][0])] if self.instrumental", "letters[0][2] % 2)] if self.instrumental", "view by the setting"),
    *forged_maps.ERRORS,
    *forged_models.ERRORS,
    *forged_symmetric.ERRORS,
]


@pytest.mark.parametrize(("right", "wrong", "name"), ERRORS, ids=[name for *_, name in ERRORS])
def test_forgeries_of_an_error(right, wrong, name):
    """A checker with a common error accepts the file that was forged for it."""
    (case,) = (case for case in forged_steps.CASES if case.name == name)
    assert SOURCE.count(right) == 1
    assert load(case, SOURCE.replace(right, wrong)).check_bytes(*forgeries.forge(case)).proved


@pytest.mark.parametrize(
    ("right", "wrong", "example"), forged_symmetric.REFUSALS, ids=lambda part: getattr(part, "__name__", str(part)[:40])
)
def test_refusals_of_an_error(right, wrong, example):
    """A checker with a common error refuses a valid file."""
    assert SOURCE.count(right) == 1
    assert survives(forgeries.Case("valid", example), SOURCE.replace(right, wrong))


# ---- what is reported ------------------------------------------------------------------------------------------------
def test_facts():
    (proved,) = CHECK.check_bytes(build.encode(build.sqrt2_box())).proved
    assert proved.value == (Fraction(2), Fraction(-4)) and proved.bound == (Fraction(-99, 35), 0)
    assert proved.words == (5,) and proved.orders == (10,)
    assert "2 - 4 theta ~ -3.65685424949 < -99/35 ~ -2.82857142857" in proved.sentence
    assert proved.statement == {"rule": "postquantum", "assemblage": "sigma"}


def test_numbers_longer_than_any_of_the_file():
    """-1/p times 1/q; int to str has a limit of 4300 digits."""
    p, q = 10**3999 + 1, 10**3998 + 3
    matrices = {"0|0": {"denominator": str(p), "re": ["-1"]}, "1|0": build.real([[0]])}
    statement = {"rule": "violation", "functional": "F", "assemblage": "sigma", "bound": "0"}
    file = build.bound_only({"0|0": {"denominator": str(q), "re": ["1"]}}, 0, [])
    file["claim"]["objects"]["sigma"] = {"type": "assemblage", "elements": matrices}
    file["claim"]["statements"], file["proof"]["steps"] = [statement], [{"statement": statement}]
    (proved,) = CHECK.check_bytes(build.encode(file)).proved
    assert proved.value == (Fraction(-1, p * q),)
    assert len(proved.sentence) > 7900 and " ~ -1.00000000000e-7997 < 0 ~ 0" in proved.sentence


def run(*arguments):
    command = [sys.executable, "-I", "-O", str(build.CHECKER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_command_line(tmp_path):
    good, bad, broken, claim = (tmp_path / name for name in ("good.json", "b\u00e4d.json", "broken.json", "claim.json"))
    good.write_bytes(build.encode(build.sqrt2_box()))
    bad.write_bytes(build.encode(forgeries.change(build.pr_box(), {"proof steps 3 from": [0, 1, 1]})))
    broken.write_bytes(b"[" * 100_000)
    claim.write_bytes(build.encode(build.pr_box()["claim"]))
    done = run(good)
    assert done.returncode == 0 and not done.stderr and done.stdout.startswith(f"proved {good}")
    assert "not established: " in done.stdout and "sigma is a valid assemblage without any quantum" in done.stdout
    assert "1 theta ~ 1.41421356237, a root of [-2, 0, 1]" in done.stdout and "[[2, 2], [2, 2]]" in done.stdout
    done = run(good, bad)
    assert done.returncode == 1 and "proved " in done.stdout and done.stderr.startswith("rejected ")
    assert done.stderr.count("\n") == 1 and "premise 2" in done.stderr
    done = run(broken, bad, tmp_path / "missing.json", tmp_path)
    assert done.returncode == 2 and not done.stdout and done.stderr.count("unreadable ") == 3
    assert "Traceback" not in done.stderr
    assert run("--claim", claim, good).returncode == 1
    assert run("--claim", good, good).returncode == 0
    assert run("--claim", tmp_path / "missing.json", good).returncode == 2


# ---- properties ------------------------------------------------------------------------------------------------------
@st.composite
def refinements(draw):
    """1 as a sum of v* v: a word is replaced, again and again, by its products with all outcomes of one setting."""
    boxes = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=2))
    words = [[""] * len(boxes)]
    for _ in range(draw(st.integers(0, 4))):
        word = words.pop(draw(st.integers(0, len(words) - 1)))
        k = draw(st.integers(0, len(boxes) - 1))
        x = draw(st.integers(0, len(boxes[k]) - 1))
        if word[k] and word[k].split(" ")[0].endswith(f"|{x}"):
            words.append(word)
            continue
        for a in range(boxes[k][x]):
            words.append([*word[:k], f"{a}|{x} {word[k]}".strip(), *word[k + 1 :]])
    return boxes, draw(st.permutations(words))


@given(refinements(), st.data())
@settings(deadline=None, max_examples=60)
def test_products_of_words(case, data):
    boxes, words = case
    gram = [[int(i == j) for j in range(len(words))] for i in range(len(words))]
    file = build.bound_only({}, -1, [{"words": words, "gram": build.real(gram)}], boxes)
    assert CHECK.check_bytes(build.encode(file)).proved
    i = data.draw(st.integers(0, len(words) - 1))
    gram[i][i] = 2
    file["proof"]["steps"][0]["blocks"][0]["gram"] = build.real(gram)
    with pytest.raises(CHECK.Rejected):
        CHECK.check_bytes(build.encode(file))


@given(st.sampled_from(sorted(build.VALID)), st.data())
@settings(deadline=None, max_examples=80)
def test_edited_bytes_never_break_the_checker(name, data):
    text = bytearray(build.encode(build.VALID[name]()))
    for _ in range(data.draw(st.integers(1, 3))):
        i = data.draw(st.integers(0, len(text) - 1))
        j = data.draw(st.integers(i, min(len(text), i + 4)))
        text[i:j] = data.draw(
            st.sampled_from([b"", b"0", b"-", b"9", b",", b" ", b"|", b'"', b"[", b"}", b"\\", b"1e5", b"\xff"])
        )
    accepted(bytes(text))


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(entry, (*path, key))
    yield path


NUMERIC = ["pr_box", "pr_box_factor", "sqrt2_line"]
FILES = {name: build.VALID[name]() for name in build.VALID}
PATHS = {name: [path for path in leaves(file) if path] for name, file in FILES.items()}
JUDGED: dict[bytes, bool] = {}


def accepted(data):
    """Whether the checker accepts; a typed refusal is the only other outcome, and the judge has to agree."""
    try:
        CHECK.check_bytes(data)
    except REFUSALS:
        return False
    file = json.loads(data)
    file["claim"]["scenario"]["trusted"] = file["claim"]["scenario"]["trusted"] or [{"dim": 1}]
    if len(file["proof"]["steps"]) == 4:
        for block in file["proof"]["steps"][1]["blocks"]:
            block.pop("factor", None)
        file["claim"]["name"] = file["claim"]["source"] = ""
        key = build.encode(file)
        JUDGED[key] = JUDGED[key] if key in JUDGED else judge(file)
        assert JUDGED[key]
    return True


@given(st.sampled_from([*NUMERIC, "toy", "cubic", "pr_qubit"]), st.data())
@settings(deadline=None, max_examples=150)
def test_edited_values_never_break_the_checker(name, data):
    """One place of a file gets another value: a number or row changed a little, a part of the file from elsewhere."""
    file = json.loads(build.encode(FILES[name]))
    path = data.draw(st.sampled_from(PATHS[name]))
    place = file
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    kinds = [st.sampled_from([None, True, False, 0, -1, 1.5, 10**20, "", "0", "-1/2", "sigma", "F", [], {}, [[]]])]
    if isinstance(old, str):
        kinds = [*kinds, edited(old), edited(old), edited(old)]
    if isinstance(old, int):
        kinds.append(st.integers(old - 1, old + 2))
    if isinstance(old, list):
        kinds += [st.permutations(old), st.just(old[:-1]), st.just(old + old[-1:])]
    if isinstance(old, dict):
        kinds.append(st.permutations(list(old)).map(lambda keys: dict(zip(keys, old.values(), strict=True))))
    place[path[-1]] = data.draw(st.one_of(kinds))
    accepted(build.encode(file))


def edited(text):
    """The text with one of its numbers changed by a little, or negated."""
    numbers = [i for i, part in enumerate(text.split(" ")) if part.lstrip("-").isdigit()]
    if not numbers:
        return st.just(text)

    def edit(choice):
        i, step = choice
        parts = text.split(" ")
        parts[i] = str(int(parts[i]) + step if step else -int(parts[i]))
        return " ".join(parts)

    return st.tuples(st.sampled_from(numbers), st.integers(-2, 2)).map(edit)


@given(st.sampled_from(NUMERIC), st.fractions(Fraction(1, 9), 9, max_denominator=9), st.integers(0, 2))
@settings(deadline=None, max_examples=12)
def test_rescaled_proofs_are_judged_alike(name, scale, twist):
    """F, the bound and the Gram matrices times a number prove the same; with one of the three left out they do not."""
    file = json.loads(build.encode(FILES[name]))
    steps = file["proof"]["steps"]
    if twist != 1:
        for matrix in file["proof"]["objects"]["F"]["elements"].values():
            rescale(matrix, scale)
    for block in steps[1]["blocks"]:
        block.pop("factor", None)
        if twist != 2:
            rescale(block["gram"], scale)
    for i in (1, 2):
        steps[i]["statement"]["bound"] = str(Fraction(steps[i]["statement"]["bound"]) * scale)
    assert accepted(build.encode(file)) == (twist == 0 or scale == 1)


def rescale(matrix, scale):
    matrix["denominator"] = str(int(matrix["denominator"]) * scale.denominator)
    for half in ("re", "im"):
        rows = [
            [",".join(str(int(c) * scale.numerator) for c in z.split(",")) for z in row.split()] for row in matrix[half]
        ]
        matrix[half] = [" ".join(row) for row in rows]
