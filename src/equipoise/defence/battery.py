"""A battery as analysis needs it: its interceptor's reach, its delays and its rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.catalog.records import BatteryRecord, InterceptorRecord
from equipoise.defence.engagement_kernels import Shooter
from equipoise.defence.reach import Reach, reach_table
from equipoise.physics.earth_kernels import geodetic_to_ecef
from equipoise.physics.geodesy import Site
from equipoise.study.file import TrackUntil


@dataclass(frozen=True)
class Battery:
    """A battery at no particular place.

    Parameters
    ----------
    name : str
        Catalogue id.
    reach : Reach
        Of its interceptor.
    commit_delay_s, assessment_delay_s : float
        Firm track to launch; intercept to the next launch. [s]
    shots_per_opportunity : int
        Interceptors fired each time.
    kill_probability : tuple of float
        Of one interceptor: low, central, high. A sourced band, not a model.
    """

    name: str
    reach: Reach
    commit_delay_s: float
    assessment_delay_s: float
    shots_per_opportunity: int
    kill_probability: tuple[float, float, float]

    @classmethod
    def from_records(cls, battery: BatteryRecord, interceptor: InterceptorRecord, *, cached: bool = True) -> Battery:
        """Build the battery of its catalogue records; flies the reach table if it is not in the cache."""
        kill = interceptor.kill_probability
        return cls(
            name=battery.id,
            reach=reach_table(interceptor, cached=cached),
            commit_delay_s=battery.commit_delay_s.value,
            assessment_delay_s=battery.assessment_delay_s.value,
            shots_per_opportunity=max(1, round(battery.shots_per_opportunity.value)),
            kill_probability=(kill.low, kill.value, kill.high),
        )

    def shooter(self, site: Site, confirm_time_s: float, *, track_until: TrackUntil = "intercept") -> Shooter:
        """Return the battery at a site, fed by a radar of a confirmation time [s], as the kernels take it.

        ``track_until`` says how long the radar must see the target: until the intercept, or only until the launch.
        """
        x, y, z = geodetic_to_ecef(site.lat_rad, site.lon_rad, 0.0)
        r = math.sqrt(x * x + y * y + z * z)
        limits = self.reach.limits
        return Shooter(
            ux=x / r,
            uy=y / r,
            uz=z / r,
            min_altitude_m=limits.min_altitude_m,
            max_altitude_m=limits.max_altitude_m,
            max_range_m=limits.max_range_m,
            max_flight_time_s=limits.max_flight_time_s,
            confirm_s=confirm_time_s,
            commit_s=self.commit_delay_s,
            blind_flight=1.0 if track_until == "launch" else 0.0,
            assess_s=self.assessment_delay_s,
            table_step_m=self.reach.step_m,
        )
