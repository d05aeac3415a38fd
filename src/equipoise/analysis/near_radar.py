"""Power density against distance from a radar, beside what was measured and the limit for the public."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.catalog import RadarRecord, read_authority
from equipoise.catalog.exposure import radiation_assumptions
from equipoise.sensors.radiation import beam_density_w_m2, radiation_band

DISTANCES_M = (100.0, 500.0, 700.0, 1000.0, 1600.0, 3000.0, 5000.0, 10000.0)


@dataclass(frozen=True)
class Measured:
    """One measurement: where, when, how far away [m], the power density [W/m2], averaged over minutes or a peak."""

    site: str
    date: str
    distance_m: float
    density_w_m2: float
    statistic: str
    source: str


@dataclass(frozen=True)
class NearRadar:
    """What reaches a point near a radar.

    Parameters
    ----------
    distance_m : ndarray, shape (n,)
        Along the ground. [m]
    low_w_m2, central_w_m2, high_w_m2 : ndarray, shape (n,)
        On the ground below the beam, averaged over minutes. [W/m2]
    beam_w_m2 : ndarray, shape (n,)
        In the main beam, if it stood still there. [W/m2]
    public_limit_w_m2 : float
        The limit for the public. [W/m2]
    measured : tuple of Measured
        What was measured near radars of this kind; a maximum whose distance is not stated is left out.
    """

    distance_m: FloatArray
    low_w_m2: FloatArray
    central_w_m2: FloatArray
    high_w_m2: FloatArray
    beam_w_m2: FloatArray
    public_limit_w_m2: float
    measured: tuple[Measured, ...]


def near_radar(record: RadarRecord, distance_m: FloatArray | None = None) -> NearRadar | None:
    """Work out the power density near a radar.

    Parameters
    ----------
    record : RadarRecord
        The radar.
    distance_m : ndarray, shape (n,), optional
        Distances; a few round ones and those of the measurements by default. [m]

    Returns
    -------
    NearRadar or None
        None for a radar for which the catalogue has no assumptions.
    """
    assumptions, hardware = radiation_assumptions(), record.hardware
    if record.id != assumptions.radar or hardware is None:
        return None
    at_m = np.array(DISTANCES_M) if distance_m is None else np.asarray(distance_m, dtype=float)
    band = radiation_band(record, assumptions)
    return NearRadar(
        distance_m=at_m,
        low_w_m2=band.low.density_w_m2(at_m),
        central_w_m2=band.central.density_w_m2(at_m),
        high_w_m2=band.high.density_w_m2(at_m),
        beam_w_m2=beam_density_w_m2(
            hardware.average_power.value,
            hardware.antenna_area.value,
            hardware.aperture_efficiency.value,
            record.frequency_hz.value,
            at_m,
        ),
        public_limit_w_m2=assumptions.public_limit_w_m2.value,
        measured=tuple(
            Measured(
                row["site"],
                row["date"],
                float(row["distance_m"]),
                float(row["power_density_w_m2"]),
                row["statistic"],
                row["source"],
            )
            for row in read_authority("radiation_measurements")
            if row["distance_m"]
        ),
    )
