"""A radar as sensing needs it: how far it detects, and where it may look."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.catalog.radars import HARDWARE, RadarRecord, looks_nowhere
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import MEAN_RADIUS_M, axes_of, ecef_of
from equipoise.physics.geodesy import Site
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.detection import albersheim_snr, swerling_1_snr
from equipoise.sensors.field_of_view import Face, TerrainMask

SPEED_OF_LIGHT_MPS = 299_792_458.0  # exact, SI
BOLTZMANN_J_K = 1.380649e-23  # exact, SI
SECTOR, FACE = "sector", "face"
FIELDS_OF_VIEW = (SECTOR, FACE)

REASON_WORDS = {
    vk.VISIBLE: "visible",
    vk.HORIZON: "horizon",
    vk.ELEVATION_FLOOR: "elevation floor",
    vk.FIELD_OF_VIEW: "field of view",
    vk.DETECTION_RANGE: "detection range",
    vk.TERRAIN_MASK: "terrain mask",
}
# From what hides a target first to what does last.
REASON_ORDER = (vk.HORIZON, vk.ELEVATION_FLOOR, vk.TERRAIN_MASK, vk.FIELD_OF_VIEW, vk.DETECTION_RANGE)


def emptied_by(reason: vk.ReasonArray) -> str:
    """Return what keeps everything out of sight: the last of the reasons that any point got as far as.

    Parameters
    ----------
    reason : ndarray of int8, any shape
        What hides each point, codes of ``visibility_kernels``.

    Returns
    -------
    str
        The reason in words; empty if any point is visible.
    """
    found = set(np.unique(reason).tolist())
    if vk.VISIBLE in found:
        return ""
    return next((REASON_WORDS[code] for code in reversed(REASON_ORDER) if code in found), "")


def radar_range_m(
    average_power_w: float,
    antenna_area_m2: float,
    aperture_efficiency: float,
    frequency_hz: float,
    noise_temperature_k: float,
    loss: float,
    dwell_s: float,
    rcs_m2: float,
    snr: float,
) -> float:
    """Return the range at which a radar has a signal-to-noise ratio, from its hardware.

    Parameters
    ----------
    average_power_w : float
        Average transmitted power. [W]
    antenna_area_m2, aperture_efficiency : float
        Physical area [m2] and the share of it that works, for transmission and reception.
    frequency_hz : float
        Carrier frequency. [Hz]
    noise_temperature_k : float
        System noise temperature. [K]
    loss : float
        All losses, as a ratio of at least 1.
    dwell_s : float
        Time on target, coherently integrated. [s]
    rcs_m2 : float
        Radar cross-section. [m2]
    snr : float
        Signal-to-noise ratio after integration, as a ratio.

    Returns
    -------
    float
        Slant range in free space. [m]

    Notes
    -----
    ``R^4 = P (rho A) G sigma t / ((4 pi)^2 k T L SNR)`` with ``G = 4 pi rho A / lambda^2`` [1]_. Leaves out scan loss,
    the search frame, clutter, rain and the fluctuation of the target.

    References
    ----------
    .. [1] G. Lewis and T. Postol, "Radar Range Calculations for the AN/TPY-2 X-Band and NAS Proposed GBX Radars",
       mostlymissiledefense.com, 21 September 2012.
    """
    wavelength_m = SPEED_OF_LIGHT_MPS / frequency_hz
    effective_area_m2 = aperture_efficiency * antenna_area_m2
    gain = 4.0 * math.pi * effective_area_m2 / wavelength_m**2
    r4 = average_power_w * effective_area_m2 * gain * rcs_m2 * dwell_s
    r4 /= (4.0 * math.pi) ** 2 * BOLTZMANN_J_K * noise_temperature_k * loss * snr
    return float(r4**0.25)


def horizon_range_m(altitude_m: float, elevation_rad: float = 0.0) -> float:
    """Return the ground range at which a target at a height stands at an apparent elevation, over the 4/3 Earth.

    Parameters
    ----------
    altitude_m : float
        Height of the target; the radar stands at zero. [m]
    elevation_rad : float
        Apparent elevation; 0 is the horizon. [rad]

    Returns
    -------
    float
        Ground range along the mean sphere. [m]
    """
    if altitude_m <= 0.0:
        return 0.0
    effective_m = vk.EFFECTIVE_EARTH * MEAN_RADIUS_M
    ratio = effective_m / (effective_m + altitude_m) * math.cos(elevation_rad)
    return (math.acos(ratio) - elevation_rad) * effective_m


def ray_altitude_m(elevation_rad: float, ground_range_m: ArrayLike) -> FloatArray:
    """Return how high a radar ray stands over a ground range, in the standard atmosphere (4/3 Earth).

    Parameters
    ----------
    elevation_rad : float
        Elevation at the radar. [rad]
    ground_range_m : array_like, shape (...)
        Distance along the mean sphere. [m]

    Returns
    -------
    ndarray, shape (...)
        Altitude; inf where the ray never comes over that distance. [m]

    Notes
    -----
    ``h = R_e cos(el) / cos(s / R_e + el) - R_e``: the elevation of ``horizon_range_m`` solved for the height.
    """
    effective_m = vk.EFFECTIVE_EARTH * MEAN_RADIUS_M
    turned = elevation_rad + np.asarray(ground_range_m, float) / effective_m
    reached = turned < math.pi / 2 - 1e-9
    height = effective_m * math.cos(elevation_rad) / np.cos(np.where(reached, turned, 0.0)) - effective_m
    return np.where(reached, np.maximum(height, 0.0), np.inf)


@dataclass(frozen=True)
class Radar:
    """A radar with one of its ranges chosen.

    Parameters
    ----------
    name : str
        Catalogue id.
    range_name : str
        Which published range, or ``hardware`` for the range equation.
    reference_range_m, reference_rcs_m2 : float
        Detection range [m] of a target of that cross-section [m2]; others scale with its fourth root. With a face it
        holds on the face's normal.
    reference_snr : float
        Signal-to-noise ratio at that range, for the display of SNR along an arc.
    azimuth_half_width_rad : float
        Field of view to either side of the boresight; does not count where a face is given. [rad]
    elevation_floor_rad, elevation_max_rad : float
        Apparent elevations between which it looks. [rad]
    confirm_time_s : float
        From first detection to a firm track. [s]
    face : Face, optional
        A tilted planar array in place of the sector of azimuth.
    mask : TerrainMask, optional
        The skyline around the radar.

    Raises
    ------
    InputError
        If the radar looks nowhere.
    """

    name: str
    range_name: str
    reference_range_m: float
    reference_rcs_m2: float
    reference_snr: float
    azimuth_half_width_rad: float
    elevation_floor_rad: float
    elevation_max_rad: float
    confirm_time_s: float
    face: Face | None = None
    mask: TerrainMask | None = None

    def __post_init__(self) -> None:
        face = None if self.face is None else (self.face.tilt_rad, self.face.half_width_rad)
        empty = looks_nowhere(self.azimuth_half_width_rad, self.elevation_floor_rad, self.elevation_max_rad, face)
        if empty is not None:
            raise InputError(f"{self.name}, {empty[0]}: {empty[1]}")

    @classmethod
    def from_record(cls, record: RadarRecord, range_name: str = HARDWARE, *, field_of_view: str = SECTOR) -> Radar:
        """Build the radar of a catalogue record with one of its published ranges, or from its hardware.

        ``field_of_view`` is ``"sector"``, a sector of azimuth between two elevations, or ``"face"``, the record's
        tilted planar array with its scan loss.

        Raises
        ------
        InputError
            If the hardware or the face is asked for and the record has none.
        UnknownIdError
            If the record has no range of that name.
        """
        if field_of_view not in FIELDS_OF_VIEW:
            raise InputError(f'{record.id}, field_of_view: got "{field_of_view}"; allowed: {", ".join(FIELDS_OF_VIEW)}')
        if field_of_view == FACE and record.face is None:
            raise InputError(f'{record.id}, field_of_view: got "face" and the record has none; allowed: {SECTOR}')
        snr = record.required_snr.value
        if range_name == HARDWARE:
            hardware = record.hardware
            if hardware is None:
                names = ", ".join(record.range_names)
                raise InputError(f"{record.id}: no hardware is published, so no range equation; allowed: {names}")
            rcs_m2 = 1.0
            range_m = radar_range_m(
                hardware.average_power.value,
                hardware.antenna_area.value,
                hardware.aperture_efficiency.value,
                record.frequency_hz.value,
                hardware.noise_temperature.value,
                hardware.loss.value,
                hardware.dwell.value,
                rcs_m2,
                snr,
            )
        else:
            published = record.range_named(range_name)
            range_m, rcs_m2 = published.range_m.value, published.reference_rcs_m2.value
        return cls(
            name=record.id,
            range_name=range_name,
            reference_range_m=range_m,
            reference_rcs_m2=rcs_m2,
            reference_snr=snr,
            azimuth_half_width_rad=record.azimuth_half_width_rad.value,
            elevation_floor_rad=record.elevation_floor_rad.value,
            elevation_max_rad=record.elevation_max_rad.value,
            confirm_time_s=record.confirm_time_s.value,
            face=Face.from_record(record.face) if field_of_view == FACE and record.face is not None else None,
            mask=None if record.terrain_mask is None else TerrainMask.from_record(record.terrain_mask),
        )

    def detection_range_m(self, rcs_m2: float) -> float:
        """Return the slant range [m] at which a target of a cross-section [m2] is detected."""
        if not (math.isfinite(rcs_m2) and rcs_m2 > 0.0):
            raise InputError(f"rcs must be above 0 m2 and finite; got {rcs_m2}")
        return float(self.reference_range_m * (rcs_m2 / self.reference_rcs_m2) ** 0.25)

    def with_range(self, range_m: float) -> Radar:
        """Return the same radar with another reference range [m]."""
        return replace(self, reference_range_m=range_m)

    def view(self, site: Site, boresight_rad: float, rcs_m2: float) -> vk.View:
        """Return the radar at a site, turned to a boresight azimuth [rad], as the kernels take it."""
        x, y, z = ecef_of(site.lat_rad, site.lon_rad, 0.0)
        ex, ey, _, nx, ny, nz, _, _, _ = axes_of(site.lat_rad, site.lon_rad)
        face, mask = self.face, self.mask
        unlimited = face is not None or self.azimuth_half_width_rad >= math.pi
        return vk.View(
            x=x,
            y=y,
            z=z,
            inv_r=1.0 / math.sqrt(x * x + y * y + z * z),
            east_x=ex,
            east_y=ey,
            north_x=nx,
            north_y=ny,
            north_z=nz,
            ahead_e=math.sin(boresight_rad),
            ahead_n=math.cos(boresight_rad),
            cos_half_width=vk.UNLIMITED if unlimited else math.cos(self.azimuth_half_width_rad),
            tan_floor=math.tan(self.elevation_floor_rad),
            tan_max=math.tan(min(self.elevation_max_rad, math.radians(89.9999))),
            detection_range_m=self.detection_range_m(rcs_m2),
            sin_tilt=0.0 if face is None else math.sin(face.tilt_rad),
            cos_tilt=1.0 if face is None else math.cos(face.tilt_rad),
            cos_face=vk.UNLIMITED if face is None else math.cos(face.half_width_rad),
            scan_quarter=0.0 if face is None else face.scan_exponent / 4.0,
            mask_top=vk.UNLIMITED if mask is None else math.tan(max(mask.el_rad)),
            mask=_NO_MASK if mask is None else mask.table(),
        )


_NO_MASK = np.zeros((0, 2))


@dataclass(frozen=True)
class Looks:
    """What a radar sees of points: arrays of one shape (n,).

    ``reason`` is a code of ``visibility_kernels`` (0: visible), ``slant_m`` the range [m], ``az_rad`` the azimuth from
    north over east, ``el_rad`` the apparent elevation and ``off_rad`` the angle off the face's normal, or off the
    horizontal boresight of a radar without face [rad], ``snr`` the signal-to-noise ratio.
    """

    reason: vk.ReasonArray
    slant_m: FloatArray
    az_rad: FloatArray
    el_rad: FloatArray
    snr: FloatArray
    off_rad: FloatArray


def look_at(radar: Radar, view: vk.View, r_ecef_m: FloatArray) -> Looks:
    """Look at points (n, 3) in ecef [m] through a view."""
    n = len(r_ecef_m)
    reason = np.empty(n, dtype=np.int8)
    slant_m, az_rad, el_rad, off_rad = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    vk.look_at_points(np.ascontiguousarray(r_ecef_m), view, reason, slant_m, az_rad, el_rad, off_rad)
    snr = radar.reference_snr * (view.detection_range_m / np.maximum(slant_m, 1.0)) ** 4
    if radar.face is not None:
        snr *= np.maximum(np.cos(off_rad), 0.0) ** radar.face.scan_exponent
    return Looks(reason, slant_m, az_rad % (2.0 * math.pi), el_rad, snr, off_rad)


def bare_view(view: vk.View) -> vk.Bare:
    """Return a view without its skyline, as the quick kernels take it."""
    return vk.Bare(*cast("tuple[float, ...]", view[: len(vk.Bare._fields)]))


def coverage_reasons(view: vk.View, lat_rad: FloatArray, lon_rad: FloatArray, altitude_m: float) -> vk.ReasonArray:
    """Return what keeps each point of a grid at one altitude out of sight.

    Parameters
    ----------
    view : View
        A radar at its site.
    lat_rad, lon_rad : ndarray, shapes (rows,) and (columns,)
        Axes of the grid. [rad]
    altitude_m : float
        Height above the ellipsoid. [m]

    Returns
    -------
    ndarray of int8, shape (rows, columns)
        Codes of ``visibility_kernels``; 0 is visible.
    """
    if not (math.isfinite(altitude_m) and 0.0 <= altitude_m <= 1e8):
        raise InputError(f"altitude must lie in [0, 100000] km; got {altitude_m / 1e3:g} km")
    reason = np.empty((len(lat_rad), len(lon_rad)), dtype=np.int8)
    axes = np.sin(lat_rad), np.cos(lat_rad), np.sin(lon_rad), np.cos(lon_rad)

    plain = view.cos_face <= vk.UNLIMITED and view.mask_top <= vk.UNLIMITED
    bare = bare_view(view)

    def work(start: int, stop: int) -> None:
        if plain:
            vk.plain_slice(*axes, altitude_m, bare, reason, start, stop)
        else:
            vk.coverage_slice(*axes, altitude_m, view, reason, start, stop)

    run_in_chunks(work, len(lat_rad))
    return reason


def required_snr(record: RadarRecord) -> dict[str, float]:
    """Return the SNR, as a ratio, that the record's detection and false-alarm probabilities ask of one look.

    Steady targets after Albersheim; slowly fluctuating ones (Swerling 1) exactly, which one look allows.
    """
    pd, pfa = record.detection_probability.value, record.false_alarm_probability.value
    return {"steady": albersheim_snr(pd, pfa), "swerling_1": swerling_1_snr(pd, pfa)}
