"""What the fuzzer found worth keeping is decided without anything but a typed verdict, and so is any edit of it.

`proofs/attack/fuzz.py` makes the corpus; nothing here needs the fuzzer. A file of any bytes is proved, rejected or
unreadable, with a reason in one short line.
"""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import proof_builders as build

CHECK = build.load_checker()
KEPT = Path(__file__).parent / "data" / "fuzz_corpus.json"
CORPUS = [text.encode("latin-1") for text in json.loads(KEPT.read_text())]
RECORD = build.CHECKER.parent / "attack" / "fuzz.json"


def verdict(data):
    """The outcome of a file; anything untyped is an error of the test."""
    try:
        CHECK.check_bytes(data)
    except (CHECK.Unreadable, CHECK.Rejected) as refusal:
        reason = str(refusal)
        assert reason.isascii() and "\n" not in reason and len(reason) < 500
        return type(refusal).__name__
    return "proved"


def test_corpus():
    """All three verdicts are met."""
    assert {verdict(data) for data in CORPUS} == {"proved", "Rejected", "Unreadable"}
    assert KEPT.stat().st_size < 100_000


@given(st.sampled_from(CORPUS), st.sampled_from(CORPUS), st.data())
@settings(max_examples=100, deadline=None)
def test_edits_of_the_corpus(data, other, draw):
    """A part of one file in the place of a part of another."""
    i, j = sorted(draw.draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
    k = draw.draw(st.integers(0, len(other)))
    verdict(data[:i] + other[k : k + j - i] + data[j:])


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data):
    """Bytes are hardly ever a file."""
    assert verdict(data) == "Unreadable"


def test_record():
    """The record of the fuzzer has all its fields, and no crashes."""
    record = json.loads(RECORD.read_text())
    assert {"check_sha256", "runs", "cpu_seconds", "edges", "features", "corpus", "crashes"} <= record.keys()
    assert record["crashes"] == 0 and record["runs"] > 0
