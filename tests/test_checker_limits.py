"""Hostile files are refused at once: a typed reason in one line, exit code 2, little memory and little time.

Laws: what is not a short regular file is never read whole; what breaks the grammar or a limit is unreadable; whatever
a file asks for, deciding it takes no more time than the budget of work stands for; and the verdict of a file does not
depend on Python's own limit for the digits of integers.
"""

import json
import os
import resource
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import forgeries, hostile
from tests import proof_builders as build

CHECK = build.load_checker()
TOY = json.loads(build.encode(build.toy()))
MEMORY, SECONDS = 1 << 30, 20


def run(*arguments, code=None, cpu=SECONDS, memory=MEMORY, **environment):
    """The checker, or some code, in a process of its own with little memory and time."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))

    start = ["-c", code] if code else [str(build.CHECKER)]
    command = [sys.executable, *start, *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit, env=env, timeout=600)


def refusals(*paths, memory=MEMORY):
    """The reasons of files all of which are unreadable, a line for each."""
    done = run(*paths, memory=memory)
    assert done.returncode == 2 and not done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == len(paths)
    for line, path in zip(lines, paths, strict=True):
        assert line.startswith(f"unreadable {path}: ") and line.isascii() and len(line) < 400
    return [line.split(": ", 1)[1] for line in lines]


# ---- what is no file of the right size -------------------------------------------------------------------------------
def test_files_that_are_not_read_whole(tmp_path):
    """1 GB of nothing or of digits, and what never ends or never begins."""
    zeros, digits, folder, pipe = (tmp_path / name for name in ("zeros", "digits", "folder", "pipe"))
    with open(zeros, "wb") as file:
        file.truncate(1 << 30)
    with open(digits, "wb") as file:
        file.write(b'{"format":' + b"9" * (60 << 20))
        file.truncate(1 << 30)
    folder.mkdir()
    os.mkfifo(pipe)
    long = f"file: longer than {CHECK.MAX_BYTES} bytes"
    found = refusals(zeros, digits, folder, pipe, "/dev/zero", "/dev/null", tmp_path / "missing")
    assert found[:2] == [long, long]
    assert found[2:6] == ["not a regular file"] * 4
    assert "No such file" in found[6]
    done = run("--claim", pipe, zeros)
    assert done.returncode == 2 and "not a regular file" in done.stderr


# ---- bytes that are no proof -----------------------------------------------------------------------------------------
def changed(path, value):
    """The toy with another value at a path."""
    return build.encode(forgeries.change(TOY, {path: value}))


FULL = CHECK.MAX_BYTES // 8  # with an eighth of 1 GB, and a little for Python
BLOCK, SIGMA = "proof steps 0 blocks 0", "claim objects F"
NAME = build.encode(TOY).replace(b'"name":"a test"', b'"name":VALUE')


def named(value):
    """The toy with any bytes as its name."""
    assert NAME.count(b"VALUE") == 1
    return NAME.replace(b"VALUE", value)


BYTES = {
    "a long integer": named(b"9" * FULL),
    "a long string": named(b'"' + b"x" * FULL + b'"'),
    "many strings": named(b"[" + b'"",' * (FULL // 3) + b'""]'),
    "nothing but quotes": b'"' * FULL,
    "a million brackets": b"[" * FULL,
    "a million closed brackets": b"[" * (FULL // 2) + b"]" * (FULL // 2),
    "a million objects in each other": b'{"a":' * (FULL // 6) + b"0" + b"}" * (FULL // 6),
    "a list of lists": named(b"[" + b"[]," * (FULL // 3) + b"[]]"),
    "a list of objects": named(b"[" + b"{}," * (FULL // 3) + b"{}]"),
    "a list of numbers": named(b"[" + b"0," * (FULL // 2) + b"0]"),
    "a list of floats": named(b"[" + b"1.5," * (FULL // 4) + b"0]"),
    "a million keys": b"{" + b",".join(b'"%x":0' % i for i in range(FULL // 10)) + b"}",
    "a long key": named(b"0,") + b'{"' + b"k" * (FULL // 2) + b'":0}',
    "a key twice": build.encode(TOY).replace(b'"format"', b'"format":0,"format"'),
    "not a number": named(b"NaN"),
    "infinity": named(b"Infinity"),
    "minus infinity": named(b"-Infinity"),
    "1e999": named(b"1e999"),
    "minus zero": changed(f"{BLOCK} factor", {"exponent": 0, "re": ["1"]}).replace(b'"exponent":0', b'"exponent":-0'),
    "a leading zero": changed(f"{BLOCK} factor", {"exponent": 0, "re": ["1"]}).replace(b'nt":0', b'nt":00'),
    "a lone surrogate as a key": build.encode(TOY).replace(b'"format"', b'"\\ud800":0,"format"'),
    "a lone surrogate as a rule": changed("proof steps 0 statement rule", "\ud800"),
    "surrogates in UTF-8": named(b'"\xed\xa0\x80"'),
    "a byte order mark": b"\xef\xbb\xbf" + build.encode(TOY),
    "UTF-16": json.dumps(TOY).encode("utf-16"),
    "UTF-32": json.dumps(TOY).encode("utf-32"),
    "a null byte": named(b'"\x00"'),
    "unicode digits": changed(f"{BLOCK} gram denominator", "\u0661"),
    "wide digits": changed("proof steps 0 statement bound", "\uff11"),
    "an exponent": changed(f"{BLOCK} factor", {"exponent": 10**6, "re": ["1"]}),
    "a large dimension": changed("claim scenario trusted 0 dim", 10**6),
    "dimensions of an operator": changed("claim objects W", {"type": "operator", "dims": [10**6], "matrix": {}}),
    "a product of dimensions": changed("claim objects W", {"type": "operator", "dims": [256] * 16, "matrix": {}}),
    "dimensions of vectors": changed("claim objects W", {"type": "vectors", "dims": [256] * 16, "vectors": []}),
    "many outcomes": changed("claim scenario black_boxes 0 outcomes", [10**6]),
    "many boxes": changed("claim scenario black_boxes", [{"outcomes": [64] * 64}] * 8),
    "many rows": changed(f"{BLOCK} gram re", ["0"] * 10**6),
    "a long row": changed(f"{BLOCK} gram re", ["0 " * (FULL // 2)]),
    "a row of commas": changed(f"{BLOCK} gram re", ["0," * (FULL // 2)]),
    "a denominator": changed(f"{BLOCK} gram denominator", "9" * FULL),
    "an integer of 4001 digits": changed(f"{BLOCK} gram re", ["9" * 4001]),
    "a bound of many numbers": changed("proof steps 0 statement bound", "0," * (FULL // 2)),
    "a long bound": changed("proof steps 0 statement bound", "9" * FULL),
    "a long word": changed(f"{BLOCK} words", [["0|0 " * (FULL // 4)]]),
    "many steps": changed("proof steps", lambda steps: steps * 4097),
    "many statements": changed("claim statements", lambda statements: statements * 4097),
    "many objects": changed("claim objects", {f"O{i}": 0 for i in range(300_000)}),
    "objects of the proof": changed("proof objects", {f"O{i}": 0 for i in range(300_000)}),
    "a long name of an object": changed("claim objects", {"x" * (FULL // 2): TOY["claim"]["objects"]["F"]}),
    "an object of many keys": changed("claim objects F", {"type": "functional"} | {f"{i}": 0 for i in range(300_000)}),
    "4096 x 4096": changed(f"{BLOCK} words", [["0|0"]] * 4096),
}


@pytest.mark.parametrize("part", range(4))
def test_bytes_that_are_refused_at_once(tmp_path, part):
    paths = []
    for i, data in enumerate(list(BYTES.values())[part::4]):
        paths.append(tmp_path / f"{i}.json")
        paths[-1].write_bytes(data)
    refusals(*paths, memory=MEMORY // 8 + (64 << 20))


def test_a_long_list_of_maps():
    """A list of names is as long as there are views."""
    file = build.pr_box()
    statement = {"rule": "image", "assemblage": "sigma", "data": "sigma", "maps": "sigma " * 10**5}
    file["claim"]["statements"], file["proof"]["steps"] = [statement], [{"statement": statement}]
    with pytest.raises(CHECK.Rejected, match="not one map for each view"):
        CHECK.check_bytes(build.encode(file))


# ---- work ------------------------------------------------------------------------------------------------------------
# Each file in turn gets the seconds that a hundredth of the work stands for, several times over.
SCALED = """
import resource, sys
sys.path[:0] = sys.argv[1:3]
import check
from tests import hostile
check.MAX_WORK //= 100
for name, (make, _, arguments) in hostile.FAMILIES.items():
    data = make(*arguments)
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 4
    resource.setrlimit(resource.RLIMIT_CPU, (soft, 1000))
    print(name, flush=True)
    try:
        check.check_bytes(data)
        print("proved")
    except (check.Unreadable, check.Rejected) as refusal:
        print(type(refusal).__name__, refusal)
"""


@pytest.mark.slow
def test_work_is_time():
    """With a hundredth of the work every costly file is decided or refused in a hundredth of the time, or so."""
    folders = build.CHECKER.parent, build.CHECKER.parents[1]
    done = run(*folders, code=SCALED, cpu=1000, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    lines = done.stdout.splitlines()
    assert lines[::2] == list(hostile.FAMILIES)
    refused = [line for line in lines[1::2] if "too many terms" in line or "common denominator" in line]
    assert len(refused) > len(hostile.FAMILIES) / 2


def test_one_budget_for_all_steps():
    """Many small steps cost as much as one large one."""
    file = build.toy()
    file["proof"]["steps"] *= 50
    module = build.load_checker()
    module.check_bytes(build.encode(file))
    once = build.load_checker()
    once.check_bytes(build.encode(build.toy()))
    many, one = (m.MAX_WORK - m.WORK.left for m in (module, once))
    assert many > 10 * one


def test_long_numbers_count_for_more():
    """The same file with longer numbers asks for more work, by the square of their length when they are long."""
    module, spent = build.load_checker(), []
    for digits in (1, 100, 1000, 2000):
        m = {"denominator": "2" + "0" * digits, "re": ["1" + "0" * digits, "3 1" + "0" * digits]}
        objects = {"W": hostile.operator(m, [2])}
        module.check_bytes(hostile.file(hostile.POINT, objects, {"rule": "state", "operator": "W"}))
        spent.append(module.MAX_WORK - module.WORK.left)
    assert spent == sorted(spent) and spent[-1] > 2 * spent[-2]


def test_the_same_budget_for_every_file():
    """The work of one file is not taken from the next, and each thread has its own."""
    module = build.load_checker()
    module.MAX_WORK = 20_000
    left = []
    for _ in range(3):
        module.check_bytes(build.encode(build.toy()))
        left.append(module.WORK.left)
    assert len(set(left)) == 1
    with pytest.raises(module.Unreadable, match="too many terms"):
        module.check_bytes(hostile.words(60))
    module.check_bytes(build.encode(build.toy()))


# ---- Python's own limits ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("digits", ["640", "0", "4300", "100000"])
def test_digits_of_the_environment(tmp_path, digits):
    """Numbers of 4000 digits are read whatever limit the environment sets, and longer ones are not."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    file = build.toy()
    gram = file["proof"]["steps"][0]["blocks"][0]["gram"]
    gram |= {"denominator": "1" + "0" * 3999, "re": ["1" + "0" * 3999]}
    good.write_bytes(build.encode(file))
    gram["denominator"] += "0"
    bad.write_bytes(build.encode(file))
    done = run(good, bad, PYTHONINTMAXSTRDIGITS=digits)
    assert done.returncode == 2 and done.stdout.startswith(f"proved {good}")
    assert done.stderr.count("\n") == 1 and "not an integer of at most 4000 digits" in done.stderr


def test_a_field_of_long_numbers_is_printed():
    """Also where Python's limit is lower than its digits."""
    n = 10**1000 + 1
    code = f"""
import sys
sys.path[0] = {str(build.CHECKER.parent)!r}
import check
sys.set_int_max_str_digits(640)
print(check.check_bytes(sys.stdin.buffer.read()).lines[1][:9])
"""
    file = build.bound_only({}, -1, [{"words": [[""]], "gram": {"denominator": "1", "re": ["1,0"]}}])
    file["claim"]["field"] = {"minimal_polynomial": [f"-{n}", "0", "1"], "interval": [str(10**500), str(10**500 + 1)]}
    data = build.encode(file)
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=False, env=env)
    assert done.stdout == b"field: Q(\n", done.stderr


def test_deep_recursion_is_refused():
    """Whatever breaks Python's stack or memory is a refusal."""
    for error in (RecursionError, MemoryError):

        def broken(*_, error=error, **__):
            raise error

        module = build.load_checker()
        module.json = SimpleNamespace(loads=broken)
        with pytest.raises(module.Unreadable, match="too large"):
            module.check_bytes(build.encode(build.toy()))
