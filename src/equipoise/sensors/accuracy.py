"""How well a radar measures range and direction at a look: from its signal, its beam and the signal-to-noise ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray, Vector9
from equipoise.catalog.radars import RadarRecord
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import axes_of
from equipoise.physics.geodesy import Site
from equipoise.sensors.radar import SPEED_OF_LIGHT_MPS, Radar

# Slope of a monopulse difference pattern, about 1.6: D. K. Barton and S. A. Leonov (eds.), Radar Technology
# Encyclopedia (Artech House 1997), "accuracy of monopulse, fundamental".
MONOPULSE_SLOPE = 1.6
# sin(pi x) / (pi x) squared is one half at x = 0.443: full width of the beam of an evenly lit aperture, in lambda / D.
HALF_POWER_WIDTH = 0.8858929413789


def beamwidth_rad(frequency_hz: float, aperture_m: float) -> float:
    """Return the half-power beamwidth of an evenly lit aperture.

    Parameters
    ----------
    frequency_hz : float
        Carrier frequency. [Hz]
    aperture_m : float
        Length of the aperture in the plane of the angle. [m]

    Returns
    -------
    float
        Full width between the half-power points, along the normal. [rad]

    Notes
    -----
    ``0.886 lambda / D``, where the pattern ``(sin u / u)^2`` falls to one half. A tapered aperture has a wider beam.

    Examples
    --------
    >>> round(math.degrees(beamwidth_rad(10e9, 2.7)), 2)
    0.56
    """
    return HALF_POWER_WIDTH * SPEED_OF_LIGHT_MPS / (frequency_hz * aperture_m)


def radar_beamwidth_rad(record: RadarRecord) -> float | None:
    """Return the half-power beamwidth of a catalogue radar [rad]: its record's, or that of its antenna as a square.

    None where the record has neither.
    """
    if record.search is not None and record.search.beamwidth_rad is not None:
        return record.search.beamwidth_rad.value
    return _antenna_beamwidth_rad(record)


def _antenna_beamwidth_rad(record: RadarRecord) -> float | None:
    """Return the half-power beamwidth of a radar's antenna as a square of its effective area [rad]; None without it."""
    if record.hardware is None:
        return None
    side_m = math.sqrt(record.hardware.antenna_area.value * record.hardware.aperture_efficiency.value)
    return beamwidth_rad(record.frequency_hz.value, side_m)


@dataclass(frozen=True)
class Accuracy:
    """What decides how well a look measures.

    Parameters
    ----------
    bandwidth_hz : float
        Bandwidth of the signal. [Hz]
    beamwidth_across_rad, beamwidth_up_rad : float
        Half-power beamwidths along the normal of the face, level and upright. [rad]
    range_floor_m, angle_floor_rad : float
        Errors that no signal-to-noise ratio removes, added in quadrature: standard deviations in range [m] and in each
        angle [rad]. Taken as new at each look.
    slope : float
        Slope of the monopulse difference pattern.

    Raises
    ------
    InputError
        If a width, the bandwidth or the slope is not above zero, or a floor is below it.

    Examples
    --------
    >>> look = Accuracy(bandwidth_hz=100e6, beamwidth_across_rad=0.01, beamwidth_up_rad=0.01)
    >>> range_sd_m, across_sd_rad, up_sd_rad = look.deviations(np.array([20.0]))
    >>> round(float(range_sd_m[0]), 3), round(1e3 * float(across_sd_rad[0]), 2)
    (0.237, 0.99)
    """

    bandwidth_hz: float
    beamwidth_across_rad: float
    beamwidth_up_rad: float
    range_floor_m: float = 0.0
    angle_floor_rad: float = 0.0
    slope: float = MONOPULSE_SLOPE

    def __post_init__(self) -> None:
        for name in ("bandwidth_hz", "beamwidth_across_rad", "beamwidth_up_rad", "slope"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"{name} must be above 0 and finite; got {value}")
        for name in ("range_floor_m", "angle_floor_rad"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise InputError(f"{name} must be at least 0 and finite; got {value}")

    @classmethod
    def from_record(
        cls,
        record: RadarRecord,
        *,
        bandwidth_hz: float | None = None,
        range_floor_m: float = 0.0,
        angle_floor_rad: float = 0.0,
    ) -> Accuracy:
        """Build the accuracy of a catalogue radar, its face taken as a square of the effective area.

        Parameters
        ----------
        record : RadarRecord
            Gives frequency, area and aperture efficiency, and the bandwidth unless one is stated.
        bandwidth_hz : float, optional
            Bandwidth of the signal; the record's if left out. [Hz]
        range_floor_m, angle_floor_rad : float
            See :class:`Accuracy`.

        Raises
        ------
        InputError
            If the record has no hardware, or neither it nor the caller gives a bandwidth.
        """
        width_rad = _antenna_beamwidth_rad(record)
        if width_rad is None:
            raise InputError(
                f"{record.id}, antenna_area: missing; allowed: a radar with its hardware, since the width of the beam "
                "follows from the antenna"
            )
        if bandwidth_hz is None:
            if record.bandwidth_hz is None:
                raise InputError(f"{record.id}, bandwidth: missing; allowed: in the record or as bandwidth_hz, above 0")
            bandwidth_hz = record.bandwidth_hz.value
        return cls(bandwidth_hz, width_rad, width_rad, range_floor_m, angle_floor_rad)

    def deviations(self, snr: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the standard deviations of one look.

        Parameters
        ----------
        snr : ndarray, shape (n,)
            Signal-to-noise ratio after integration over the look, as a ratio.

        Returns
        -------
        range_sd_m, across_sd_rad, up_sd_rad : ndarray, shape (n,)
            Range [m]; angle across the line of sight, level and upright, or along the two axes of a face [rad].

        Notes
        -----
        ``c / (2 B sqrt(2 SNR))`` and ``theta / (k sqrt(2 SNR))`` [1]_. They hold where the target is well above the
        noise, from a ratio of about 10; below it large errors outweigh them.

        References
        ----------
        .. [1] D. K. Barton and S. A. Leonov (eds.), Radar Technology Encyclopedia (Artech House 1997), pp. 6 and 168.
        """
        root = np.sqrt(2.0 * np.asarray(snr, dtype=float))
        return (
            np.hypot(SPEED_OF_LIGHT_MPS / (2.0 * self.bandwidth_hz) / root, self.range_floor_m),
            np.hypot(self.beamwidth_across_rad / (self.slope * root), self.angle_floor_rad),
            np.hypot(self.beamwidth_up_rad / (self.slope * root), self.angle_floor_rad),
        )


@dataclass(frozen=True)
class Tracker:
    """A radar that tracks: where it stands, where it looks, how well and how often it measures.

    Parameters
    ----------
    radar : Radar
        Its limits of view, and the signal-to-noise ratio at its range.
    site : Site
        Where it stands, on the ellipsoid.
    boresight_rad : float
        Azimuth of the face's normal. [rad]
    accuracy : Accuracy
        What a look measures.
    rate_hz : float
        Looks at this target a second. [1/s]
    tilt_rad : float, optional
        Elevation of the face's normal: angles are then measured along the face, and grow coarser off the normal as a
        phased array's do. Without it they are azimuth and elevation, and the beam is the same in every direction. [rad]
    """

    radar: Radar
    site: Site
    boresight_rad: float
    accuracy: Accuracy
    rate_hz: float = 1.0
    tilt_rad: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate_hz) and self.rate_hz > 0.0):
            raise InputError(f"rate_hz must be above 0 and finite; got {self.rate_hz}")

    @property
    def axes_ecef(self) -> Vector9:
        """East, north and up; or, with a tilt, right, up along the face and out of it. Unit vectors in ecef."""
        level: Vector9 = axes_of(self.site.lat_rad, self.site.lon_rad)
        if self.tilt_rad is None:
            return level
        east, north, up = np.array(level).reshape(3, 3)
        ahead = math.sin(self.boresight_rad) * east + math.cos(self.boresight_rad) * north
        right = math.cos(self.boresight_rad) * east - math.sin(self.boresight_rad) * north
        rise = math.cos(self.tilt_rad) * up - math.sin(self.tilt_rad) * ahead
        out = math.sin(self.tilt_rad) * up + math.cos(self.tilt_rad) * ahead
        face: Vector9 = tuple(np.concatenate([right, rise, out]).tolist())
        return face
