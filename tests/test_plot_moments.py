"""The picture of a moment matrix, read back and compared with generic projectors and matrix units.

Two entries have one colour exactly if they are equal (or adjoint) for random projectors, blank ones are those that
vanish for them, and an entry is marked as observed exactly if it is a combination of observed operators, wholly or in
part. Words stand on the axes; levels that cannot be drawn raise typed errors.
"""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy.linalg import orth

from steeralg.algebra.level import level_words
from steeralg.algebra.word import projector_algebra
from steeralg.errors import LevelError, ScenarioError
from steeralg.objects.scenario import Scenario
from steeralg.plot.moments import MAX_WORDS, MomentPattern, class_colours, moment_figure
from tests.strategies import KINDS

TWO = Scenario.of([(2, 2), (2, 2)], 2)


class Generic:
    """Random projectors and matrix units of rank 2 or more: with rank 1, PQP would be a multiple of P."""

    def __init__(self, scenario):
        self.scenario, self.random = scenario, np.random.default_rng(7)
        self.basis = [[self.projectors(d) for d in box.outcomes] for box in scenario.black_boxes]
        if scenario.has_input:
            self.basis.append([self.units(scenario.views[0]) for _ in scenario.views])

    def unitary(self, dim):
        return np.linalg.qr(self.random.normal(size=(dim, dim)) + 1j * self.random.normal(size=(dim, dim)))[0]

    def projectors(self, outcomes):
        u = self.unitary(6)
        return [u.conj().T @ np.diag([float(k % outcomes == a) for k in range(6)]) @ u for a in range(outcomes)]

    def units(self, dim):
        u, one = self.unitary(2 * dim), np.eye(2)
        flat = np.eye(dim * dim).reshape(-1, dim, dim)
        return [u.conj().T @ np.kron(unit, one) @ u for unit in flat]

    def word(self, word):
        result = np.eye(1)
        for part, party in zip(word, self.basis, strict=True):
            factor = np.eye(len(party[0][0]))
            for x, k in part:
                factor = factor @ party[x][k]
            result = np.kron(result, factor)
        return result

    def observed(self):
        """All observed operators on the parties and, last, the trusted systems without input."""
        dims = [party.dim for party in self.scenario.trusted]
        for label in self.scenario.labels():
            (a, x), view = label[:2], self.scenario.view(label)
            boxes = self.word(tuple(((s, o),) for o, s in zip(a, x, strict=True)) + ((),) * self.scenario.has_input)
            if self.scenario.has_input:
                yield from (boxes @ np.kron(np.eye(6 ** len(a)), unit) for unit in self.basis[-1][view])
                continue
            for unit in np.eye(dims[view] ** 2).reshape(-1, dims[view], dims[view]):
                before, after = np.eye(int(np.prod(dims[:view]))), np.eye(int(np.prod(dims[view + 1 :])))
                yield np.kron(boxes, np.kron(np.kron(before, unit), after))


def picture(figure):
    """The colours of all entries; white is blank."""
    return [[to_hex(colour) for colour in row] for row in figure.axes[0].images[0].get_array()]


CASES = [
    *((scenario, "almost quantum") for name, scenario in KINDS.items()),
    (Scenario.of([(2, 2), (2, 2)], 1), 2),
    (Scenario.of([(3, 2), (2, 2)], 2), "1+AAB"),
    (KINDS["input"], "1+AA"),
    (KINDS["instrumental"], 2),
]
cases = pytest.mark.parametrize(("scenario", "level"), CASES, ids=lambda value: str(value)[:50])


@cases
def test_colours_are_the_equalities_of_generic_products(scenario, level):
    generic = Generic(scenario)
    matrices = [generic.word(word) for word in level_words(projector_algebra(scenario), level)]
    test = generic.random.normal(size=matrices[0].shape)
    test = test + test.T
    names, colours = {}, picture(moment_figure(scenario, level))
    assert len(colours) == len(matrices)
    for row, left in zip(colours, matrices, strict=True):
        for colour, right in zip(row, matrices, strict=True):
            entry = left.conj().T @ right
            value = np.vdot(test, entry)
            key = np.abs(entry).max() > 1e-9 and (round(value.real, 7) + 0.0, round(abs(value.imag), 7))
            assert names.setdefault(key, colour) == colour
    assert names.pop(False, "#ffffff") == "#ffffff"
    assert len(set(names.values())) == len(names) and "#ffffff" not in names.values()
    assert len(names) == len(MomentPattern.build(scenario, level).classes)


def dense_order(scenario):
    """The order of the matrices of `Generic`, with the trusted systems."""
    return 6 ** len(scenario.black_boxes) * (2 * scenario.views[0] if scenario.has_input else scenario.dim)


@pytest.mark.parametrize(
    ("scenario", "level"), [case for case in CASES if dense_order(case[0]) <= 72], ids=lambda value: str(value)[:50]
)
def test_marks_are_the_combinations_of_observed_operators(scenario, level):
    generic, pattern = Generic(scenario), MomentPattern.build(scenario, level)
    matrices = [generic.word(word) for word in pattern.words]
    observed = orth(np.array([operator.ravel() for operator in generic.observed()]).T)
    units = np.eye(scenario.dim**2).reshape(-1, scenario.dim, scenario.dim)
    found = {}
    for v, w, c in ((v, w, c) for v, row in enumerate(pattern.entries) for w, c in enumerate(row) if c is not None):
        if c not in found:
            block = np.array([np.kron(matrices[v].conj().T @ matrices[w], unit).ravel() for unit in units]).T
            # The operators F for which the entry times F is observed: as many as directions are lost in the quotient.
            rest = block - observed @ (observed.conj().T @ block)
            lost = len(units) - np.linalg.matrix_rank(rest, tol=1e-8)
            found[c] = "wholly" if lost == len(units) else "partly" if lost else "not"
    assert [found[c] for c in range(len(found))] == list(pattern.observed)
    assert pattern.observed[0] != "not"
    shown = {text: set() for text in ("observed", "observed in part")}
    for dots in moment_figure(scenario, level).axes[0].collections:
        shown[dots.get_label()] |= {(round(y), round(x)) for x, y in dots.get_offsets()}
    for text, kind in (("observed", "wholly"), ("observed in part", "partly")):
        places = {(v, w) for v, row in enumerate(pattern.entries) for w, c in enumerate(row) if found.get(c) == kind}
        assert shown[text] == places


def test_sizes_and_words_of_the_chsh_scenario():
    """The 17 different entries of the almost quantum level: 1, 4 marginals, 4 joint ones and 8 unobserved ones."""
    pattern = MomentPattern.build(TWO)
    assert (len(pattern.words), len(pattern.classes)) == (9, 17)
    assert [pattern.observed.count(kind) for kind in ("wholly", "partly", "not")] == [9, 0, 8]
    axes = moment_figure(TWO).axes[0]
    names = ["1", "$A_{0|0}$", "$A_{0|1}$", "$B_{0|0}$", "$B_{0|1}$", "$A_{0|0}B_{0|0}$"]
    assert [tick.get_text() for tick in axes.get_xticklabels()][:6] == names
    numbers = [text.get_text() for text in axes.texts]
    assert numbers == [str(c) for row in pattern.entries for c in row]


def test_every_class_has_its_own_colour_on_large_levels_too():
    scenario = Scenario.of([(3, 3), (3, 3)], 2)
    colours = class_colours(MomentPattern.build(scenario, "2+AAB"))
    assert len({to_hex(colour) for colour in (*colours, "white")}) == len(colours) + 1 > 300
    assert not moment_figure(scenario, "2+AAB").axes[0].get_xticklabels()


def test_levels_that_cannot_be_drawn():
    with pytest.raises(LevelError, match=f"at most {MAX_WORDS} can be drawn"):
        moment_figure(Scenario.of([(2,) * 16] * 2, 2), "almost quantum")
    with pytest.raises(LevelError, match="letters A, B"):
        moment_figure(TWO, "1+AC")
    with pytest.raises(ScenarioError, match="sequential"):
        moment_figure(Scenario.of([(2, 2), (2, 2)], 2, sequential=True))
