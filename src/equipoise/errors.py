"""The errors Equipoise raises on purpose.

::

    EquipoiseError
    ├── InputError (ValueError)        a value outside what is allowed
    │   ├── UnknownIdError (KeyError)  an id nobody has heard of; suggests the nearest
    │   ├── FileFormatError            a study or catalogue file that cannot be read as one
    │   └── UnreachableError           a missile that cannot reach what it is aimed at
    ├── NumericalError (ArithmeticError)  an integration or a solution that did not converge
    └── OutputError (OSError)          a result that cannot be written

Every message is one line that names the field, the value and what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EquipoiseError(Exception):
    """Base of every error that Equipoise raises on purpose."""

    def __str__(self) -> str:
        """Return the message on one line (``KeyError`` would quote it)."""
        return " ".join(str(arg) for arg in self.args)


class InputError(EquipoiseError, ValueError):
    """A value outside what is allowed: the message names field, value and range."""


class UnknownIdError(InputError, KeyError):
    """An id that is not in the catalogue or among the bundled studies."""

    @classmethod
    def of(cls, kind: str, wanted: str, known: Iterable[str]) -> UnknownIdError:
        """Build the message, with the nearest known ids first.

        Parameters
        ----------
        kind : str
            What was looked for, for example ``"missile"``.
        wanted : str
            The id as it was given.
        known : iterable of str
            The ids that exist.
        """
        names = sorted(known)
        near = difflib.get_close_matches(wanted.lower(), names, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(names)}"
        return cls(f'{kind}: unknown id "{wanted}"; {hint}')


class FileFormatError(InputError):
    """A study or catalogue file that cannot be read as one."""


class UnreachableError(InputError):
    """A missile that cannot reach what it is aimed at."""


class NumericalError(EquipoiseError, ArithmeticError):
    """An integration or a solution that did not converge."""


class OutputError(EquipoiseError, OSError):
    """A result that cannot be written where it was asked for."""
