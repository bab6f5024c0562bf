"""Figures, read back from what they draw: artists against independent calculations, not pictures against pictures.

Bloch discs: the printed numbers of SBCSV15 Table I give every arrow, dot and circle; in all discs the dots of one
setting add up to the reduced state (no-signalling), pure states touch their circle, projections agree with each other.
Brackets and curves: markers are the proved ends and nothing else, the legend hides none of them. Files:
valid, whole or not at all, the same bytes twice.
"""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import hypot, sqrt
from xml.etree import ElementTree

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Circle
from matplotlib.text import Annotation

from steeralg.certificates.curves import curve
from steeralg.certificates.quantities import Robustness
from steeralg.constructions.pauli import ONE, X, Y, Z
from steeralg.constructions.sbcsv15 import pr_box, table_1
from steeralg.errors import FormatError, InputError, NumberError, ScenarioError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.plot.bloch import MAX_ARROWS, MAX_DISCS, bloch_figure, bloch_vector
from steeralg.plot.brackets import bracket_figure, curve_figure, interval_figure
from steeralg.plot.files import picture_format, render, save_figure
from steeralg.plot.moments import moment_figure
from steeralg.plot.style import coordinate
from tests.strategies import KINDS, pr_boxes, quantum_assemblages

TWO = Scenario.of([(2, 2), (2, 2)], 2)
SQRT2 = Number(Field((-2, 0, 1), (Fraction(1), Fraction(2))), (0, 1), (0, 0))
IMAGINARY = Number(SQRT2.field, (0, 0), (1, 0))
near = pytest.approx


# ---- Bloch discs -----------------------------------------------------------------------------------------------------
def drawn(axes):
    """Label -> (radius of the circle, dot, tip of the arrow or None), in the order of drawing."""
    circles = [patch.radius for patch in axes.patches if isinstance(patch, Circle)]
    lines = [line for line in axes.lines if line.get_linestyle() == "None"]
    tips = {to_hex(t.arrow_patch.get_edgecolor()): t.xy for t in axes.texts if isinstance(t, Annotation)}
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in lines]
    colours = [to_hex(line.get_markeredgecolor()) for line in lines]
    assert len(circles) == len(lines) and len(set(colours)) == len(colours)
    labels = [line.get_label().split("  p = ")[0] for line in lines]
    return {
        label: (*what, tips.get(colour))
        for label, what, colour in zip(labels, zip(circles, dots, strict=True), colours, strict=True)
    }


def discs(figure):
    """Title -> what is drawn; with several planes the titles repeat, and the values are lists."""
    result = {}
    for axes in figure.axes:
        result.setdefault(axes.get_title(), []).append(drawn(axes))
    return result


def printed_table():
    """Every element, marginal and the reduced state of Table I as (p, x, z), from the printed digits."""
    reduced, single = (1.0, 2 * -0.0896, 0.3666 - 0.6334), {}
    for y, (a, b, c) in enumerate([(0.1464, -0.1114, 0.1600), (0.2851, -0.0586, 0.2473)]):
        single[0, y] = (a + c, 2 * b, a - c)
        single[1, y] = minus(reduced, single[0, y])
    printed = {
        (0, 0): (0.1360, -0.1257, 0.1360),
        (0, 1): (0.0803, -0.0523, 0.0982),
        (1, 0): (0.0803, -0.0523, 0.0982),
        (1, 1): (0.2555, -0.1192, 0.0709),
    }
    joint = {}
    for (y, z), (a, b, c) in printed.items():
        joint[0, 0, y, z] = (a + c, 2 * b, a - c)
        joint[0, 1, y, z] = minus(single[0, y], joint[0, 0, y, z])
        joint[1, 0, y, z] = minus(single[0, z], joint[0, 0, y, z])
        joint[1, 1, y, z] = minus(single[1, y], joint[1, 0, y, z])
    return reduced, single, joint


def minus(left, right):
    return tuple(a - b for a, b in zip(left, right, strict=True))


def expected(p, x, z):
    """Radius, dot and tip of a state in the x-z plane."""
    length = hypot(x, z)
    return near(p), near((x, z)), near((p * x / length, p * z / length))


def test_table_1_is_drawn_as_printed():
    reduced, single, joint = printed_table()
    found = discs(bloch_figure(table_1()))
    assert len(found) == 6
    for y, z in product((0, 1), repeat=2):
        (disc,) = found[f"x = {y}, {z}"]
        assert disc == {f"{b},{c}|{y},{z}": expected(*joint[b, c, y, z]) for b, c in product((0, 1), repeat=2)}
    for box in (0, 1):
        (disc,) = found[f"marginals of box {box}"]
        marginals = {f"{b}|{y}": expected(*value) for (b, y), value in single.items()}
        assert disc == marginals | {"reduced state": expected(*reduced)}


def test_legends_name_every_element_with_its_probability():
    figure = bloch_figure(table_1())
    (axes,) = (axes for axes in figure.axes if axes.get_title() == "x = 1, 1")
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts == ["0,0|1,1  p = 0.326", "0,1|1,1  p = 0.206", "1,0|1,1  p = 0.206", "1,1|1,1  p = 0.262"]


@given(st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_dots_add_up_and_planes_agree(data):
    sigma = data.draw(quantum_assemblages(data.draw(st.sampled_from([TWO, Scenario.of([(2, 3)], 2)]))))
    found = discs(bloch_figure(sigma, "xz,yz"))
    reduced = [sum_of([disc["reduced state"]]) for disc in next(iter(found.values()))]
    for title, (xz, yz) in found.items():
        for label, (radius, (x, z), tip) in xz.items():
            other, (y, z_again), other_tip = yz[label]
            assert (radius, z) == (other, z_again) and hypot(x, y, z) <= radius + 1e-12
            if tip is None:
                assert (x, y, z) == (0, 0, 0) and other_tip is None
            else:
                assert tip[1] == other_tip[1] and hypot(tip[0], other_tip[0], tip[1]) == near(radius)
                cross = tip[0] * z - tip[1] * x, other_tip[0] * z - other_tip[1] * y
                assert cross == near((0, 0)) and (tip[0] * x + other_tip[0] * y + tip[1] * z >= 0)
        if title.startswith("x = "):
            assert [sum_of(disc.values()) for disc in (xz, yz)] == [near(value) for value in reduced]


def sum_of(elements):
    return tuple(map(sum, zip(*((radius, *dot) for radius, dot, _ in elements), strict=True)))


def eigenstates():
    """One box that steers to the eigenstates of X, Y and Z."""
    table = {((a,), (x,)): (ONE + (-1) ** a * pauli) / 4 for x, pauli in enumerate((X, Y, Z)) for a in (0, 1)}
    return Assemblage.of(Scenario.of([(2, 2, 2)], 2), table)


@pytest.mark.parametrize("plane", ["xz", "zx", "xy", "yx", "yz", "zy"])
def test_pure_states_touch_their_circle_in_their_plane(plane):
    figure = bloch_figure(eigenstates(), plane)
    assert "projected" in figure.get_suptitle() and f"{plane[0]}-{plane[1]} plane" in figure.get_suptitle()
    found = discs(figure)
    assert found.pop("reduced state") == [{"reduced state": (1, (0, 0), None)}]
    for x, axis in enumerate("xyz"):
        (disc,) = found[f"x = {x}"]
        for a in (0, 1):
            place = tuple(0.5 * (1 - 2 * a) * (axis == letter) for letter in plane)
            assert disc[f"{a}|{x}"] == (0.5, place, place)


def test_planes_by_default_and_their_titles():
    assert bloch_figure(table_1()).get_suptitle() == "Bloch vectors, all in the x-z plane"
    figure = bloch_figure(eigenstates())
    assert figure.get_suptitle() == "Bloch vectors projected on the x-z and y-z planes"
    assert {len(shown) for shown in discs(figure).values()} == {2}
    assert "projected" in bloch_figure(table_1(), "xy").get_suptitle()
    assert len(bloch_figure(table_1(), "xz, XZ").axes) == 6


def test_algebraic_elements_are_drawn_where_they_are():
    figure = bloch_figure(pr_box(State.mixed((ONE + (X + Z) / sympy.sqrt(2)) / 2, [2])))
    found = discs(figure)
    end = 0.5 / sqrt(2)
    assert found["x = 1, 1"][0]["0,1|1,1"] == (0.5, near((end, end)), near((end, end)))
    assert found["x = 1, 1"][0]["0,0|1,1"] == (0, (0, 0), None)


@pytest.mark.parametrize("outcomes", [[(2, 2)], [(2, 2, 2), (3, 2, 2)], [(2, 2)] * 3, [(2,) * 7]], ids=str)
def test_discs_stay_inside_and_apart(outcomes):
    scenario = Scenario.of(outcomes, 2)
    figure = bloch_figure(white_noise(scenario))
    boxes = [axes.get_position() for axes in figure.axes]
    assert len(boxes) == len(list(scenario.settings())) + len(outcomes)
    assert all(0 <= box.x0 < box.x1 <= 1 and 0 < box.y0 < box.y1 < 1 for box in boxes)
    assert not any(
        min(p.x1, q.x1) > max(p.x0, q.x0) and min(p.y1, q.y1) > max(p.y0, q.y0) for p, q in combinations(boxes, 2)
    )


def test_rounds_have_the_marginals_that_exist():
    figure = bloch_figure(white_noise(Scenario.of([(2, 2), (2, 2)], 2, sequential=True)))
    assert list(discs(figure)) == ["marginals of box 0", "x = 0, 0", "x = 0, 1", "x = 1, 0", "x = 1, 1"]


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario.of([(2, 2)], 3),
        Scenario.of([(2, 2)]),
        *(KINDS[k] for k in ("input", "instrumental", "several trusted")),
    ],
    ids=str,
)
def test_bloch_discs_need_one_qubit(scenario):
    with pytest.raises(ScenarioError, match="one trusted qubit"):
        bloch_figure(white_noise(scenario))


@pytest.mark.parametrize("plane", ["", "x", "xx", "xzy", "ab", "xz,", "xz;yz"])
def test_other_planes_are_refused(plane):
    with pytest.raises(InputError, match="two of the axes"):
        bloch_figure(table_1(), plane)


def test_too_many_discs_and_arrows_are_refused():
    sigma = white_noise(Scenario.of([(1,) * 13] * 2, 2))
    with pytest.raises(InputError, match=f"169 joint settings in 1 planes: at most {MAX_DISCS}"):
        bloch_figure(sigma)
    with pytest.raises(InputError, match=f"65 outcomes of one joint setting: at most {MAX_ARROWS}"):
        bloch_figure(white_noise(Scenario.of([(13,), (5,)], 2)))


def test_bloch_vectors_are_exact():
    x, y, z = bloch_vector(
        Matrix.from_numbers([[SQRT2, SQRT2 * IMAGINARY], [-(SQRT2 * IMAGINARY), SQRT2]], SQRT2.field)
    )
    assert x.is_zero and z.is_zero and y == Number.of(-2) * SQRT2


# ---- brackets --------------------------------------------------------------------------------------------------------
def ends(figure):
    """The legend's label -> the points that carry its marker."""
    return {
        line.get_label(): list(zip(line.get_xdata(), line.get_ydata(), strict=True)) for line in figure.axes[0].lines
    }


def bars(figure):
    """(x, low, high, dotted) of every bar."""
    result = []
    for bar in figure.axes[0].collections:
        if isinstance(bar, LineCollection):
            ((x, low), (_, high)) = bar.get_segments()[0]
            result.append((x, low, high, bar.get_linestyle()[0][1] is not None))
    return result


ENDS = [(Fraction(1, 2), None, Fraction(3, 4)), (0, Fraction(1, 8), SQRT2), (Fraction(1, 4), Fraction(1, 4), None)]


def test_markers_are_the_proved_ends_and_nothing_else():
    figure = bracket_figure([*ENDS, (1, None, None)], "robustness", parameter="weight")
    root = near(sqrt(2), abs=1e-15)
    assert ends(figure) == {
        "proved lower end": [(0, 0.125), (0.25, 0.25)],
        "proved upper end": [(0, root), (0.5, 0.75)],
    }
    assert bars(figure) == [(0, 0.125, root, False)]
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("weight", "robustness")


def test_a_missing_end_is_dotted_up_to_what_goes_without_saying():
    figure = bracket_figure([*ENDS, (1, None, None)], "robustness", floor=0, ceiling=1)
    assert bars(figure)[1:] == [(0.25, 0.25, 1, True), (0.5, 0, 0.75, True)]
    assert [len(points) for points in ends(figure).values()] == [2, 2]


def test_nothing_is_drawn_between_the_points():
    points = [(k, Fraction(k, 8), Fraction(k + 1, 8)) for k in range(6)]
    axes = bracket_figure(points, "value").axes[0]
    assert all(isinstance(drawn, LineCollection) for drawn in axes.collections) and not axes.patches
    assert all(low == high for bar in axes.collections for ((low, _), (high, _)) in bar.get_segments())
    assert {line.get_linestyle() for line in axes.lines} == {"None"}


def test_the_legend_is_beside_the_data_and_long_titles_are_broken():
    figure = bracket_figure(ENDS, "value", title="a long title " * 12)
    render(figure, "png")
    (legend,) = figure.legends
    assert not legend.get_window_extent().overlaps(figure.axes[0].get_window_extent())
    assert figure.axes[0].get_title().count("\n") == 1


def test_dotted_bars_are_explained_and_axes_have_no_offset():
    legend = {text.get_text() for text in bracket_figure(ENDS, "value", floor=0, ceiling=1).legends[0].get_texts()}
    assert legend == {"proved lower end", "proved upper end", "end that holds without proof"}
    assert len(bracket_figure(ENDS[1:2], "value").legends[0].get_texts()) == 2
    close = [(k, 10**6 + Fraction(k, 10**3), 10**6 + Fraction(k + 1, 10**3)) for k in range(3)]
    figure = bracket_figure(close, "value")
    render(figure, "png")
    assert not figure.axes[0].yaxis.get_major_formatter().get_offset()


def test_named_brackets_stand_below_each_other():
    figure = interval_figure([("one", Fraction(1, 4), SQRT2), ("two", None, 1), ("three", 0, None)], "weight")
    root = near(sqrt(2), abs=1e-15)
    assert ends(figure) == {"proved lower end": [(0.25, 0), (0, 2)], "proved upper end": [(root, 0), (1, 1)]}
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["one", "two", "three"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1] and axes.get_xlabel() == "weight"
    with pytest.raises(InputError, match="is above the upper end"):
        interval_figure([("one", 1, 0)], "weight")


@pytest.mark.parametrize(
    ("points", "error", "reason"),
    [
        ([], InputError, "no points"),
        ([(0, 0, 1), (Fraction(0), 0, 1)], InputError, "the parameter 0 appears twice"),
        ([(1, Fraction(1, 2), Fraction(1, 3))], InputError, "at the parameter 1 the lower end 1/2 is above"),
        ([(1, SQRT2, Fraction(7, 5))], InputError, "is above the upper end 7/5"),
        ([(0.5, 0, 1)], NumberError, "0.5 is not an exact rational"),
        ([(0, 0.5, 1)], NumberError, "0.5 is not an exact rational"),
        ([(0, 0, SQRT2 * IMAGINARY)], NumberError, "not real"),
        ([(10**400, 0, 1)], NumberError, "too large to be drawn"),
    ],
)
def test_brackets_that_cannot_be_drawn(points, error, reason):
    with pytest.raises(error, match=reason):
        bracket_figure(points, "value")


def test_a_curve_is_drawn_as_it_is():
    """Both ends of every point, 0 where nothing below is proved; what is not proved above is dotted up to 1."""
    box = pr_boxes(2, Matrix.identity(1))
    noise = white_noise(box.scenario)
    points = curve(lambda w: box.mix(noise, w), Robustness(digits=3), [Fraction(0), Fraction(1, 5), Fraction(1, 2)])
    drawn = ends(curve_figure(points, "weight", "PR"))
    assert drawn["proved lower end"] == [(float(p.parameter), float(p.lower)) for p in points] and points[2].lower == 0
    assert drawn["proved upper end"] == [(float(p.parameter), float(p.upper)) for p in points]
    axes = curve_figure(points, "weight", "PR").axes[0]
    assert (axes.get_xlabel(), axes.get_title()) == ("weight", "PR")
    assert axes.get_ylabel() == "robustness at level almost quantum"
    open_point = replace(points[0], bracket=replace(points[0].bracket, above=None, upper=None))
    assert bars(curve_figure([open_point])) == [(0, float(points[0].lower), 1, True)]
    with pytest.raises(InputError, match="a curve without points"):
        curve_figure([])


@given(st.fractions(max_denominator=10**30) | st.integers(-(10**40), 10**40))
@settings(max_examples=50, deadline=None)
def test_coordinates_are_the_nearest_floats(value):
    assert coordinate(value) == coordinate(Number.of(value)) == float(value)


# ---- files -----------------------------------------------------------------------------------------------------------
FIGURES = {
    "bloch": lambda: bloch_figure(eigenstates(), "xz"),
    "brackets": lambda: bracket_figure(ENDS, "value"),
    "moments": lambda: moment_figure(Scenario.of([(2, 2)], 2), 2),
}


@pytest.mark.parametrize(
    ("name", "form"), [("bloch", "svg"), ("brackets", "pdf"), ("brackets", "png"), ("moments", "svg")]
)
def test_files_are_valid_and_the_same_twice(name, form, tmp_path):
    target = tmp_path / f"figure.{form.upper()}"
    save_figure(FIGURES[name](), target)
    data = target.read_bytes()
    assert data == render(FIGURES[name](), form) and list(tmp_path.iterdir()) == [target]
    if form == "png":
        assert data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")
    elif form == "pdf":
        assert data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF") and b"CreationDate" not in data
    else:
        assert ElementTree.fromstring(data).tag == "{http://www.w3.org/2000/svg}svg" and b"dc:date" not in data


@pytest.mark.parametrize("name", ["figure", "figure.jpg", "svg", ".png", "figure.svg.json"])
def test_other_endings_are_refused(name, tmp_path):
    with pytest.raises(FormatError, match=r"pictures are written as \.png, \.svg or \.pdf"):
        picture_format(tmp_path / name)
    with pytest.raises(FormatError):
        save_figure(FIGURES["brackets"](), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_named(tmp_path):
    with pytest.raises(FormatError, match="cannot be written"):
        save_figure(FIGURES["brackets"](), tmp_path / "nowhere" / "figure.png")
    with pytest.raises(FormatError, match="there is no picture format 'gif'"):
        render(FIGURES["brackets"](), "gif")


def test_matplotlib_is_loaded_for_a_figure_only_and_pyplot_never():
    modules = ", ".join(f"steeralg.plot.{name}" for name in ("bloch", "brackets", "files", "moments"))
    code = f"""import sys, {modules}
assert "matplotlib" not in sys.modules
steeralg.plot.files.render(steeralg.plot.brackets.bracket_figure([(0, 0, 1)], "value"), "svg")
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules"""
    subprocess.run([sys.executable, "-c", code], check=True)
