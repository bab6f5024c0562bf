"""One thread for the linear algebra of relaxations: their matrices are too small for more.

Above: solvers, suggestions. Below: nothing. On a busy machine several BLAS threads make an eigendecomposition of some
hundred rows many times slower, not faster. Whoever has set one of `VARIABLES` in the environment is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
T = TypeVar("T")

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """The BLAS libraries that are loaded; looking for them takes milliseconds, limiting them microseconds."""
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Within this context, or a function it decorates, BLAS uses one thread; afterwards as many as before."""
    if any(name in os.environ for name in VARIABLES):
        yield
        return
    with _libraries().limit(limits=1):
        yield


def steps_on_one_thread(function: Callable[P, Iterator[T]]) -> Callable[P, Iterator[T]]:
    """Decorate a generator: each of its steps uses one thread; what is done in between is the caller's affair."""

    @wraps(function)
    def stepwise(*args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        steps = function(*args, **kwargs)
        while True:
            with one_thread():
                try:
                    item = next(steps)
                except StopIteration:
                    return
            yield item

    return stepwise
