"""What was announced of a launch, and what makes an announcement impossible before any boost is thought of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from equipoise.catalog.records import MissileRecord
from equipoise.errors import InputError
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import HALF_ROUND_M, KeplerArc, least_energy_apogee_m, surface_arc

Refusal = Literal["impossible", "quasi-ballistic", "time", "no boost", "not a flight test", "unreadable"]

# Where a launch whose place is not given is taken to start, and whence the catalogue's ranges are flown.
CENTRAL_NORTH_KOREA = Site.of_degrees(39.0, 125.7)
# An arc over this apogee is aloft for more than three hours, at 87 % of the speed that never comes back.
HIGHEST_APOGEE_M = 20_000e3
SHORTEST_RANGE_M = 1e3
# A boost holds its compass azimuth, which turns ever faster near a pole: from here on it costs an IRBM half a per cent
# of its range, and from a pole itself it means nothing.
HIGHEST_LAT_DEG = 85.0
# The longest boost of any missile in public: "4 to 6-minute burn" (New Scientist 2001, of liquid ICBMs).
LONGEST_BOOST_S = 360.0
# What a reported flight time is good to: most are rounded to the minute, and no list of boosts holds every one.
REPORT_GOOD_TO_S = 60.0
# The turning Earth and its oblateness change the time of a vacuum arc over one apogee and distance by less.
VACUUM_TIME_SLACK = 0.03


class ReportError(InputError):
    """A report that no ballistic flight explains.

    Parameters
    ----------
    refusal : str
        Of which kind.
    message : str
        One line that names the field, the value and what is allowed.
    """

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal

    def __reduce__(self) -> tuple[type[ReportError], tuple[Refusal, str]]:
        """Keep both parts on the way from a worker."""
        return ReportError, (self.refusal, str(self))


@dataclass(frozen=True)
class FlightReport:
    """A launch as announced.

    Parameters
    ----------
    apogee_m, range_m : float
        Greatest height and distance along the ground. [m]
    launch : Site
        Where from.
    time_s : float or None
        From launch to impact, if it was announced. [s]
    az_rad : float or None
        Azimuth from the launch point to the impact; None: not known. [rad]
    missile : MissileRecord or None
        Which class flew; None: not known.
    label : str
        What it is called, for tables and titles.
    launch_assumed : bool
        Whether the launch point was not given.

    Raises
    ------
    ReportError
        If the numbers are those of no flight that comes down again.
    """

    apogee_m: float
    range_m: float
    launch: Site
    time_s: float | None = None
    az_rad: float | None = None
    missile: MissileRecord | None = None
    label: str = "reported flight"
    launch_assumed: bool = False

    def __post_init__(self) -> None:
        apogee_km, range_km = self.apogee_m / 1e3, self.range_m / 1e3
        if not 0.0 < self.apogee_m <= HIGHEST_APOGEE_M:
            above = ""
            if HIGHEST_APOGEE_M < self.apogee_m < math.inf:
                speed = surface_arc(self.apogee_m, 0.0).speed_mps / 1e3
                above = f" (thrown that high at {speed:.2f} km/s; nothing comes back from 11.18 km/s)"
            raise ReportError(
                "impossible",
                f"apogee: got {apogee_km:g} km; allowed: above 0, up to {HIGHEST_APOGEE_M / 1e3:,.0f} km{above}",
            )
        if not SHORTEST_RANGE_M <= self.range_m <= HALF_ROUND_M:
            raise ReportError(
                "impossible",
                f"range: got {range_km:g} km; allowed: {SHORTEST_RANGE_M / 1e3:g} to {HALF_ROUND_M / 1e3:,.0f} km, "
                "half round the Earth",
            )
        if abs(self.launch.lat_deg) > HIGHEST_LAT_DEG:
            raise ReportError(
                "impossible",
                f"from: got latitude {self.launch.lat_deg:g} deg; allowed: -{HIGHEST_LAT_DEG:g} to "
                f"{HIGHEST_LAT_DEG:g} deg, since a boost that holds its azimuth has none to hold at a pole",
            )
        if self.az_rad is not None and not math.isfinite(self.az_rad):
            raise ReportError("impossible", f"azimuth: got {self.az_rad:g}; allowed: a finite angle")
        if self.time_s is not None and not 0.0 < self.time_s < math.inf:
            raise ReportError("time", f"time: got {self.time_s:g} s; allowed: above 0 s")
        # A flight below the path of least energy may be carried by the air, and that is then what to say about it.
        if self.apogee_m >= least_energy_apogee_m(self.range_m):
            self.check_time()

    def check_time(self) -> None:
        """Refuse a time that no boost explains: shorter than without one, or longer than with the longest one.

        Raises
        ------
        ReportError
            With the times that are allowed.
        """
        if self.time_s is None:
            return
        time_s = self.time_s
        vacuum_s = self.kepler.time_s
        low = vacuum_s * (1.0 - VACUUM_TIME_SLACK)
        high = vacuum_s * (1.0 + VACUUM_TIME_SLACK) + LONGEST_BOOST_S
        if not low <= time_s <= high:
            raise ReportError(
                "time",
                f"time: got {time_s:g} s; allowed: {low:.0f} to {high:.0f} s, since an arc over "
                f"{self.apogee_m / 1e3:g} km and {self.range_m / 1e3:g} km takes {vacuum_s:.0f} s without a boost and "
                f"no boost lasts more than {LONGEST_BOOST_S:.0f} s",
            )

    @property
    def kepler(self) -> KeplerArc:
        """The arc in a vacuum over a still, round Earth, without a boost."""
        return surface_arc(self.apogee_m, self.range_m)
