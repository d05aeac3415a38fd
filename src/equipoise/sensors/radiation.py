"""Power density near a radar: in the beam, and on the ground below it, as a band over what is not published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from equipoise.arrays import FloatArray
from equipoise.catalog.exposure import RadiationAssumptions
from equipoise.catalog.radars import RadarRecord
from equipoise.errors import InputError
from equipoise.sensors.radar import SPEED_OF_LIGHT_MPS

Envelope = Literal["peak", "average"]


@dataclass(frozen=True, slots=True)
class Taper:
    """How an aperture is illuminated, as Recommendation ITU-R M.1851-2 has it (tables 4 and 6, without pedestal).

    Attributes
    ----------
    beamwidth_deg : float
        Half-power beamwidth times the length of the aperture in wavelengths. [deg]
    scale_db, stretch : float
        Side lobes lie under ``-scale_db ln(stretch angle / beamwidth)``.
    average_db : float
        From that envelope of peaks to the average side lobe. [dB]
    floor_db : float
        Where the envelope ends. [dB]
    """

    beamwidth_deg: float
    scale_db: float
    stretch: float
    average_db: float
    floor_db: float


UNIFORM = Taper(50.8, 8.584, 2.876, -3.72, -30.0)
COSINE = Taper(68.8, 17.51, 2.33, -4.32, -50.0)
COSINE_SQUARED = Taper(83.2, 26.882, 1.962, -4.6, -60.0)


def aperture_gain(area_m2: float, efficiency: float, frequency_hz: float) -> float:
    """Return the gain, as a ratio, of an aperture: ``4 pi eta A / lambda^2``."""
    return 4.0 * math.pi * efficiency * area_m2 * (frequency_hz / SPEED_OF_LIGHT_MPS) ** 2


def far_field_density_w_m2(power_w: float, gain: float, distance_m: ArrayLike) -> FloatArray:
    """Return the power density of an antenna far away, ``P G / (4 pi R^2)``.

    Parameters
    ----------
    power_w : float
        Average transmitted power. [W]
    gain : float
        Gain towards the point, as a ratio; of a side lobe if it lies in one.
    distance_m : array_like, shape (...)
        Distance. [m]

    Returns
    -------
    ndarray, shape (...)
        Power density. [W/m2]

    Raises
    ------
    InputError
        If a distance is not above zero and finite.
    """
    return power_w * gain / (4.0 * math.pi * _distances(distance_m) ** 2)


def beam_density_w_m2(
    power_w: float, area_m2: float, efficiency: float, frequency_hz: float, distance_m: ArrayLike
) -> FloatArray:
    """Return the largest power density on the axis of a beam that stands still, near the antenna and far.

    Parameters
    ----------
    power_w, area_m2, efficiency, frequency_hz : float
        Average power [W], physical area [m2] and the share of it that works, frequency [Hz].
    distance_m : array_like, shape (...)
        Distance along the axis. [m]

    Returns
    -------
    ndarray, shape (...)
        Power density. [W/m2]

    Notes
    -----
    On the axis of a round aperture, evenly lit, ``S = 4 (P/A) sin^2(A / (2 lambda R))`` in the Fresnel approximation
    [1]_; from the aperture to ``R = A / (pi lambda)`` its crests, ``4 P/A``, are taken. The efficiency multiplies
    both, as in [2]_; far away this is ``P G / (4 pi R^2)``. A beam that scans gives less, by the share of time that
    it points there.

    References
    ----------
    .. [1] M. Born and E. Wolf, *Principles of Optics*, section 8.8: intensity behind a circular aperture.
    .. [2] *OET Bulletin 65*, edition 97-01, Federal Communications Commission, 1997: near field of an aperture.
    """
    wavelength_m = SPEED_OF_LIGHT_MPS / frequency_hz
    phase = np.minimum(area_m2 / (2.0 * wavelength_m * _distances(distance_m)), math.pi / 2.0)
    return np.asarray(4.0 * efficiency * power_w / area_m2 * np.sin(phase) ** 2)


def far_field_distance_m(length_m: float, frequency_hz: float) -> float:
    """Return where the far field of an aperture of that length begins by the usual rule, ``2 D^2 / lambda``."""
    return 2.0 * length_m**2 * frequency_hz / SPEED_OF_LIGHT_MPS


def side_lobe_db(
    taper: Taper, angle_rad: float, length_m: float, frequency_hz: float, envelope: Envelope = "average"
) -> float:
    """Return the envelope of an aperture's side lobes, relative to the main beam.

    Parameters
    ----------
    taper : Taper
        How the aperture is lit.
    angle_rad : float
        Angle off the main beam, in the plane of `length_m`. [rad]
    length_m : float
        Length of the aperture. [m]
    frequency_hz : float
        Frequency. [Hz]
    envelope : {"average", "peak"}
        Of the average side lobe, or over the peaks.

    Returns
    -------
    float
        Level relative to the main beam, not above 0. [dB]

    Raises
    ------
    InputError
        If the angle does not lie above zero and up to a right angle.

    Notes
    -----
    Recommendation ITU-R M.1851-2, table 6: ``-a ln(b theta / theta_3)``, not below the floor; ``theta_3`` is ``K lambda
    / D``. It is meant for side lobes and does not describe the main beam.
    """
    if not 0.0 < angle_rad <= math.pi / 2.0:
        raise InputError(f"angle must lie above 0 and up to 90 degrees; got {math.degrees(angle_rad):g}")
    beamwidth_deg = taper.beamwidth_deg * SPEED_OF_LIGHT_MPS / frequency_hz / length_m
    level_db = -taper.scale_db * math.log(taper.stretch * math.degrees(angle_rad) / beamwidth_deg)
    level_db += taper.average_db if envelope == "average" else 0.0
    return min(max(level_db, taper.floor_db), 0.0)


@dataclass(frozen=True, slots=True)
class GroundLevel:
    """One set of assumptions on what reaches the ground.

    Attributes
    ----------
    power_w : float
        Average power. [W]
    gain : float
        Of the main beam, as a ratio.
    side_lobe_db : float
        Towards the ground, relative to the main beam. [dB]
    reflection : float
        What the ground makes of the power density, as a factor.
    """

    power_w: float
    gain: float
    side_lobe_db: float
    reflection: float

    def density_w_m2(self, distance_m: ArrayLike) -> FloatArray:
        """Return the power density [W/m2] at distances [m]."""
        towards = self.gain * 10.0 ** (self.side_lobe_db / 10.0) * self.reflection
        return far_field_density_w_m2(self.power_w, towards, distance_m)

    def distance_m(self, density_w_m2: float) -> float:
        """Return the distance [m] beyond which the power density lies under a value [W/m2]."""
        return math.sqrt(float(self.density_w_m2(1.0)) / density_w_m2)

    def implied_side_lobe_db(self, density_w_m2: float, distance_m: float) -> float:
        """Return the side-lobe level [dB] with which these assumptions give a measured power density [W/m2]."""
        return self.side_lobe_db + 10.0 * math.log10(density_w_m2 / float(self.density_w_m2(distance_m)))


@dataclass(frozen=True, slots=True)
class RadiationBand:
    """Power density on the ground near a radar: lowest, central and highest assumptions together."""

    low: GroundLevel
    central: GroundLevel
    high: GroundLevel


def radiation_band(
    record: RadarRecord, assumptions: RadiationAssumptions, envelope: Envelope = "average"
) -> RadiationBand:
    """Return what reaches the ground near a radar, over the ranges of what is not published.

    Parameters
    ----------
    record : RadarRecord
        The radar; its power and area span their ranges, and its elevation floor is the angle from the lowest beam to
        the ground.
    assumptions : RadiationAssumptions
        Height of the aperture and reflection by the ground, which span theirs.
    envelope : {"average", "peak"}
        Of side lobes: averaged over minutes of scanning, or at a moment.

    Raises
    ------
    InputError
        If the record has no hardware.

    Notes
    -----
    High: an evenly lit aperture; central: cosine; low: cosine squared. All three take full average power without a
    pause and a beam on the elevation floor straight over the point, on level ground without an obstacle; each of
    these makes the figure larger than it is on most days.
    """
    hardware = record.hardware
    if hardware is None:
        raise InputError(f"{record.id}: no hardware is published, so no power density")
    frequency_hz, angle_rad = record.frequency_hz.value, record.elevation_floor_rad.value
    efficiency = hardware.aperture_efficiency.value
    height, reflection = assumptions.aperture_height_m, assumptions.ground_reflection

    def level(power_w: float, area_m2: float, taper: Taper, height_m: float, factor: float) -> GroundLevel:
        lobe_db = side_lobe_db(taper, angle_rad, height_m, frequency_hz, envelope)
        return GroundLevel(power_w, aperture_gain(area_m2, efficiency, frequency_hz), lobe_db, factor)

    power, area = hardware.average_power, hardware.antenna_area
    return RadiationBand(
        low=level(power.low, area.low, COSINE_SQUARED, height.high, reflection.low),
        central=level(power.value, area.value, COSINE, height.value, reflection.value),
        high=level(power.high, area.high, UNIFORM, height.low, reflection.high),
    )


def _distances(distance_m: ArrayLike) -> FloatArray:
    distances = np.asarray(distance_m, dtype=float)
    if not np.all(np.isfinite(distances) & (distances > 0.0)):
        raise InputError(f"distance must be above 0 m and finite; got {distances.min() if distances.size else 'none'}")
    return distances
