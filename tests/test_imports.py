"""The layers, read from the source: imports go downward only, floats stay in one layer, the checker stands alone.

Every import statement counts, those inside functions too. Numerical libraries are imported in `steeralg.sdp` and
nowhere else; the exact layers hold no float literal and never ask for one; `proofs/check.py` needs nothing but the
standard library, and whoever wants exact arithmetic only does not load numpy.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, CHECKER = ROOT / "steeralg", ROOT / "proofs" / "check.py"
LAYERS = [
    {"errors", "checker"},
    {"arguments", "progress", "verdict"},
    {"exact"},
    {"maps"},
    {"objects"},
    {"algebra"},
    {"sdp"},
    {"positivity"},
    {"models"},
    {"certificates"},
    {"constructions"},
    {"strategies"},
    {"claims", "coq", "plot", "search"},
    {"report"},
    {"cli_common"},
    {"cli_classify", "cli_decide", "cli_export", "cli_plot", "cli_prove", "cli_search", "cli_show"},
    {"cli", "index"},
]
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
NUMERICAL = {"numpy", "scipy", "cvxpy", "scs", "clarabel", "mpmath"}
FLOATLESS = {
    "arguments",
    "errors",
    "progress",
    "verdict",
    "exact",
    "maps",
    "objects",
    "algebra",
    "positivity",
    "models",
    "certificates",
    "constructions",
    "strategies",
    "claims",
    "coq",
}
INTEGER_MATHEMATICS = {f"math.{name}" for name in ("ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "prod")}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
LAYERED = [name for name in MODULES if name != "steeralg"]
every_module = pytest.mark.parametrize("module", LAYERED)


def layer(module):
    return module.split(".")[1]


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path):
    """The absolute names of all imported modules, wherever the statement stands."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def internal(path):
    return {name for name in imports(path) if name.split(".")[0] == "steeralg"}


def test_every_module_has_a_layer():
    assert LAYERED and {layer(module) for module in LAYERED} == set(HEIGHT)


@every_module
def test_imports_go_downward_only(module):
    names = internal(MODULES[module])
    assert "steeralg" not in names and all(name.count(".") for name in names)
    allowed = {other for other, height in HEIGHT.items() if height < HEIGHT[layer(module)]} | {layer(module)}
    assert {layer(name) for name in names} <= allowed


@pytest.mark.parametrize(
    "top", [layer for layer in LAYERS if len(layer) > 1], ids=lambda layer: "-".join(sorted(layer))
)
def test_modules_of_one_height_do_not_import_each_other(top):
    for module in top:
        assert not {layer(name) for name in internal(MODULES[f"steeralg.{module}"])} & (top - {module})


@every_module
def test_numerical_libraries_are_imported_in_sdp_only(module):
    outside = {name.split(".")[0] for name in imports(MODULES[module])} & NUMERICAL
    assert layer(module) == "sdp" or not outside


@pytest.mark.parametrize("module", [module for module in LAYERED if layer(module) in FLOATLESS])
def test_exact_layers_hold_no_floats(module):
    for node in ast.walk(tree(MODULES[module])):
        assert not isinstance(node, ast.Constant) or not isinstance(node.value, float | complex), ast.dump(node)
        assert not isinstance(node, ast.Name) or node.id not in ("float", "complex"), f"line {node.lineno}"
    names = imports(MODULES[module])
    assert not {name.split(".")[0] for name in names} & {"cmath", "random", "decimal"}
    assert {name for name in names if name.split(".")[0] == "math"} <= INTEGER_MATHEMATICS


@every_module
def test_no_module_reaches_for_the_root_of_the_package_or_for_tests(module):
    roots = {name.split(".")[0] for name in imports(MODULES[module])}
    assert not roots & {"tests", "proofs", "benchmarks"}


@every_module
def test_verification_does_not_hang_on_assertions(module):
    """`python -O` drops assert statements."""
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree(MODULES[module])))


def test_the_checker_imports_only_the_standard_library():
    assert {name.split(".")[0] for name in imports(CHECKER)} <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree(CHECKER)))


def loaded_by(statement, isolated=False):
    """The top-level modules in memory after a statement in a fresh interpreter."""
    command = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    flags = ["-I", "-S"] if isolated else []
    done = subprocess.run([sys.executable, *flags, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["exact", "objects.assemblage", "maps.library", "algebra.word"])
def test_exact_layers_do_not_load_numerical_libraries(module):
    assert not loaded_by(f"import steeralg.{module}") & NUMERICAL - {"mpmath"}


def test_the_package_does_not_load_cvxpy_until_a_solver_asks_for_it():
    assert "cvxpy" not in loaded_by("import steeralg")


def test_the_checker_runs_without_site_packages():
    run = f"import runpy; sys.argv = ['check.py']; runpy.run_path({str(CHECKER)!r}, run_name='checker')"
    loaded = loaded_by(run, isolated=True)
    assert "steeralg" not in loaded and "argparse" in loaded
