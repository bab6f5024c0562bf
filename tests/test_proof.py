"""Proofs: the bytes are canonical and read back to the same bytes; a file appears whole or not at all; what cannot be
read is a typed error; the library re-proves every step, like the checker, and rejects whatever was changed.
"""

import dataclasses
import json
import os
import stat
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.compose import bound_proof, postquantum_proof
from steeralg.certificates.membership import certify
from steeralg.certificates.proof import Statement, read_proof
from steeralg.checker import load_checker
from steeralg.claims import claim
from steeralg.constructions import sbcsv15
from steeralg.errors import FormatError, SteeralgError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.state import State
from tests import strategies as own
from tests.proof_builders import VALID as VALID_FILES
from tests.proof_builders import encode

QUBIT = State.mixed([[sympy.Rational(2, 3), sympy.I / 3], [-sympy.I / 3, sympy.Rational(1, 3)]], (2,))
SIGMA = sbcsv15.pr_box(QUBIT)
FOUND = certify(SIGMA).witness
PROOF = postquantum_proof("pr", "a source with \u00fcml\u00e4uts", SIGMA, FOUND)
TWICE = postquantum_proof("twice", "", SIGMA, FOUND, {"G": certify(SIGMA, 1).witness.certificate})


@st.composite
def bound_proofs(draw):
    """Sums of E[a|x] (x) Z[a|x] with positive Z are at least 0, with one more block at least any negative number."""
    scenario = draw(own.scenarios)
    choices = [label for label in scenario.labels() if all(own_letter(scenario, *label))]
    labels = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=4, unique=True))
    elements, blocks = {}, []
    for a, x in labels:
        k = draw(own.matrices(scenario.dim, draw(st.integers(1, 2))))
        elements[a, x] = k @ k.adjoint
        word = tuple(((s, o),) if d[s] > 1 else () for o, s, d in zip(a, x, outcomes(scenario), strict=True))
        blocks.append(Block((word,), elements[a, x], None))
    bound = draw(st.fractions(-1, 0, max_denominator=9))
    if bound:
        blocks.append(Block((((),) * len(scenario.black_boxes),), Matrix.identity(scenario.dim).scale(-bound), None))
    return bound_proof("n", "s", BoundCertificate.verified(Functional(scenario, elements), bound, blocks))


def outcomes(scenario):
    return [box.outcomes for box in scenario.black_boxes]


def own_letter(scenario, a, x):
    """For every box, whether the outcome is not the last one of several."""
    return (d[s] == 1 or o < d[s] - 1 for o, s, d in zip(a, x, outcomes(scenario), strict=True))


@given(bound_proofs())
@settings(deadline=None, max_examples=40)
def test_a_proof_reads_back_to_the_same_bytes_and_holds_for_both_judges(proof):
    data = proof.to_bytes()
    again = read_proof(data)
    assert again.to_bytes() == data
    again.verify()
    load_checker().check_bytes(data)


@pytest.mark.parametrize("name", ["sbcsv15-pr-box", "saphs18-breuer-hall", "saphs18-table-1"])
def test_the_proof_of_a_claim_reads_back_to_the_same_bytes(name):
    proof = claim(name).prove()
    again = read_proof(proof.to_bytes())
    assert again.to_bytes() == proof.to_bytes()
    families = {key: o for key, o in again.objects.items() if isinstance(o, Assemblage | Functional)}
    assert families == {key: type(o)(o.scenario, dict(o.elements)) for key, o in families.items()}
    assert families and set(again.objects) == set(proof.objects)
    assert [again.value(s).decimal(30) for s in violations(again)] == [
        proof.value(s).decimal(30) for s in violations(proof)
    ]


def violations(proof):
    return [step.statement for step in proof.steps if step.statement.rule == "violation"]


@pytest.mark.parametrize("name", VALID_FILES)
def test_a_valid_file_from_elsewhere_is_proved_again(name):
    read_proof(encode(VALID_FILES[name]())).verify()


@pytest.mark.parametrize("proof", [PROOF, TWICE], ids=lambda p: p.name)
def test_the_bytes_are_canonical(proof):
    data = proof.to_bytes()
    value = json.loads(data)
    assert data == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    shuffled = json.dumps(dict(reversed(value.items())), indent=3).encode()
    assert read_proof(shuffled).to_bytes() == data


def changed(number, **fields):
    steps = list(PROOF.steps)
    steps[number] = dataclasses.replace(steps[number], **fields)
    return dataclasses.replace(PROOF, steps=tuple(steps))


def restated(number, **fields):
    return changed(number, statement=dataclasses.replace(PROOF.steps[number].statement, **fields))


VALID, BOUND, VIOLATION, POSTQUANTUM = range(4)
HIGHER, LOWER = FOUND.certificate.bound + Fraction(1, 100), FOUND.certificate.bound - 10
BLOCK = PROOF.steps[BOUND].blocks[0]
TAMPERED = {
    "the premises swapped": changed(POSTQUANTUM, premises=(0, 2, 1)),
    "a premise missing": changed(POSTQUANTUM, premises=(0, 1)),
    "no premises": changed(POSTQUANTUM, premises=()),
    "a premise too many": changed(POSTQUANTUM, premises=(0, 1, 2, 2)),
    "a premise that comes later": changed(POSTQUANTUM, premises=(0, 1, 3)),
    "the bound as its own violation": changed(POSTQUANTUM, premises=(0, 1, 1)),
    "the bound in place of validity": changed(POSTQUANTUM, premises=(1, 1, 2)),
    "the violation as its own bound": changed(POSTQUANTUM, premises=(0, 2, 2)),
    "another assemblage that violates": dataclasses.replace(
        restated(VIOLATION, assemblage="rho"), objects={"sigma": white_noise(SIGMA.scenario), "rho": SIGMA}
    ),
    "a premise out of range": changed(POSTQUANTUM, premises=(0, 1, 17)),
    "a negative premise": changed(POSTQUANTUM, premises=(-4, -3, -2)),
    "the bound raised": restated(BOUND, bound=HIGHER),
    "the bound lowered": restated(BOUND, bound=LOWER),
    "the violated bound raised": restated(VIOLATION, bound=HIGHER),
    "the violated bound lowered": restated(VIOLATION, bound=LOWER),
    "no bound": restated(BOUND, bound=None),
    "no violated bound": restated(VIOLATION, bound=None),
    "no blocks": changed(BOUND, blocks=()),
    "a block twice": changed(BOUND, blocks=(BLOCK, BLOCK)),
    "words swapped": changed(BOUND, blocks=(dataclasses.replace(BLOCK, words=BLOCK.words[::-1]),)),
    "a word missing": changed(BOUND, blocks=(dataclasses.replace(BLOCK, words=BLOCK.words[:-1]),)),
    "a Gram matrix moved": changed(BOUND, blocks=(dataclasses.replace(BLOCK, gram=BLOCK.gram.scale(2)),)),
    "an unknown rule": restated(VALID, rule="obvious"),
    "an unknown assemblage": restated(VALID, assemblage="rho"),
    "a functional as assemblage": restated(VALID, assemblage="F"),
    "an assemblage as functional": restated(BOUND, functional="sigma"),
    "another assemblage concluded": restated(POSTQUANTUM, assemblage="rho"),
    "an unproved statement": dataclasses.replace(
        PROOF, statements=(*PROOF.statements, Statement("bound", None, "F", HIGHER))
    ),
    "the functional doubled": dataclasses.replace(PROOF, auxiliary={"F": FOUND.certificate.functional.scale(2)}),
    "no functional": dataclasses.replace(PROOF, auxiliary={}),
    "an assemblage that violates nothing": dataclasses.replace(PROOF, objects={"sigma": white_noise(SIGMA.scenario)}),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_proof_is_rejected(name):
    with pytest.raises(VerificationError):
        TAMPERED[name].verify()


@pytest.mark.parametrize("proof", [PROOF, TWICE], ids=lambda p: p.name)
def test_no_step_can_be_left_out(proof):
    proof.verify()
    needed = range(len(proof.steps))
    for missing in needed:
        steps = tuple(step for number, step in enumerate(proof.steps) if number != missing)
        with pytest.raises(VerificationError):
            dataclasses.replace(proof, steps=steps).verify()


@pytest.mark.parametrize(
    "premises, valid", [((0, 1, 2), True), ((0, 3, 4), True), ((0, 1, 4), False), ((0, 3, 2), False)]
)
def test_the_premises_are_about_one_functional(premises, valid):
    steps = (*TWICE.steps[:-1], dataclasses.replace(TWICE.steps[-1], premises=premises))
    proof = dataclasses.replace(TWICE, steps=steps)
    if valid:
        proof.verify()
        load_checker().check_bytes(proof.to_bytes())
    else:
        with pytest.raises(VerificationError, match="step 5"):
            proof.verify()


def test_a_postquantum_proof_needs_a_violated_bound():
    with pytest.raises(ValueError, match="violated bound"):
        postquantum_proof("", "", SIGMA, None)
    with pytest.raises(VerificationError):
        postquantum_proof("", "", white_noise(SIGMA.scenario), FOUND).verify()


@pytest.mark.parametrize("name", ["F", "sigma", "", "0", "two words", "a-b", "\u00fc"])
def test_a_printed_functional_needs_a_name_of_its_own_that_the_format_allows(name):
    with pytest.raises(SteeralgError):
        postquantum_proof("", "", SIGMA, FOUND, {name: FOUND.certificate}).verify()


UNREADABLE = [b"", b"{}", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"{" * 10**5, PROOF.to_bytes() + b"{}"]
UNREADABLE += [
    PROOF.to_bytes()[:-9],
    PROOF.to_bytes().replace(b"proof/1", b"proof/2"),
    PROOF.to_bytes().replace(b'"0"', b"0.0"),
]


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda d: d[:20].decode("latin-1"))
def test_what_is_no_proof_file_is_a_format_error_that_names_it(data):
    with pytest.raises(FormatError, match=r"^mine\.json: "):
        read_proof(data, "mine.json")


ODD = [None, True, 5, -1, 0.5, "x", "", "1/0", "-3", [], {}, [1], ["a"], {"a": 1}, "0 0 0 0 0", "1,2,3", "1|1 9|9"]


def places(value, path=()):
    """The paths into a JSON value: every key, every object in a list, the first and the last of other lists."""
    if path:
        yield path
    children = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = [(k, v) for k, v in enumerate(value) if k in (0, len(value) - 1) or isinstance(v, dict)]
    for key, child in children:
        yield from places(child, (*path, key))


def corrupted(path, odd):
    value = PROOF.json()
    parent = value
    for key in path[:-1]:
        parent = parent[key]
    if odd is ...:
        del parent[path[-1]]
    else:
        parent[path[-1]] = odd
    return json.dumps(value).encode()


@pytest.mark.parametrize("path", list(places(PROOF.json())), ids=lambda path: "/".join(map(str, path)))
def test_a_corrupted_file_is_a_typed_error_or_a_proof_for_the_checker_too(path):
    for odd in [..., *ODD]:
        try:
            proof = read_proof(corrupted(path, odd))
            proof.verify()
        except SteeralgError:
            continue
        load_checker().check_bytes(proof.to_bytes())


def test_saving_writes_the_bytes_with_the_usual_permissions(tmp_path):
    mask = os.umask(0o027)
    try:
        PROOF.save(tmp_path / "proof.json")
    finally:
        os.umask(mask)
    assert (tmp_path / "proof.json").read_bytes() == PROOF.to_bytes()
    assert stat.S_IMODE((tmp_path / "proof.json").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["proof.json"]


def test_saving_replaces_an_older_file(tmp_path):
    (tmp_path / "proof.json").write_text("older")
    PROOF.save(str(tmp_path / "proof.json"))
    assert read_proof((tmp_path / "proof.json").read_bytes()).to_bytes() == PROOF.to_bytes()


@pytest.mark.parametrize("older", [None, "older"])
@pytest.mark.parametrize("call", ["replace", "fsync", "chmod", "fdopen"])
@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "interrupt"]
)
def test_a_failed_save_leaves_everything_as_it_was(older, call, failure, tmp_path, monkeypatch):
    path = tmp_path / "proof.json"
    if older is not None:
        path.write_text(older)
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}

    def fail(*_, **__):
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(FormatError if isinstance(failure, OSError) else KeyboardInterrupt):
            PROOF.save(path)
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["missing/proof.json", "file/proof.json", "folder", "x" * 300])
def test_a_place_that_cannot_be_written_is_a_format_error(name, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError, match="cannot be written"):
        PROOF.save(tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
