"""Data and measuring harness shared by the peer benchmarks ``peers_*.py``.

The scenario throughout: two black boxes with two settings and two outcomes each, one trusted party of dimension 4,
relaxation level 1+AB: nine words, a 36 x 36 complex Hermitian moment matrix. Arrays of operators (assemblages and
functionals) have shape ``(2, 2, 2, 2, 4, 4)`` and are indexed ``[x1, x2, a1, a2]``, then row and column of the trusted
party. The value of a functional is ``sum_{a,x} tr(F[a|x] sigma[a|x])`` and every functional here is *minimised*
over assemblages with ``tr sum_a sigma[a|x] = 1``.

Measuring. Every solver setting runs in a process of its own, with all numerical libraries held to one thread, after
the imports and after a tiny warm-up problem for the same solver. A first complete run is discarded when it is short
(under 2 s); then three runs are timed, each rebuilding the problem from nothing, and the one with the median total
is reported. A run over 2 s is not repeated; ``runs`` says how many were timed. ``build_seconds`` is the peer's work
up to a finished cvxpy problem, ``solve_seconds`` is ``Problem.solve`` (cvxpy's reduction to cone form and the solver),
``cpu_seconds`` the median of the whole run: processor time, the steadier number on a shared machine.
``peak_mb`` is the peak resident memory of the process, interpreter and libraries included.

Accuracy. One setting per problem is the *reference* (the tightest tolerance, marked ``"reference": true``).
A setting is accurate when ``|value - reference| <= 1e-4 max(1, |reference|)``; the accurate one with the least
``cpu_seconds`` is marked ``"figure": true`` and is the peer's figure for that problem.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

import cvxpy as cp
import fresh
import numpy as np

Operators = np.ndarray
"""Complex array ``[x1, x2, a1, a2, i, j]`` of shape (2, 2, 2, 2, 4, 4)."""
Monomial = tuple[int | None, int | None]
"""An observed word: the settings whose outcome 0 it holds, ``None`` where a party has no letter."""

DIM = 4
WORDS = 9
SIZE = WORDS * DIM
DEFAULT_SEED = 10
"""The smallest seed whose local-hidden-state minimum is visibly (over 0.1) above the 1+AB minimum."""
MONOMIALS: tuple[Monomial, ...] = tuple(itertools.product((None, 0, 1), repeat=2))
ACCURACY = 1e-4
TIMED_RUNS = 3
SHORT_RUN_SECONDS = 2.0
LONG_RUN_SECONDS = 2.0
TIME_LIMIT_SECONDS = 300.0
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


# --- data -----------------------------------------------------------------------------------------------------------


def quantum_assemblage() -> Operators:
    """The quantum assemblage of SAPHS18 eq. (31), (32), before the positive map.

    State ``(|Psi_1> + i |Psi_2> - |Psi_3>) / sqrt 14`` of two qubits and two further qubits ``b b'`` held by the
    trusted party (index ``2 b + b'``), where ``Psi_k`` sums the basis vectors of Hamming weight k. Observables:
    X, Z for the first black box, ``(X + Z)/sqrt 2, (-X + Z)/sqrt 2`` for the second.
    """
    x = np.array([[0, 1], [1, 0]], dtype=complex)
    z = np.diag([1.0, -1.0]).astype(complex)
    observables = ((x, z), ((x + z) / np.sqrt(2), (-x + z) / np.sqrt(2)))
    psi = np.zeros((2, 2, DIM), dtype=complex)
    for bits in itertools.product(range(2), repeat=4):
        a1, a2, b, c = bits
        psi[a1, a2, 2 * b + c] = {1: 1, 2: 1j, 3: -1}.get(sum(bits), 0) / np.sqrt(14)
    sigma = np.zeros((2, 2, 2, 2, DIM, DIM), dtype=complex)
    for x1, x2, a1, a2 in itertools.product(range(2), repeat=4):
        first = (np.eye(2) + (-1) ** a1 * observables[0][x1]) / 2
        second = (np.eye(2) + (-1) ** a2 * observables[1][x2]) / 2
        sigma[x1, x2, a1, a2] = np.einsum("ij,kl,jlb,ikc->bc", first, second, psi, psi.conj())
    return sigma


def breuer_hall() -> Operators:
    """The Breuer-Hall assemblage (SAPHS18 Sec. 5.2): ``r -> (tr(r) 1 - r - U r^T U*)/2``, ``U = X (x) Y``, applied."""
    u = np.kron([[0, 1], [1, 0]], [[0, -1j], [1j, 0]])
    sigma = quantum_assemblage()
    trace = np.einsum("...ii->...", sigma)[..., None, None]
    return (trace * np.eye(DIM) - sigma - u @ np.swapaxes(sigma, -1, -2) @ u.conj().T) / 2


def white_noise() -> Operators:
    """Uniform outcomes and the maximally mixed state: every element is ``1/16``."""
    return np.broadcast_to(np.eye(DIM, dtype=complex) / (4 * DIM), (2, 2, 2, 2, DIM, DIM)).copy()


def lcg(seed: int) -> Iterator[int]:
    """Integers in -9..9: ``state = (6364136223846793005 state + 1442695040888963407) mod 2^64``, starting from
    ``state = seed mod 2^64`` and stepping *before* each number, which is ``(state >> 33) mod 19 - 9``."""
    state = seed % 2**64
    while True:
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        yield (state >> 33) % 19 - 9


def random_functional(seed: int) -> Operators:
    """Hermitian integer operators drawn from :func:`lcg`.

    Order: nested loops over x1, x2, a1, a2 (x1 outermost); in each operator the upper triangle row by row, one
    number for a diagonal entry, real then imaginary part for an off-diagonal one.
    """
    numbers = lcg(seed)
    functional = np.zeros((2, 2, 2, 2, DIM, DIM), dtype=complex)
    for index in itertools.product(range(2), repeat=4):
        for i in range(DIM):
            functional[(*index, i, i)] = next(numbers)
            for j in range(i + 1, DIM):
                re, im = next(numbers), next(numbers)
                functional[(*index, i, j)] = complex(re, im)
                functional[(*index, j, i)] = complex(re, -im)
    return functional


def printed_functional() -> Operators:
    """Minus the operators of SAPHS18 Table 1, to three printed digits, on the observed words (see :func:`spread`).

    Every printed matrix has the form ``[[p, u, v, 0], [u*, q, 0, v], [v*, 0, q, -u], [0, v*, -u*, p]]``.
    """
    table: dict[Monomial, tuple[float, float, complex, complex]] = {
        (None, None): (-2.65, -4.33, -0.495 + 1.74j, 0.477 + 2.54j),
        (0, None): (-1.17, -2.13, 1.19 + 0.488j, -1.23 + 1.35j),
        (None, 0): (-1.16, -2.96, 1.24 - 1.09j, -0.761 + 2.09j),
        (1, None): (-1.51, -1.01, 0.134 - 1.58j, -0.0469 + 1.96j),
        (None, 1): (-1.4, -0.0605, -0.0294 - 0.939j, 1.07 + 1.09j),
        (0, 0): (-1.11, 3.52, -1.58 - 0.678j, -0.746 - 0.752j),
        (0, 1): (0.265, -4.12, -1.44 - 0.441j, -0.125 + 1.47j),
        (1, 0): (1.1, 0.17, -1.35 - 0.375j, -0.0531 - 1.55j),
        (1, 1): (0.519, -0.213, 1.22 - 0.952j, 0.14 - 1.11j),
    }
    operators = {}
    for key, (p, q, u, v) in table.items():
        upper = np.array([[0, u, v, 0], [0, 0, 0, v], [0, 0, 0, -u], [0, 0, 0, 0]])
        operators[key] = -(np.diag([p, q, q, p]) + upper + upper.conj().T)
    return spread(operators)


def observed(sigma: Operators) -> dict[Monomial, np.ndarray]:
    """The blocks an assemblage fixes: reduced state, one-party marginals of outcome 0, and ``sigma[00|x1 x2]``."""
    blocks: dict[Monomial, np.ndarray] = {(None, None): sigma[0, 0].sum(axis=(0, 1))}
    for x in range(2):
        blocks[x, None] = sigma[x, 0, 0].sum(axis=0)
        blocks[None, x] = sigma[0, x, :, 0].sum(axis=0)
        for y in range(2):
            blocks[x, y] = sigma[x, y, 0, 0]
    return blocks


def collect(functional: Operators) -> dict[Monomial, np.ndarray]:
    """The coefficients of a functional on the nine observed words, outcome 1 eliminated."""
    out: dict[Monomial, np.ndarray] = {key: np.zeros((DIM, DIM), dtype=complex) for key in MONOMIALS}
    for x, y in itertools.product(range(2), repeat=2):
        f = functional[x, y]
        out[x, y] += f[0, 0] - f[0, 1] - f[1, 0] + f[1, 1]
        out[x, None] += f[0, 1] - f[1, 1]
        out[None, y] += f[1, 0] - f[1, 1]
        out[None, None] += f[1, 1]
    return out


def spread(coefficients: dict[Monomial, np.ndarray]) -> Operators:
    """A functional with the given coefficients on the observed words (a right inverse of :func:`collect`)."""
    functional = np.zeros((2, 2, 2, 2, DIM, DIM), dtype=complex)
    for (x, y), operator in coefficients.items():
        outcomes = (slice(None) if x is None else 0, slice(None) if y is None else 0)
        functional[(x or 0, y or 0, *outcomes)] += operator
    return functional


def value_on(functional: Operators, sigma: Operators) -> float:
    """``sum tr(F[a|x] sigma[a|x])``."""
    return float(np.einsum("xyabij,xyabji->", functional, sigma).real)


# --- measuring ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """One way of solving a problem: the peer's formulation, a printable solver name, and options for cvxpy."""

    form: str
    solver: str
    options: dict[str, object] = field(default_factory=dict)
    reference: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one complete run gave."""

    value: float | None
    status: str
    build_seconds: float
    solve_seconds: float

    @property
    def total_seconds(self) -> float:
        return self.build_seconds + self.solve_seconds


Execute = Callable[[str, Setting, int], Outcome]
"""``execute(problem, setting, seed)`` builds and solves from nothing."""

CLARABEL: dict[str, object] = {"solver": "CLARABEL"}
CVXOPT: dict[str, object] = {"solver": "CVXOPT"}
SCS: dict[str, object] = {"solver": "SCS"}


def scs(eps: float) -> dict[str, object]:
    """SCS with an absolute and relative tolerance (cvxpy's own default is 1e-5)."""
    return {"solver": "SCS", "eps": eps, "max_iters": 100_000}


def solve_timed(build: Callable[[], cp.Problem], options: dict[str, object]) -> Outcome:
    """Build and solve once; a solver that gives up is an outcome, not an error."""
    start = time.process_time()
    problem = build()
    built = time.process_time()
    try:
        problem.solve(warm_start=False, **options)
        value, status = problem.value, str(problem.status)
    except cp.error.SolverError:
        value, status = None, "solver_error"
    done = time.process_time()
    usable = value is not None and np.isfinite(value)
    return Outcome(float(value) if usable else None, status, built - start, done - built)


def _warm_up(solver: str) -> None:
    block = cp.Variable((2, 2), hermitian=True)
    problem = cp.Problem(cp.Minimize(cp.real(cp.trace(block))), [block >> np.eye(2)])
    problem.solve(solver=solver)


def _measure(peer: str, problem: str, setting: Setting, seed: int, execute: Execute) -> dict[str, object]:
    """Measure one setting in this process."""
    warnings.simplefilter("ignore")
    solver = str(setting.options.get("solver", "SCS"))
    _warm_up(solver)
    cpu: list[float] = []
    runs: list[Outcome] = []

    def once() -> None:
        start = time.process_time()
        runs.append(execute(problem, setting, seed))
        cpu.append(time.process_time() - start)

    once()
    if runs[0].total_seconds < SHORT_RUN_SECONDS:
        runs.clear()
        cpu.clear()
    while len(runs) < TIMED_RUNS and not (runs and runs[0].total_seconds > LONG_RUN_SECONDS):
        once()
    middle = sorted(runs, key=lambda run: run.total_seconds)[len(runs) // 2]
    return {
        "peer": peer,
        "version": version(peer),
        "cvxpy": cp.__version__,
        "problem": problem,
        "seed": seed if problem == "random" else None,
        "form": setting.form,
        "solver": setting.solver,
        "solver_version": version(solver),
        **{key: round(number, 4) for key, number in asdict(middle).items() if key.endswith("_seconds")},
        "total_seconds": round(middle.total_seconds, 4),
        "cpu_seconds": round(statistics.median(cpu), 4),
        "runs": len(runs),
        "value": middle.value,
        "status": middle.status,
        "peak_mb": round(fresh.peak_mb(), 1),
    }


def _measure_in_child(script: str, problem: str, number: int, seed: int) -> dict[str, object]:
    command = [sys.executable, script, problem, "--seed", str(seed), "--setting", str(number)]
    try:
        done = subprocess.run(
            command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"value": None, "status": "time_limit"}
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"value": None, "status": f"failed: {last}"}
    return json.loads(done.stdout.strip().splitlines()[-1])


def _judge(records: list[dict[str, object]], settings: Sequence[Setting]) -> None:
    """Add ``reference``, ``error`` and ``figure`` to the records of one problem."""
    reference = next((r["value"] for r, s in zip(records, settings, strict=True) if s.reference), None)
    best: dict[str, object] | None = None
    for record, setting in zip(records, settings, strict=True):
        value = record["value"]
        record["reference"] = setting.reference
        record["error"] = None if value is None or reference is None else abs(value - reference)
        record["figure"] = False
        accurate = record["error"] is not None and record["error"] <= ACCURACY * max(1.0, abs(reference))
        if accurate and (best is None or record["cpu_seconds"] < best["cpu_seconds"]):
            best = record
    if best is not None:
        best["figure"] = True


def main(peer: str, script: str, plan: dict[str, Sequence[Setting]], execute: Execute, summary: str | None) -> None:
    """The command line of a peer script: ``problem [--seed N]``; prints one JSON line per setting."""
    parser = argparse.ArgumentParser(description=(summary or "").split("\n", 1)[0])
    parser.add_argument("problem", choices=sorted(plan))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of the random functional")
    parser.add_argument("--setting", type=int, default=None, help=argparse.SUPPRESS)
    args = parser.parse_args()
    settings = plan[args.problem]
    if args.setting is not None:
        print(json.dumps(_measure(peer, args.problem, settings[args.setting], args.seed, execute)))
        return
    records = []
    for number, setting in enumerate(settings):
        measured = _measure_in_child(script, args.problem, number, args.seed)
        head = {"peer": peer, "problem": args.problem, "form": setting.form, "solver": setting.solver}
        records.append(head | measured)
    _judge(records, settings)
    for record in records:
        print(json.dumps(record))
