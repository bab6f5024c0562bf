"""What tests of local models share: definitions written out again, and data whose locality is known by hand."""

from fractions import Fraction
from itertools import product

from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Scenario
from tests.strategies import deterministic_elements

I2 = Matrix.identity(2)
X = Matrix.rational([[0, 1], [1, 0]])
Z = Matrix.rational([[1, 0], [0, -1]])
Y = (X @ Z).scale(Number(Z.field, (0,), (1,)))


def met(scenario, strategy, label, view):
    """Whether a strategy gives the outcomes of an element, and the element belongs to the view."""
    here = label[0][0] if scenario.instrumental else label[2] if len(label) == 3 else 0
    return here == view and all(box[x] == a for box, a, x in zip(strategy, *label[:2], strict=True))


def assert_model(model, sigma):
    """The hidden states are positive, of equal traces, and sum to the data."""
    scenario = sigma.scenario
    for entry in model.entries:
        assert tuple(state.rows for state in entry.states) == scenario.views
        assert all(decide_psd(state).is_proved for state in entry.states)
        assert all((state.trace() - entry.states[0].trace()).is_zero for state in entry.states)
    for label, matrix in sigma.elements.items():
        view = scenario.view(label)
        terms = [entry.states[view] for entry in model.entries if met(scenario, entry.outcomes, label, view)]
        matrix, *terms = unify([matrix, *terms])
        for term in terms:
            matrix = matrix - term
        assert matrix.is_zero, label


def assert_inequality(inequality):
    """Every deterministic strategy obeys the bound: with its share in every view."""
    functional, scenario = inequality.functional, inequality.functional.scenario
    for number, strategy in enumerate(deterministic_elements(scenario)):
        shares = inequality.shares[number] if inequality.shares else (inequality.bound,)
        assert len(shares) == len(scenario.views)
        total = Number.of(0)
        for view, share in enumerate(shares):
            dim = scenario.views[view]
            rest = -Matrix.identity(dim).scale(share)
            for label, matrix in functional.elements.items():
                if met(scenario, strategy, label, view):
                    rest = rest + matrix
            assert decide_psd(rest).is_proved
            total = total + as_number(share)
        assert not total < as_number(inequality.bound)


def value(functional, sigma):
    """<F, sigma>, entry by entry."""
    found = Number.of(0)
    for label, matrix in functional.elements.items():
        left, right = unify([matrix, sigma.elements[label]])
        for i, j in product(range(left.rows), repeat=2):
            found = found + left.entry(i, j) * right.entry(j, i)
    return found


def assert_violation(violation, sigma):
    assert violation.assemblage == sigma
    assert_inequality(violation.inequality)
    found = value(violation.inequality.functional, sigma)
    assert (found - violation.value).is_zero and found < as_number(violation.inequality.bound)


def steered(observables, visibilities):
    """sigma[a|x] = (1 + (-1)^a v_x P_x)/4: a maximally entangled pair of qubits under noisy spin measurements."""
    scenario = Scenario.of([(2,) * len(observables)], 2)
    pairs = enumerate(zip(observables, visibilities, strict=True))
    return Assemblage(
        scenario,
        {
            ((a,), (x,)): (I2 + p.scale(v if a == 0 else -v)).scale(Fraction(1, 4))
            for x, (p, v) in pairs
            for a in (0, 1)
        },
    )
