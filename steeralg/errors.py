"""The errors of the library, one small tree. Lowest layer: imports nothing of steeralg.

Every message is one line, names the offending element, and says the way out where there is one.
"""

from __future__ import annotations


class SteeralgError(Exception):
    """Any error this library raises on purpose."""


class InputError(SteeralgError, ValueError):
    """The data given are not what they have to be; the base of all input errors."""


class FormatError(InputError):
    """A file or string is not of the documented format (syntax, keys, shapes, limits)."""


class NumberError(InputError):
    """A number is not exact, not algebraic, or not in the field it should be in."""


class ShapeError(InputError):
    """A matrix or table has the wrong shape."""


class HermitianError(InputError):
    """A matrix that has to be Hermitian is not."""


class PositivityError(InputError):
    """An operator that has to be positive semidefinite is not."""


class NormalisationError(InputError):
    """A trace or a sum of effects is not what it has to be."""


class SignallingError(InputError):
    """An assemblage or behaviour violates a no-signalling equation."""


class ScenarioError(InputError):
    """A scenario is malformed, or two objects live in different scenarios."""


class LevelError(InputError):
    """A level is malformed, or its moment matrix does not reach every observed element."""


class UndecidedError(SteeralgError):
    """A decision was demanded that could not be made; the reason says what was tried."""


class SolverError(SteeralgError):
    """Every solver of the chain failed to return a usable point."""


class VerificationError(SteeralgError):
    """An exact verification failed: a candidate certificate does not prove what it should."""
