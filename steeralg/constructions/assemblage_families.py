"""One-parameter families of assemblages by name: what curves are drawn of.

Above: the command line. Below: the constructions of the papers. Every member at a rational parameter is exact. A family
of your own needs no entry here: a function from Fractions to assemblages is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from steeralg.arguments import checked
from steeralg.constructions import gleason, s26, saphs18, sbcsv15, shsa20, werner
from steeralg.exact.number import exact_rational
from steeralg.maps.library import choi, generalised_choi
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.state import State


@dataclass(frozen=True)
class Family:
    """Assemblages `family(t)` of one scenario; those from `first` to `last` are worth a look.

    `parameter` says what t is, `source` what the members are. `data` is set if they are mixtures of these data with
    noise: then `with_noise` gives the mixtures with other noise.
    """

    source: str
    parameter: str
    first: Fraction
    last: Fraction
    member: Callable[[Fraction], Assemblage]
    data: Callable[[], Assemblage] | None = None

    def __call__(self, parameter: Fraction | int | str) -> Assemblage:
        """Return a member. Raises NumberError for what is not rational, and what the construction raises."""
        return self.member(exact_rational(parameter))

    @classmethod
    @checked
    def mixing(
        cls,
        source: str,
        data: Callable[[], Assemblage],
        last: Fraction,
        noise: Assemblage | None = None,
        name: str = "white",
    ) -> Family:
        """Return the family (1 - w) data + w noise from w = 0 on, with white noise if none is given."""
        once = cache(data)
        chosen = cache(lambda: white_noise(once().scenario) if noise is None else noise)
        return cls(source, f"weight of {name} noise", Fraction(0), last, lambda w: once().mix(chosen(), w), once)

    @checked
    def with_noise(self, noise: Assemblage, name: str) -> Family:
        """Return the same mixtures with other noise; the family itself if its members are no mixtures with noise."""
        return self if self.data is None else Family.mixing(self.source, self.data, self.last, noise, name)


def boundary_weights(t: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Return (a, b, c) with a + b + c = 2 and bc = (1 - a)^2, a in [0, 1], for t in [0, 1]: maps Phi[a,b,c] of Cho, Kye
    and Lee on the boundary of positivity.

    From the Choi map [1, 0, 1] by way of [0, 1, 1] (t = 1/2, the reduction map) to the Choi map [1, 1, 0]. With
    k = t/(1 - t) it is a = (1 - k)^2/(1 - k + k^2), b = k^2/(..), c = 1/(..).
    """
    whole = 1 - 3 * t + 3 * t * t
    return (1 - 2 * t) ** 2 / whole, t * t / whole, (1 - t) ** 2 / whole


def under(trusted_map: LinearMap) -> Assemblage:
    """Return the image of `saphs18.choi_state` under a map of qutrits, with the settings of SAPHS18 eq. (32)."""
    return Assemblage.from_state(saphs18.choi_state(), saphs18.breuer_hall_measurements(), trusted_map)


def _pr_box() -> Assemblage:
    return sbcsv15.pr_box(State.maximally_mixed((2,)))


def _noisy(source: str, data: Callable[[], Assemblage], last: str) -> Family:
    return Family.mixing(source, data, Fraction(last))


def _along(source: str, parameter: str, last: str, member: Callable[[Fraction], Assemblage]) -> Family:
    return Family(source, parameter, Fraction(0), Fraction(last), member)


def _choi(name: str, weights: Callable[[Fraction], tuple[Fraction | int, ...]]) -> Family:
    return _along(f"the Choi example's state under {name}", "t", "1", lambda t: under(generalised_choi(*weights(t))))


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "breuer-hall": _noisy("the Breuer-Hall assemblage (SAPHS18 Sec. 5.2)", saphs18.breuer_hall, "1/16"),
        "choi": _noisy("the Choi example", lambda: under(choi()), "1/20"),
        "generalised-choi": _choi("Phi[a,b,c], a + b + c = 2, bc = (1 - a)^2", boundary_weights),
        "choi-maps": _choi("Phi[1,1-t,t], mixtures of the two Choi maps", lambda t: (1, 1 - t, t)),
        "choi-to-channel": _choi("Phi[1+t,1-t,0], completely positive for t = 1", lambda t: (1 + t, 1 - t, 0)),
        "shifts": _along("the SHIFTS assemblage (SAPHS18 Example 7)", "eps", "2/25", gleason.example_7),
        "pr-box": _noisy("a PR box beside a maximally mixed qubit", _pr_box, "2/5"),
        "sbcsv15-table-1": _noisy("SBCSV15 Table I", sbcsv15.table_1, "3/50"),
        "sbcsv15-own-example": _noisy("our own example after SBCSV15 App. D", sbcsv15.own_example, "4/25"),
        "shsa20-transposed": _noisy("SHSA20 eq. (6)", shsa20.transposed, "1/4"),
        "shsa20-instrumental": _noisy("instrumental data of X, Y, Z and -X (SHSA20)", shsa20.instrumental, "1/5"),
        "s26-example-9": _noisy("S26 Example 9", s26.example_9, "1/50"),
        "s26-example-10": _noisy("an example after S26 Example 10", s26.example_10, "1/16"),
        "werner-2": _along("Werner states, two Pauli settings", "visibility", "1", lambda v: werner.werner(2, v)),
        "werner-3": _along("Werner states, three Pauli settings", "visibility", "1", lambda v: werner.werner(3, v)),
    }
)
"""Families by name. With one black box and one trusted party without input, as for Werner states, all is quantum."""
