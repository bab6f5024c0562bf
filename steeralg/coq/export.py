"""From a proof to a Coq file: its data, a theorem for each step of a core rule, and what of the claim they cover.

Above: the command line. Below: theorems, evidence, syntax, proofs. A file says at its head which statements of the
claim it proves, and which it does not.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace

from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Statement
from steeralg.coq import syntax
from steeralg.coq.evidence import theta_enclosure
from steeralg.coq.library import LIBRARY, NAMESPACE, compilation
from steeralg.coq.theorems import WRITERS, Ledger, theorem_name
from steeralg.errors import InputError
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional

_ROOT = "field_has_a_root_by_a_sign_change"


@dataclass(frozen=True)
class CoqFile:
    """A generated file: its name without `.v`, its text, and which statements of the claim it proves.

    `missing` holds the others, each with the reason; `partial` those proved but for a part, which the text names.
    """

    name: str
    text: str
    covered: tuple[Statement, ...]
    partial: tuple[tuple[Statement, str], ...]
    missing: tuple[tuple[Statement, str], ...]

    def coverage(self) -> list[str]:
        """Return one line for each statement of the claim."""
        return [
            *(f"proved: {_brief(statement)}" for statement in self.covered),
            *(f"proved in part: {_brief(statement)}: {what}" for statement, what in self.partial),
            *(f"not covered: {_brief(statement)}: {why}" for statement, why in self.missing),
        ]


def export(proof: Proof, judged: bool = False) -> CoqFile:
    """Return the Coq file of a proof, which is verified first, unless it is `judged` already, as what is read is.

    Raises InputError if no step of the proof is of a rule that is exported; VerificationError if the proof is wrong, or
    evidence does not fit.
    """
    if not judged:
        proof.verify()
    obstacles = [_obstacle(proof, number) for number in range(len(proof.steps))]
    written = [number for number, why in enumerate(obstacles) if not why]
    if not written:
        why = "; ".join(sorted(set(obstacles))) or "it has no steps"
        raise InputError(
            f"nothing of this proof can be exported to Coq: {why}. Exported are the rules {', '.join(WRITERS)}"
        )
    ledger, theorems = Ledger(proof), []
    for number in written:
        step = proof.steps[number]
        head = f"(** Step {number}: {syntax.comment(_brief(step.statement))} *)"
        theorems.append(f"{head}\n{WRITERS[step.statement.rule](ledger, theorem_name(proof, number), step)}")
    result = _covered(proof, obstacles)
    return replace(result, text=_text(result, ledger, theorems, written))


def coq_text(proof: Proof, judged: bool = False) -> str:
    """Return the text of the Coq file of a proof. Raises InputError and VerificationError as `export` does."""
    return export(proof, judged).text


def _brief(statement: Statement) -> str:
    values = statement.json()
    return " ".join([values.pop("rule"), *(f"{key}={value}" for key, value in values.items())])


def _obstacle(proof: Proof, number: int) -> str:
    """Why a step cannot be exported; the empty string if it can."""
    step = proof.steps[number]
    rule = step.statement.rule
    if rule not in WRITERS:
        return f"the rule {rule} is not exported"
    if rule == "bound" and step.symmetric is not None:
        return "bounds that are proved up to symmetries are not exported"
    for name in (step.statement.assemblage, step.statement.functional):
        known = proof.context.objects.get(name or "")
        if isinstance(known, Assemblage | Functional) and known.scenario.sequential:
            return "sequential data are not exported"
    if rule == "postquantum":
        return next((why for why in (_obstacle(proof, k) for k in step.premises[1:]) if why), "")
    sigma = proof.context.objects.get(step.statement.assemblage or "")
    if rule == "assemblage" and isinstance(sigma, Assemblage) and sigma.scenario.instrumental:
        return "the validity of instrumental data is not exported"
    return ""


def _covered(proof: Proof, obstacles: list[str]) -> CoqFile:
    """Go through the statements of the claim; the text is still to be written."""
    covered, partial, missing = [], [], []
    for statement in proof.statements:
        steps = [k for k, step in enumerate(proof.steps) if step.statement == statement]
        premises = [proof.steps[k].premises[0] for k in steps if statement.rule == "postquantum"]
        if all(obstacles[k] for k in steps):
            missing.append((statement, obstacles[steps[0]] if steps else "no step proves it"))
        elif premises and all(obstacles[k] for k in premises):
            partial.append((statement, f"that there is no realisation; but {obstacles[premises[0]]}"))
        else:
            covered.append(statement)
    return CoqFile(_module(proof.name), "", tuple(covered), tuple(partial), tuple(missing))


def _module(claim: str) -> str:
    """The name of a claim as that of a module: no keyword of Coq begins with a letter and has an underscore inside."""
    name = syntax.identifier(claim)
    return name if name[:1].isalpha() and "_" in name else f"claim_{name}"


def _text(result: CoqFile, ledger: Ledger, theorems: list[str], written: list[int]) -> str:
    """Put the file together."""
    proof, base = ledger.proof, ledger.proof.field
    theta = theta_enclosure(base, [(*v, *(0,) * (base.degree - len(v))) for v in ledger.signs])
    names = [_ROOT, *(theorem_name(proof, number) for number in written)]
    head = [
        f"(** * {syntax.comment(proof.name)}",
        "",
        *_wrapped(proof.source),
        "",
        *_wrapped(
            "Written by `steeralg export --coq`. The data are those of the proof file, entry by entry; what the "
            "theorems say is defined in Words.v, Steering.v and Assemblage.v; the kernel of Coq checks all of it."
        ),
        "",
        *(line for text in result.coverage() for line in _wrapped(text, "- ")),
        "",
        *(f"    {line}" for line in compilation(result.name)),
        "*)",
    ]
    modules = textwrap.fill(f"From {NAMESPACE} Require Import {' '.join(LIBRARY)}.", syntax.WIDTH)
    scenarios = [
        f"Definition {name} : Scenario := {syntax.scenario_term(scenario)}."
        for scenario, name in ledger.scenarios.items()
    ]
    parts = [
        "\n".join(head),
        f"From Coq Require Import ZArith List.\n{modules}\nImport ListNotations.",
        "(** ** Data *)",
        f"Definition number_field : Field := {syntax.field_term(base)}.\n"
        f"Theorem {_ROOT} : field_ok number_field = true.\n"
        "Proof. exact (eq_refl true). Qed.",
        "\n".join(scenarios),
        *ledger.definitions.values(),
        "(** ** Theorems, each with the certificate for its check *)",
        f"Definition theta_enclosure : Enclosure :=\n  {theta.text}.",
        *theorems,
        "(** The axioms that the theorems rest on: none. *)",
        f"Definition theorems :=\n  {_tuple(names)}.\nPrint Assumptions theorems.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _tuple(names: list[str]) -> str:
    return "(" + syntax.filled(names, 2)[1:-1].replace(";", ",") + ")"


def _wrapped(text: str, mark: str = "") -> list[str]:
    """Break a line of a comment."""
    indent = " " * (4 + len(mark))
    return textwrap.wrap(
        syntax.comment(text),
        syntax.WIDTH,
        initial_indent=f"    {mark}",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
