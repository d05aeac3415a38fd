"""Where a radar may look beyond a sector of azimuth: the tilted planar face, and the skyline around it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.catalog.radars import FaceRecord, MaskTable, mask_problem
from equipoise.errors import InputError


@dataclass(frozen=True)
class Face:
    """A planar array.

    Parameters
    ----------
    tilt_rad : float
        Elevation of its normal. [rad]
    half_width_rad : float
        Largest angle off the normal to which the beam is steered. [rad]
    scan_exponent : float
        The signal falls with this power of the cosine of the angle off the normal, both ways together.
    """

    tilt_rad: float
    half_width_rad: float
    scan_exponent: float

    @classmethod
    def from_record(cls, record: FaceRecord) -> Face:
        """Build the face of a catalogue record."""
        return cls(record.tilt_rad.value, record.half_width_rad.value, record.scan_exponent.value)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scan_exponent) and self.scan_exponent >= 0.0):
            raise InputError(f"face.scan_exponent must be at least 0 and finite; got {self.scan_exponent}")

    def signal_share(self, off_rad: float) -> float:
        """Return the share of the signal that is left at an angle off the normal [rad]; zero beyond the half-width.

        ``cos^n``: the effective aperture shrinks with the cosine, which alone gives ``n = 2`` over both ways [1]_; the
        elements' own pattern takes the rest.

        References
        ----------
        .. [1] B. R. Mahafza and A. Z. Elsherbeni, MATLAB Simulations for Radar Systems Design (2004), section 8.6.

        Examples
        --------
        >>> round(Face(0.6, 1.1, 3.0).signal_share(math.radians(60.0)), 9)
        0.125
        """
        return float(math.cos(off_rad) ** self.scan_exponent) if off_rad <= self.half_width_rad else 0.0

    def range_share(self, off_rad: float) -> float:
        """Return the share of the detection range that is left at an angle off the normal [rad]."""
        return float(self.signal_share(off_rad) ** 0.25)


@dataclass(frozen=True)
class TerrainMask:
    """The skyline: its apparent elevation against azimuth from north over east, with straight lines between.

    Parameters
    ----------
    az_rad, el_rad : tuple of float
        Azimuths from 0 to below 2 pi, increasing, in steps of at most 30 degrees around the whole circle; elevations
        from -10 to 85 degrees. [rad]

    Raises
    ------
    InputError
        If the table is not whole.
    """

    az_rad: tuple[float, ...]
    el_rad: tuple[float, ...]

    @classmethod
    def from_record(cls, record: MaskTable) -> TerrainMask:
        """Build the mask of a catalogue record."""
        az, el = (tuple(np.radians(column).tolist()) for column in (record.azimuth, record.elevation))
        return cls(az, el)

    def __post_init__(self) -> None:
        problem = mask_problem(np.degrees(self.az_rad).tolist(), np.degrees(self.el_rad).tolist())
        if problem is not None:
            raise InputError(f"terrain_mask.{problem[0]}: {problem[1]}")

    def table(self) -> FloatArray:
        """Return azimuth and elevation [rad], shape (n + 2, 2), with a point past each end of the circle."""
        turn = 2.0 * math.pi
        az = np.array([self.az_rad[-1] - turn, *self.az_rad, self.az_rad[0] + turn])
        el = np.array([self.el_rad[-1], *self.el_rad, self.el_rad[0]])
        return np.ascontiguousarray(np.column_stack([az, el]))
