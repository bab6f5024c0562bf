"""The page of a report: whole, self-contained, without scripts, escaped, and with nothing of the exact data lost.

Everything a reader needs is there in words: headings, captions of tables, titles of figures.
"""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from steeralg import report
from steeralg.certificates.proof import read_proof
from steeralg.exact.markup import matrix_mathml, number_mathml
from steeralg.exact.number import as_number
from steeralg.objects.events import EventSet
from steeralg.report.html import html
from steeralg.report.sentences import reasons, sentence
from tests import map_proofs, model_proofs
from tests.markup import Page

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
SMALL = {build.__name__: build() for build in (*map_proofs.BUILD, *model_proofs.BUILD)}
KINDS = ("sequential", "shared_instrumental", "input_images", "negativity", "complete_basis", "threshold_irrational")
FILED = (
    "saphs18-table-1",
    "saphs18-shifts",
    "saphs18-choi-map",
    "mub4-level-1ab",
    "s26-lambda",
    "saphs18-upb-extendible",
)
ALL = {name: SMALL[name] for name in KINDS} | {
    name: read_proof((PROOFS / f"{name}.json").read_bytes(), name) for name in FILED
}
PAGES = {}
every_proof = pytest.mark.parametrize("name", ALL)


def page(name):
    """The page, and the same read back; drawn once."""
    if name not in PAGES:
        shown = html(ALL[name], report.File.of(f"{name}.json", b"{}"))
        PAGES[name] = shown, Page(shown)
    return PAGES[name]


@every_proof
def test_it_is_one_whole_page_that_loads_and_runs_nothing(name):
    shown, read = page(name)
    assert shown.startswith('<!DOCTYPE html>\n<html lang="en">') and shown.endswith("</html>\n")
    tags = {tag for tag, _, _ in read.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "base", "form", "img", "use-credentials"}
    for tag, attributes, _ in read.elements:
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            if key in ("src", "href", "xlink:href", "action"):
                assert value.startswith(("#", "data:image/png;base64,")), (tag, key, value)
    outside = re.sub(r'xmlns(:xlink)?="[^"]*"', "", shown)
    assert "://" not in outside and "@import" not in outside
    assert not re.search(r"url\((?!#)", outside)


@every_proof
def test_identifiers_are_unique_and_every_reference_has_one(name):
    shown, read = page(name)
    names = [attributes["id"] for _, attributes, _ in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    wanted = re.findall(r'(?:href="#|url\(#)([^")]+)', shown)
    wanted += [attributes["aria-labelledby"] for _, attributes, _ in read.elements if "aria-labelledby" in attributes]
    assert set(wanted) <= set(names)


@every_proof
def test_it_can_be_read_out(name):
    """One main heading, no level left out; captions; titles; boxes that scroll can be reached by the keyboard."""
    _, read = page(name)
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(read.all("caption")) == len(read.all("table"))
    for attributes, _ in read.all("svg"):
        assert attributes["role"] == "img" and "aria-labelledby" in attributes
    assert len(read.all("figcaption")) == len(read.all("figure"))
    assert {attributes.get("scope") for attributes, _ in read.all("th")} <= {"row", "col"}
    assert all(attributes.get("tabindex") == "0" for attributes, _ in read.all("pre"))


@every_proof
def test_every_statement_and_reason_is_there_with_its_words_and_numbers(name):
    proof, (shown, read) = ALL[name], page(name)
    (body,) = (text for _, text in read.all("main"))
    for parts in [*(sentence(proof, s) for s in proof.statements), *reasons(proof)]:
        assert all(part in body for part in parts if isinstance(part, str))
    for statement in proof.statements:
        for bound in (statement.bound, statement.weight):
            assert bound is None or number_mathml(as_number(bound)) in shown


@every_proof
def test_every_matrix_is_there_exactly(name):
    proof, (shown, read) = ALL[name], page(name)
    exact = "\n".join(text for _, text in read.all("pre"))
    for key, value in {**proof.objects, **proof.auxiliary}.items():
        if isinstance(value, EventSet):
            continue
        for label, matrix in value.matrices():
            line = f"{key}{f'[{label}]' if label else ''} = "
            assert line in exact or matrix_mathml(matrix) in shown or matrix.is_zero


@every_proof
def test_a_rounded_matrix_has_its_exact_entries_below(name):
    lines = set(report.text(ALL[name]).splitlines())
    for attributes, text in page(name)[1].all("pre"):
        assert attributes == {"tabindex": "0"}
        assert {f"  {line}" for line in text.splitlines()} <= lines or re.match("python3|steeralg|sha256sum", text)


def test_a_number_that_is_too_long_for_a_sentence_has_a_place_of_its_own():
    proof, (_, read) = ALL["mub4-level-1ab"], page("mub4-level-1ab")
    (violation,) = (s for s in proof.statements if s.rule == "violation")
    assert str(proof.value(violation)) in [text for _, text in read.all("code")]


# ---- hostile text ----------------------------------------------------------------------------------------------------
HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "&lt;b&gt; &amp; ]]> -->",
    "a\u202ecod.exe\u2066\u200f",
    "\x00\x1b]0;x\x07\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_file_is_text(text):
    plain, hostile = (
        Page(html(replace(ALL["saphs18-choi-map"], name=t, source=t), report.File.of(t, b""))) for t in ("x", text)
    )
    assert [(tag, set(attributes)) for tag, attributes, _ in hostile.elements] == [
        (tag, set(attributes)) for tag, attributes, _ in plain.elements
    ]
    hidden = r"[\x00-\x1f\x7f\ud800\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
    seen = re.sub(hidden, lambda c: f"[U+{ord(c[0]):04X}]", text)
    assert seen in hostile.all("title")[0][1] and seen in hostile.all("h1")[0][1] and seen in hostile.all("dd")[0][1]


def test_the_page_is_the_same_every_time():
    shown, _ = page("threshold_irrational")
    assert html(ALL["threshold_irrational"], report.File.of("threshold_irrational.json", b"{}")) == shown


# ---- figures ---------------------------------------------------------------------------------------------------------
def test_figures_are_drawn_where_they_help():
    titles = {name: [text for _, text in page(name)[1].all("figcaption")] for name in ALL}
    assert any("conditional states of sigma" in caption for caption in titles["saphs18-shifts"])
    assert any("Postquantum up to the lower end" in caption for caption in titles["s26-lambda"])
    assert any("sum of squares for table_1" in caption for caption in titles["saphs18-table-1"])
    assert not titles["saphs18-choi-map"] and not titles["saphs18-upb-extendible"]
    assert any("steering negativity" in caption for caption in titles["negativity"])


def test_the_inks_of_figures_are_those_of_the_page():
    (shown, _) = page("saphs18-shifts")
    drawn = "".join(re.findall(r"<svg.*?</svg>", shown, re.DOTALL))
    assert drawn and not re.search("#000000|#ffffff|black|white", drawn)
    assert set(re.findall(r"var\(--(\w+)\)", drawn)) <= set(re.findall(r"--(\w+):", shown))
