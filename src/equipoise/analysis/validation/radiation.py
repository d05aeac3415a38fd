"""Power densities measured near the AN/TPY-2: which side lobe each implies, and whether reference patterns have it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import load_catalog, read_authority
from equipoise.catalog.exposure import radiation_assumptions
from equipoise.sensors.radiation import Envelope, GroundLevel, radiation_band

ID = "radiation"


def spread_db(central: GroundLevel, low: GroundLevel) -> float:
    """Return what power, gain and reflection add to the uncertainty of an implied side lobe [dB]."""
    ratio = central.power_w * central.gain * central.reflection / (low.power_w * low.gain * low.reflection)
    return 10.0 * math.log10(ratio)


def compare() -> Iterator[Comparison]:
    """Set the side lobe that each measurement implies beside the span of the reference patterns."""
    assumptions = radiation_assumptions()
    radar = load_catalog().radar(assumptions.radar)
    for row in read_authority("radiation_measurements"):
        if not row["distance_m"]:  # a maximum whose place is not stated implies nothing
            continue
        envelope: Envelope = "peak" if row["statistic"] == "peak" else "average"
        band = radiation_band(radar, assumptions, envelope)
        density, distance_m = float(row["power_density_w_m2"]), float(row["distance_m"])
        implied_db = band.central.implied_side_lobe_db(density, distance_m)
        gain_db = 10.0 * math.log10(band.central.gain)
        yield Comparison(
            ID,
            row["source"],
            f"{row['site']}, {row['date']}, {distance_m:g} m, {'momentary' if envelope == 'peak' else 'six minutes'}",
            "side lobe that the measurement implies",
            "dB",
            Published.band(band.low.side_lobe_db, band.high.side_lobe_db),
            implied_db,
            Tolerance(
                absolute=spread_db(band.central, band.low),
                reason="power, area and reflection at the low ends of their ranges instead of their central values",
            ),
            note=(
                f"{density:g} W/m2 were measured; {gain_db + implied_db:+.1f} dBi; the band is that of the reference "
                f"patterns (ITU-R M.1851); the model's {float(band.low.density_w_m2(distance_m)):.2g} to "
                f"{float(band.high.density_w_m2(distance_m)):.2g} W/m2"
            ),
        )


AUTHORITY = Authority(
    ID,
    "Power density near the AN/TPY-2",
    "reported",
    "What was measured at Seongju and Guam, turned into the side-lobe level that it implies at full average power, "
    "beside the side lobes of reference antenna patterns five degrees below the beam. An implied level under the band "
    "says that less reached the place than even the best reference pattern would send there: less power, a higher "
    "beam, or ground in the way. Nothing is set to agree.",
    compare,
)
