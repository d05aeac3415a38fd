"""How large a missile looks to a radar in X-band: by aspect, under thrust, coasting whole, and as a separated body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from equipoise.arrays import FloatArray
from equipoise.catalog.library import default_signature
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import AspectRecord, MissileRecord
from equipoise.errors import InputError
from equipoise.sensors import timeline_kernels as tk

Bound = Literal["low", "value", "high"]


@dataclass(frozen=True)
class AspectRcs:
    """A cross-section from ahead, from the side and from behind, in square metres."""

    nose_m2: float
    side_m2: float
    rear_m2: float

    def __post_init__(self) -> None:
        for name in ("nose_m2", "side_m2", "rear_m2"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"{name} must be above 0 m2 and finite; got {value}")

    @classmethod
    def from_record(cls, record: AspectRecord, bound: Bound = "value") -> AspectRcs:
        """Build it from a record, at the central values or at one end of their ranges."""
        return cls(*(getattr(number, bound) for number in (record.nose_m2, record.side_m2, record.rear_m2)))

    def at(self, aspect_rad: npt.ArrayLike) -> FloatArray:
        """Return the cross-section at angles between the body's axis and the line to the radar.

        Parameters
        ----------
        aspect_rad : array_like, shape (...)
            0 is nose-on, pi is from behind. [rad]

        Returns
        -------
        ndarray, shape (...)
            Cross-section. [m2]

        Notes
        -----
        In decibels the value runs from the end's to the side's with the square of the sine: smooth everywhere, exact at
        the three anchors and never outside them. It is the careful choice for detection: the mean in decibels lies
        below the mean in square metres, and flashes at right angles to a surface, tens of decibels high and a fraction
        of a degree wide, are left out, as are the nulls between lobes, which the fluctuation (Swerling) stands for.

        Examples
        --------
        >>> AspectRcs(0.01, 0.1, 1.0).at([0.0, math.pi / 2, math.pi]).round(6).tolist()
        [0.01, 0.1, 1.0]
        """
        cosine = np.cos(np.asarray(aspect_rad, dtype=float))
        end = np.where(cosine >= 0.0, math.log(self.nose_m2), math.log(self.rear_m2))
        side = math.log(self.side_m2)
        return np.asarray(np.exp(side + (end - side) * cosine**2), dtype=np.float64)

    @property
    def logarithms(self) -> tuple[float, float, float]:
        """Natural logarithms of nose, side and rear, as the kernels take them."""
        return math.log(self.nose_m2), math.log(self.side_m2), math.log(self.rear_m2)


@dataclass(frozen=True)
class Signature:
    """A missile's cross-sections.

    Parameters
    ----------
    boost : AspectRcs
        Under thrust, coasts between the stages included.
    booster : AspectRcs
        Coasting with the booster attached: the rest of the flight of a missile that does not separate.
    body : AspectRcs
        The separated body.
    separates : bool
        Whether the body is what flies on after burnout.
    """

    boost: AspectRcs
    booster: AspectRcs
    body: AspectRcs
    separates: bool

    @classmethod
    def from_record(cls, missile: MissileRecord, bound: Bound = "value") -> Signature:
        """Build the signature of a missile, at the central values or at one end of every range.

        What the record does not give comes from the catalogue's default signature; the separated body's nose and side
        it has to give.

        Raises
        ------
        InputError
            If a missile that separates has no rcs_nose or no rcs_side.
        """
        default = default_signature()
        boost = missile.rcs_boost or default.boost
        booster = missile.rcs_booster or default.booster
        if missile.separates:
            rear = missile.rcs_rear_m2 or default.body_rear_m2
            ends = [_given(missile, "rcs_nose"), _given(missile, "rcs_side"), rear]
            body = AspectRcs(*(getattr(number, bound) for number in ends))
        else:
            body = AspectRcs.from_record(booster, bound)
        return cls(AspectRcs.from_record(boost, bound), AspectRcs.from_record(booster, bound), body, missile.separates)

    @classmethod
    def constant(cls, rcs_m2: float) -> Signature:
        """Build one that is the same in every phase and from every side, in square metres."""
        sphere = AspectRcs(rcs_m2, rcs_m2, rcs_m2)
        return cls(sphere, sphere, sphere, separates=True)

    def in_band(self, rcs_ratio: float) -> Signature:
        """Return the signature in a band in which a separated body looks a number of times larger than in X-band.

        Boost and booster, many wavelengths across in every band of the catalogue, stay as they are.
        """
        if not (math.isfinite(rcs_ratio) and rcs_ratio > 0.0):
            raise InputError(f"rcs_ratio must be above 0 and finite; got {rcs_ratio}")
        body = self.body
        larger = AspectRcs(body.nose_m2 * rcs_ratio, body.side_m2 * rcs_ratio, body.rear_m2 * rcs_ratio)
        return replace(self, body=larger)

    @property
    def after_burnout(self) -> AspectRcs:
        """What flies on after burnout."""
        return self.body if self.separates else self.booster

    def target(self) -> tk.Target:
        """Return the signature as the kernels take it."""
        return tk.Target(*self.boost.logarithms, *self.after_burnout.logarithms)


def target_rows(signatures: Sequence[Signature], n: int) -> FloatArray:
    """Return signatures, one for all of ``n`` arcs or one for each, as the kernels take them: shape (n, 6).

    Raises
    ------
    InputError
        If there are neither one nor ``n``.
    """
    if len(signatures) not in (1, n):
        raise InputError(f"signatures must be 1 or {n}; got {len(signatures)}")
    each = {signature: signature.target() for signature in set(signatures)}
    rows = np.array([each[signature] for signature in signatures])
    return np.ascontiguousarray(np.broadcast_to(rows, (n, 6)))


def _given(missile: MissileRecord, field: str) -> Sourced:
    number: Sourced | None = getattr(missile, f"{field}_m2")
    if number is None:
        raise InputError(f"missile {missile.id}, {field}: missing; a missile that separates needs it")
    return number
