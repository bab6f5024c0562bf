"""The search engine. States: the same ones for the same arguments, sparse and of modulus 1. Estimates: independent of
what was estimated before, in agreement with proved brackets. Runs: ranked, reported, shareable; interrupted at any byte
of its file and resumed, a run ends in the same file and the same results; other parameters are refused. Findings come
in order of robustness, quantum assemblages are never found, the recorded state of S26's Example 10 is found again.
"""

import json
import re
import signal
import subprocess
import sys
from fractions import Fraction
from itertools import islice
from math import prod
from pathlib import Path

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.certificates.robustness import robustness
from steeralg.constructions import s26, sbcsv15, shsa20
from steeralg.constructions.pauli import X, Y, Z
from steeralg.errors import FormatError, InputError
from steeralg.exact.tensor import partial_trace
from steeralg.maps.library import choi, identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.measurement import POVM
from steeralg.objects.state import State
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.scorer import Scorer
from steeralg.sdp.steered import Steered
from steeralg.search import Campaign, Result, Store, prove, run, search, states
from steeralg.search.states import ket

UNITS = {1, -1, sympy.I, -sympy.I}


def first(count, *arguments):
    return list(islice(states(*arguments), count))


@given(st.integers(1, 20), st.integers(0, 10**6), st.data())
def test_states_are_sparse_and_of_modulus_one(size, seed, data):
    support = data.draw(st.integers(1, size))
    for amplitudes in first(5, size, seed, support):
        assert len(amplitudes) == size
        chosen = [z for z in amplitudes if z != 0]
        assert len(chosen) == support and set(chosen) <= UNITS


def test_the_same_arguments_give_the_same_states_and_others_do_not():
    assert first(20, 16, 2026) == first(20, 16, 2026, 4)
    assert first(20, 16, 2026)[:7] == first(7, 16, 2026)
    assert first(20, 16, 2026) != first(20, 16, 2027)


def test_all_places_and_amplitudes_occur():
    drawn = first(300, 4, 0, 1)
    assert {next((k, z) for k, z in enumerate(a) if z != 0) for a in drawn} == {(k, z) for k in range(4) for z in UNITS}


@pytest.mark.parametrize("support", [0, 5, -1])
def test_a_support_that_does_not_fit_is_refused(support):
    with pytest.raises(InputError):
        next(states(4, 0, support))


@pytest.mark.parametrize(
    ("amplitudes", "dims", "text"),
    [
        ((1, 0, 0, 1), (2, 2), "(|00> + |11>)/sqrt(2)"),
        ((0, -1, 0, 0), (2, 2), "-|01>"),
        ((-sympy.I, 0, 1, -1, 0, sympy.I), (2, 3), "(-i|00> + |02> - |10> + i|12>)/2"),
        ((sympy.I,) + (0,) * 10, (11,), "i|0>"),
    ],
)
def test_kets_are_sums_of_product_vectors_normalised(amplitudes, dims, text):
    assert ket(tuple(map(sympy.sympify, amplitudes)), dims) == text


@pytest.mark.parametrize("build", [s26.example_10, s26.example_9, shsa20.transposed, shsa20.instrumental])
def test_estimates_agree_with_proved_brackets_of_robustness(build):
    sigma = build()
    bracket = robustness(sigma, white_noise(sigma.scenario), digits=4)
    estimate = Scorer(sigma.scenario).assemblage(sigma)
    assert bracket.lower - Fraction(1, 500) < estimate < bracket.upper + Fraction(1, 500)


def test_estimates_do_not_depend_on_what_was_estimated_before():
    drawn = [s26.positive_map_example(amplitudes) for amplitudes in first(6, 16, 2026)] + [s26.example_10()]
    scorer = Scorer(drawn[0].scenario)
    forth, back = [scorer.assemblage(sigma) for sigma in drawn], [scorer.assemblage(sigma) for sigma in drawn[::-1]]
    alone = [Scorer(sigma.scenario).assemblage(sigma) for sigma in drawn]
    assert forth == back[::-1] == alone and forth[-1] > 0


# ---- assemblages of pure states in floats ----------------------------------------------------------------------------
PAULI = [POVM.observable(X), POVM.observable(Y), POVM.observable(Z)]
TWO_BOXES, ONE_BOX = [PAULI[:2], PAULI], [PAULI]


def factor(kept):
    """The partial trace of two qubits that keeps one of them."""
    return LinearMap.from_action(4, lambda matrix: partial_trace(matrix, (2, 2), [1 - kept]))


CASES = {
    "steering": (TWO_BOXES, [choi()], lambda sigma: sigma.apply(choi())),
    "input": (ONE_BOX, [identity(2), transpose(2)], lambda sigma: sigma.with_input([identity(2), transpose(2)])),
    "instrumental": (
        ONE_BOX,
        [identity(2), transpose(2)],
        lambda sigma: sigma.with_input([identity(2), transpose(2)]).instrumental(),
    ),
    "several trusted parties": (ONE_BOX, [factor(0), factor(1)], lambda sigma: sigma.marginals((2, 2))),
}


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
@settings(max_examples=10)
def test_the_moments_of_a_state_are_those_of_its_exact_assemblage(case, data):
    measurements, maps, exact = CASES[case]
    dims = (*(box[0].dim for box in measurements), maps[0].dim_in)
    size = prod(dims)
    parts = st.lists(st.integers(-3, 3), min_size=size, max_size=size)
    amplitudes = [a + sympy.I * b for a, b in zip(data.draw(parts), data.draw(parts), strict=True)]
    assume(any(amplitudes))
    sigma = exact(Assemblage.from_state(State.pure(amplitudes, dims), measurements))
    observation = Relaxation.build(sigma.scenario, "almost quantum").observation
    difference = Steered(observation, measurements, maps).moments(amplitudes) - observation.moments(sigma.elements)
    assert max(map(abs, difference)) < 1e-12


# ---- the engine ------------------------------------------------------------------------------------------------------
class Squares(Campaign):
    """Numbers scored by their squares modulo 17: instant, with ties."""

    level = 1

    def __init__(self, **parameters):
        self.calls = []
        self._parameters = {"modulus": 17, "names": ["a", "b"], **parameters}

    @property
    def parameters(self):
        return self._parameters

    def candidate(self, number):
        return number

    def score(self, candidate):
        self.calls.append(candidate)
        return Fraction(candidate**2 % 17, 100)

    def assemblage(self, candidate):
        raise NotImplementedError


COUNT = 9
ALL = [Result(n, Fraction(n**2 % 17, 100)) for n in range(COUNT)]


def test_results_are_ranked_by_score_then_by_number():
    assert run(Squares(), range(COUNT)) == sorted(ALL, key=lambda r: (-r.score, r.number))
    assert [r.number for r in run(Squares(), range(18)) if r.score == Fraction(16, 100)] == [4, 13]


@given(st.permutations(range(COUNT)), st.integers(1, 4))
def test_the_order_and_the_sharing_of_numbers_do_not_matter(numbers, processes):
    assert run(Squares(), numbers) == run(Squares(), range(COUNT))
    shares = [run(Squares(), range(k, COUNT, processes)) for k in range(processes)]
    assert sorted(r.number for share in shares for r in share) == list(range(COUNT))
    assert {r for share in shares for r in share} == set(ALL)


def test_progress_is_reported_after_every_candidate():
    seen = []
    run(Squares(), range(COUNT), progress=seen.append)
    assert [(status.done, status.count) for status in seen] == [(n + 1, COUNT) for n in range(COUNT)]
    for n, status in enumerate(seen):
        assert status.best.score == max(r.score for r in ALL[: n + 1])


def test_the_best_that_can_be_proved_are_proved_in_their_order():
    class Mixtures(Campaign):
        """Candidate n is the PR box with n tenths of white noise, or with a misleading score a quantum one."""

        level = "1+AB"

        @property
        def parameters(self):
            return {}

        def candidate(self, number):
            return Fraction(number, 10)

        def score(self, candidate):
            return 1 - candidate if candidate < 1 else Fraction(2)

        def assemblage(self, candidate):
            box = sbcsv15.pr_box(State.maximally_mixed((1,)))
            return box.mix(white_noise(box.scenario), candidate)

    results, seen = run(Mixtures(), range(11)), []
    assert [p.result.number for p in prove(Mixtures(), results, wanted=2, progress=seen.append)] == [0, 1]
    assert len(seen) == 3
    assert [p.result.number for p in prove(Mixtures(), results, wanted=9)] == [0, 1, 2]
    assert prove(Mixtures(), results, attempts=1) == []
    for proven in prove(Mixtures(), results, wanted=9):
        assert proven.postquantum.value < proven.postquantum.bound
        assert proven.postquantum.assemblage == Mixtures().assemblage(proven.candidate)


# ---- the file --------------------------------------------------------------------------------------------------------
@pytest.fixture
def path(tmp_path):
    return tmp_path / "campaign.jsonl"


def stored(path, campaign, numbers=range(COUNT)):
    with Store(path, campaign.parameters) as store:
        return run(campaign, numbers, store)


def untimed(path):
    """The lines of a file without the times, which differ from run to run."""
    return re.sub(rb'"microseconds":[0-9]*,', b"", path.read_bytes())


def test_a_file_keeps_what_was_computed(path):
    complete = stored(path, Squares())
    again = Squares()
    assert stored(path, again) == complete == run(Squares(), range(COUNT)) and again.calls == []
    longer = Squares()
    assert len(stored(path, longer, range(COUNT + 3))) == COUNT + 3 and longer.calls == [COUNT, COUNT + 1, COUNT + 2]
    assert stored(path, again, range(3)) == run(Squares(), range(3)) and again.calls == []


def test_a_run_cut_short_at_any_byte_ends_in_the_same_file_and_the_same_results(path):
    complete = stored(path, Squares())
    whole, lines = path.read_bytes(), untimed(path)
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        resumed = Squares()
        assert stored(path, resumed) == complete
        assert untimed(path) == lines
        kept = whole[:length].count(b"\n")
        assert resumed.calls == list(range(max(kept - 1, 0), COUNT))


def test_a_killed_process_leaves_a_file_that_can_be_resumed(path):
    complete = stored(path, Squares())
    whole = untimed(path)
    path.unlink()
    program = (
        "import os, signal, sys; from tests.test_search import Squares, stored; from pathlib import Path\n"
        "class Dying(Squares):\n"
        "    def score(self, candidate):\n"
        "        if candidate == 5: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return super().score(candidate)\n"
        "stored(Path(sys.argv[1]), Dying())"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=root, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert whole.startswith(untimed(path))
    resumed = Squares()
    assert stored(path, resumed) == complete and resumed.calls == [5, 6, 7, 8] and untimed(path) == whole


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"modulus": 19}, ["modulus is 17 there, 19 here"]),
        ({"names": ["a"]}, ['names is ["a", "b"] there, ["a"] here']),
        ({"seed": 1}, ["seed is absent there, 1 here"]),
        ({"modulus": 0.5}, ["modulus"]),
        ({"modulus": "17", "seed": 2}, ["modulus", "seed"]),
    ],
)
def test_the_file_of_another_campaign_is_refused_and_left_alone(path, other, words):
    stored(path, Squares())
    before = path.read_bytes()
    with pytest.raises(InputError) as error:
        Store(path, Squares(**other).parameters)
    assert all(word in str(error.value) for word in words) and "names" not in str(error.value).replace(words[0], "")
    assert path.read_bytes() == before
    stored(path.with_suffix(".other"), Squares(**other))
    assert stored(path.with_suffix(".other"), Squares(**other)) == run(Squares(), range(COUNT))


HEADER = json.dumps({"format": "steeralg-search/1", "parameters": Squares().parameters})


@pytest.mark.parametrize(
    "text",
    [
        "notes",
        "notes\n",
        "[]\n",
        '{"format":"steeralg-search/2","parameters":{}}\n',
        '{"format":"steeralg-search/1"}\n',
        HEADER + '\nnot JSON\n{"number":0,"score":"0"}\n',
        HEADER + '\n{"number":-1,"score":"0"}\n',
        HEADER + '\n{"number":true,"score":"0"}\n',
        HEADER + '\n{"number":0,"score":0.5}\n',
        HEADER + '\n{"number":0,"score":"x"}\n',
        HEADER + '\n{"number":0}\n',
        HEADER + '\n{"number":0,"score":"0","microseconds":"1"}\n',
        HEADER + '\n{"number":0,"score":"0","microseconds":-1}\n',
        HEADER + '\n{"number":0,"score":"0","hours":1}\n',
        "\xff\n",
    ],
)
def test_what_is_no_campaign_is_refused_and_left_alone(path, text):
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FormatError):
        Store(path, Squares().parameters)
    assert path.read_bytes() == text.encode("latin-1")


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    for place in (tmp_path, tmp_path / "missing" / "file"):
        with pytest.raises(FormatError):
            Store(place, {})


# ---- constructions in Python -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def findings():
    return search(s26.positive_map_example, 16, seed=2026, count=54)


def test_the_state_of_example_10_is_found_again(findings):
    """Its robustness to white noise is proved to be in [0.0591, 0.0592] in proofs/s26-example-10.json."""
    found = findings[0]
    assert (found.seed, found.number, found.amplitudes) == (2026, 53, s26.EXAMPLE_10)
    assert abs(found.estimate - Fraction("0.05915")) < Fraction(1, 1000)


def test_findings_are_states_of_the_seed_in_order_of_robustness(findings):
    drawn = first(54, 16, 2026)
    assert all(found.amplitudes == drawn[found.number] for found in findings)
    estimates = [found.estimate for found in findings]
    assert estimates == sorted(estimates, reverse=True) and min(estimates) > Fraction(1, 1000)


def test_a_shorter_search_finds_the_beginning(findings):
    again = search(s26.positive_map_example, 16, seed=2026, count=20, level=1)
    assert [f.number for f in again] == [f.number for f in findings if f.number < 20]


def test_quantum_assemblages_are_not_found():
    """The same without the map is quantum by construction."""

    def build(amplitudes):
        return Assemblage.from_state(State.pure(amplitudes, (2, 2, 4)), s26.MEASUREMENTS[:1]).marginals((2, 4))

    assert search(build, 16, seed=3, count=15) == []


def test_an_empty_search_finds_nothing():
    assert search(s26.positive_map_example, 16, seed=2026, count=0) == []
