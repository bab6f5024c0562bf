"""Laws of verdicts: three kinds, none of them a truth value, and a demand on the undecided one raises its reason."""

import pytest

from steeralg.errors import SteeralgError, UndecidedError
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import decide_psd
from steeralg.verdict import Proved, Refuted, Undecided

VERDICTS = [Proved("witness"), Refuted("witness"), Undecided("level 3 was not enough")]
every_verdict = pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: type(v).__name__)


@every_verdict
@pytest.mark.parametrize(
    "use",
    [bool, lambda v: not v, lambda v: 1 if v else 0, lambda v: v and True, lambda v: any([v]), lambda v: all([v])],
)
def test_a_verdict_has_no_truth_value(verdict, use):
    with pytest.raises(TypeError, match="not a truth value"):
        use(verdict)


@every_verdict
def test_a_verdict_is_proved_refuted_or_undecided(verdict):
    assert verdict.is_proved is isinstance(verdict, Proved)
    assert verdict.is_refuted is isinstance(verdict, Refuted)
    assert (not verdict.is_proved and not verdict.is_refuted) is isinstance(verdict, Undecided)


def test_a_decision_is_no_truth_value_either():
    for matrix in (Matrix.identity(2), -Matrix.identity(2)):
        with pytest.raises(TypeError):
            bool(decide_psd(matrix))


def test_verdicts_of_different_kinds_differ():
    assert Proved(1) != Refuted(1) and Proved(1) != Proved(2) and Proved(1) == Proved(1)
    assert len({Proved(1), Refuted(1), Undecided("1"), Proved(1)}) == 3


@every_verdict
def test_a_verdict_cannot_be_changed(verdict):
    for name in ("witness", "reason", "is_proved"):
        with pytest.raises(AttributeError):
            setattr(verdict, name, "another")


def test_demanding_an_undecided_answer_raises_its_reason():
    with pytest.raises(UndecidedError, match="level 3 was not enough") as caught:
        Undecided("level 3 was not enough").demand()
    assert isinstance(caught.value, SteeralgError)
