"""Laws of bad input: whatever is given in the place of an argument, what comes back is a typed error.

- A public function that is annotated with a class of the library refuses everything else, naming the argument.
- What is refused is said element by element, with the way out: how an object of the kind that is needed is made.
- `checked` refuses nothing that fits its annotation, and leaves numbers, levels and matrices to those that read them.
- The table: calls of the public interface with one thing wrong, the error, and what its message has to say.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
import sympy

import steeralg as sa
from steeralg.arguments import checked, require_between
from steeralg.constructions import local_orthogonality, product_bases
from steeralg.constructions.extended_games import mutually_unbiased_bases
from steeralg.errors import (
    FormatError,
    InputError,
    LevelError,
    NumberError,
    PositivityError,
    ScenarioError,
    ShapeError,
    SteeralgError,
)
from steeralg.exact.convert import field_of_polynomial, field_of_root
from steeralg.exact.matrix import Matrix
from steeralg.sdp.time_limit import time_limit
from steeralg.search import FunctionalSearch, MapSearch, named_map, states

SCENARIO, BELL = sa.Scenario.of([(2, 2)], 2), sa.Scenario.of([(2, 2), (2, 2)], 1)
SIGMA = sa.white_noise(SCENARIO)
F = sa.Functional.of(BELL, {((0, 0), (0, 0)): [[1]]})
OPERATOR, POVM = sa.Operator((2, 2), Matrix.identity(4)), sa.POVM.observable(sympy.diag(1, -1))
TRANSPOSITION = sa.maps.transpose(2)
ARRAY = np.array([[0.5, 0.0], [0.0, 0.5]])

TABLE = [
    # the wrong kind of object
    (lambda: sa.certify("sigma.json"), InputError, "assemblage is 'sigma.json', not an Assemblage.*read_assemblage"),
    (lambda: sa.classify(None), InputError, "assemblage is None, not an Assemblage"),
    (lambda: sa.prove_bound(SIGMA, -1), InputError, "functional is of type Assemblage, not a Functional"),
    (lambda: sa.decide_positive(Matrix.identity(4)), InputError, "linear_map is of type Matrix, not a LinearMap"),
    (lambda: sa.Operator((2, 2), sympy.eye(4)), InputError, "matrix is of type .*, not a Matrix.*sympy matrices"),
    (lambda: sa.Devices.of([POVM]), InputError, r"Devices.of: measurements\[0\] is of type POVM, not a sequence"),
    (lambda: sa.Realisation(SIGMA, ()), InputError, "state is of type Assemblage, not a State"),
    (lambda: SIGMA.behaviour([[POVM]]), InputError, r"trusted\[0\] is of type list, not a POVM: POVM.of makes one"),
    (lambda: SIGMA.mix(F, 0), InputError, "other is of type Functional, not an Assemblage"),
    (lambda: sa.curve(sa.FAMILIES["choi"], None, [0]), InputError, "quantity is None, not a Quantity"),
    (lambda: sa.curve(lambda t: t, sa.Robustness(), [0]), InputError, "has to give an Assemblage"),
    (lambda: sa.map_proof("n", "s", TRANSPOSITION, [[1, 2]]), InputError, "witness of type list is not about"),
    (lambda: sa.postquantum_proof("n", "s", SIGMA, None), InputError, "at least one violated bound"),
    (lambda: sa.read_proof("a.json"), InputError, "data is 'a.json', not bytes: read_proof|not bytes"),
    (lambda: sa.read_assemblage(3), InputError, "path is 3, not a path or a string"),
    # one string in the place of several
    (lambda: sa.symmetric_bound(F, "(A B)"), InputError, "symmetries is '.A B.', not a sequence: write a list"),
    (lambda: sa.symmetric_bound(F, [3]), InputError, r"symmetries\[0\] is 3, not a Symmetry or a string"),
    (lambda: sa.label_symmetries(F, "U: X"), InputError, "operators is 'U: X', not a sequence"),
    (lambda: sa.maps.kraus_map(3), InputError, "kraus is 3, not a sequence"),
    # symmetries in one line
    (lambda: sa.Symmetry.parse(BELL, 3), InputError, "text is 3, not a string"),
    (lambda: sa.Symmetry.parse(BELL, "(B1 B2)"), FormatError, r"B1 does not belong there; write cycles such as .A B."),
    (lambda: sa.Symmetry.parse(BELL, "(A A)"), FormatError, "A is there twice"),
    (lambda: sa.Symmetry.parse(BELL, "A B"), FormatError, r"write cycles such as \(A B\) of A, B"),
    (lambda: sa.Symmetry.of(BELL, boxes=(0, 2)), InputError, "the boxes are not permuted by"),
    (lambda: sa.Symmetry.of(BELL, settings=((0, 1), (1, 1))), InputError, "the settings of box 1"),
    # integers and ranges
    (lambda: sa.level_bracket(F, digits=13), InputError, "digits = 13: between 0 and 12"),
    (lambda: sa.level_bracket(F, digits=2.5), InputError, "digits is 2.5, not an integer"),
    (lambda: sa.no_signalling_bracket(F, digits=-1), InputError, "digits = -1: between 0 and 12"),
    (lambda: sa.negativity(SIGMA, starts=True), InputError, "starts is True, not an integer"),
    (lambda: sa.classify(SIGMA, seconds=0), InputError, "seconds = 0: between 1"),
    (lambda: sa.Robustness(digits="4"), InputError, "digits is '4', not an integer"),
    (lambda: sa.best_strategy(F, dims=(2, True)), InputError, r"dims\[1\] is True, not an integer"),
    (lambda: sa.best_strategy(F, bits=0), InputError, "bits = 0: between 1 and 48"),
    (lambda: sa.best_strategy(F, seed=-1), InputError, "seed = -1: an integer from 0 on"),
    (lambda: sa.decide_block_positive(OPERATOR, seed=-1), InputError, "seed = -1"),
    (lambda: sa.decide_block_positive(OPERATOR, most_copies=-1), InputError, "most_copies = -1: between 0 and 16"),
    (lambda: sa.product_minimum(OPERATOR, digits=40), InputError, "digits = 40: between 1 and 12"),
    (lambda: sa.polygon(4, 0), InputError, "max_denominator = 0: at least 1"),
    (lambda: sa.evenly_spaced(0, 1, 0), InputError, "count = 0: between 1 and 10000"),
    (lambda: time_limit(0).__enter__(), InputError, "seconds = 0"),
    # dimensions and shapes
    (lambda: sa.maps.transpose(0), ShapeError, "an order from 1 to 64, not 0"),
    (lambda: sa.maps.reduction(10**6), ShapeError, "an order from 2 to 64, not 1000000"),
    (lambda: sa.LinearMap.from_action(10**6, lambda x: x), ShapeError, "not 1000000"),
    (lambda: sa.State.maximally_mixed([10**7]), ShapeError, "at most 4096"),
    (lambda: sa.covers([]), ShapeError, "0 directions"),
    (lambda: sa.inradius_squared([[1, 2]]), ShapeError, "direction 0 has 2 coordinates"),
    (lambda: product_bases.gen_shifts(10**6), InputError, "up to 11"),
    (lambda: product_bases.gen_tiles_1(1000), InputError, "up to 16"),
    (lambda: product_bases.qubit_bases(0), InputError, "parties = 0: between 1 and 12"),
    (lambda: local_orthogonality.guess_your_neighbours_input(100), InputError, "3 to 8 parties"),
    (lambda: mutually_unbiased_bases(4), InputError, "odd prime dimensions"),
    (lambda: sa.s26.ghz_state(-1), InputError, "parties = -1: between 1 and 12"),
    (lambda: sa.shsa20.transposition_example([1, 0], [[]]), ShapeError, "at least one measurement"),
    # scenarios
    (lambda: sa.Scenario.of(None), ScenarioError, r"by box and setting, such as \[\(2, 2\), \(3, 3\)\]"),
    (lambda: sa.Scenario.of([2, 2]), ScenarioError, "by box and setting"),
    (lambda: sa.Scenario.of([(2,)], None), ScenarioError, "dimension NoneType"),
    (lambda: sa.Scenario(((2, 2),), ()), ScenarioError, "tuple is no BlackBox; Scenario.of takes plain numbers"),
    (lambda: sa.Scenario([sa.BlackBox((2,))], ()), ScenarioError, "not a tuple; Scenario.of takes any sequences"),
    (lambda: sa.BlackBox([2, 2]), ScenarioError, "not a tuple"),
    (lambda: SIGMA["x"], ScenarioError, r"write sigma\[\(a1, ...\), \(x1, ...\)\]"),
    # numbers, matrices, levels: read where they are needed
    (lambda: sa.Functional.of(SCENARIO, {((0,), (0,)): ARRAY}), NumberError, "is a float"),
    (lambda: sa.State.mixed(ARRAY, (2,)), NumberError, "is a float"),
    (lambda: sa.POVM.of([[[1, 0], [0]]]), ShapeError, "rows of equal"),
    (lambda: sa.POVM.of([None]), ShapeError, "'None' is not a matrix"),
    (lambda: sa.prove_bound(F, 0.5), NumberError, "0.5 is not an exact rational"),
    (lambda: sa.prove_bound(F, "1/0"), NumberError, "divides by zero"),
    (lambda: sa.certify(SIGMA, 1.5), LevelError, "level 1.5"),
    (lambda: sa.certify(SIGMA, "1+XY"), LevelError, "party letters A"),
    (lambda: sa.repair(SCENARIO, dict(SIGMA.elements), 0.1), NumberError, "0.1 is not an exact rational"),
    (lambda: sa.maps.depolarising(2, 2), PositivityError, "gives no channel"),
    (lambda: field_of_root(None, sympy.sqrt(2)), NumberError, "no coefficients of a polynomial"),
    (lambda: field_of_root([-2, 0, 1], "x"), NumberError, "is not a sympy number"),
    (lambda: field_of_polynomial(["x"], (0, 1)), NumberError, "no coefficients of a polynomial"),
    (lambda: field_of_polynomial([-2.5, 0, 1], (1, 2)), NumberError, r"'\[-2.5, 0, 1\]' are no coefficients"),
    (
        lambda: field_of_polynomial([Fraction(-5, 2), 0, 1], (1, 2)),
        NumberError,
        "no coefficients of a polynomial; write",
    ),
    (lambda: field_of_root([-2.5, 0, 1], sympy.sqrt(2)), NumberError, "coefficients of a polynomial; write integers"),
    # searches
    (lambda: named_map(None), InputError, "name is None, not a string"),
    (lambda: states(8, 1, (4, "x")), InputError, r"support\[1\] is 'x', not an integer"),
    (lambda: MapSearch(None, 1), InputError, "trusted_map is None, not a LinearMap"),
    (lambda: FunctionalSearch(1, ((2, 2), (2, 2)), None), InputError, "directions is None, not an integer"),
]


@pytest.mark.parametrize(("call", "error", "reason"), TABLE, ids=[reason for _, _, reason in TABLE])
def test_the_error_says_what_is_wrong(call, error, reason):
    with pytest.raises(error, match=reason):
        call()


def guarded():
    """The public functions and classes whose arguments are checked."""
    found = {}
    for name in sa.__all__:
        value = getattr(sa, name)
        function = value.__init__ if inspect.isclass(value) else value
        if callable(function) and hasattr(function, "__wrapped__"):
            found[name] = function
    return found


def ours(kind):
    return inspect.isclass(kind) and kind.__module__.startswith("steeralg.") and kind.__name__ != "Number"


def test_every_public_function_of_an_assemblage_or_a_functional_is_guarded():
    for name in sa.__all__:
        value = getattr(sa, name)
        if inspect.isfunction(value) and "figure" not in name:
            kinds = get_type_hints(inspect.unwrap(value)).values()
            assert hasattr(value, "__wrapped__") or not {sa.Assemblage, sa.Functional, sa.Operator} & set(kinds), name


@pytest.mark.parametrize("wrong", [None, 2.5, "text", object(), ARRAY], ids=lambda value: type(value).__name__)
def test_what_is_no_object_of_the_library_is_refused_by_name(wrong):
    found = 0
    for name, function in guarded().items():
        hints = get_type_hints(inspect.unwrap(function))
        for parameter, kind in hints.items():
            if parameter != "return" and ours(kind):
                with pytest.raises(InputError, match=f"{parameter} is "):
                    function(*([None] if name[0].isupper() else []), **{parameter: wrong})
                found += 1
    assert found > 80


@checked
def example(
    operator: sa.Operator,
    count: int = 1,
    parts: Sequence[tuple[int, sa.POVM]] = (),
    table: Mapping[str, Matrix] | None = None,
    progress: Callable[[str], None] = print,
    path: Path | str = "",
    weight: Fraction | int | str = 1,
    anything: Any = None,
) -> int:
    """Return the count."""
    return count


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"count": 3},
        {"parts": []},
        {"parts": [(1, POVM)]},
        {"parts": ((1, POVM), [2, POVM])},
        {"table": None},
        {"table": {"a": Matrix.identity(1)}},
        {"progress": lambda message: None},
        {"path": Path()},
        {"weight": 0.5},
        {"weight": None},
        {"anything": object()},
    ],
    ids=lambda arguments: "-".join(arguments) or "nothing",
)
def test_what_fits_is_let_through(arguments):
    assert example(OPERATOR, **arguments) == arguments.get("count", 1)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"count": 1.0}, "example: count is 1.0, not an integer"),
        ({"count": True}, "count is True"),
        ({"parts": [(1, POVM), (2, None)]}, r"parts\[1\]\[1\] is None, not a POVM"),
        ({"parts": [(1,)]}, r"parts\[0\] has 1 entries, not 2"),
        ({"parts": {}}, "parts is of type dict, not a sequence"),
        ({"table": {"a": [[1]]}}, r"table\['a'\] is of type list, not a Matrix"),
        ({"table": []}, "table is of type list, not a mapping"),
        ({"progress": None}, "progress is None, not a function"),
        ({"path": b"x"}, "path is of type bytes, not a path or a string"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_does_not_fit_is_named(arguments, reason):
    with pytest.raises(InputError, match=reason):
        example(OPERATOR, **arguments)


def test_a_checked_function_keeps_its_name_its_signature_and_its_own_errors():
    assert example.__name__ == "example" and example.__doc__ == "Return the count."
    assert list(inspect.signature(example).parameters)[:2] == ["operator", "count"]
    with pytest.raises(TypeError, match="missing"):
        example()


@pytest.mark.parametrize("value", [-1, 4, 1.5, "2", None, True])
def test_ranges_are_closed_and_of_integers(value):
    require_between("digits", 0, 0, 3)
    require_between("digits", 3, 0, 3)
    with pytest.raises(InputError, match=r"digits = .*: between 0 and 3"):
        require_between("digits", value, 0, 3)


def test_help_of_a_bound_shows_its_chain_in_one_short_line():
    assert len(str(inspect.signature(sa.symmetric_bound))) < 600


def test_typed_errors_are_input_errors_which_are_value_errors():
    for error in (FormatError, LevelError, NumberError, PositivityError, ScenarioError, ShapeError):
        assert issubclass(error, InputError) and issubclass(error, SteeralgError) and issubclass(error, ValueError)
