"""What every map of a study shows besides the result: site, places, launch areas, home country."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.study import Study, Threat


def threat_name(threat: Threat) -> str:
    """Name a threat; how it is flown is said where it is not the ordinary way."""
    name = threat.missile.name
    return name if threat.trajectory == "cut-off" else f"{name} ({threat.trajectory})"


@dataclass(frozen=True, slots=True)
class Spot:
    """A named point of a map, in degrees."""

    id: str
    name: str
    lat_deg: float
    lon_deg: float
    country: str = ""
    population: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """The fixed points of a study's maps; a map of coverage alone needs only the first two.

    Parameters
    ----------
    home : str
        Three-letter code of the defended country; "" for none.
    site : Spot
        The battery and its radar.
    places : tuple of Spot
        Towns listed by the study.
    launch_areas : dict
        Launch areas by id.
    missiles : dict
        Names of the threats by id.
    """

    home: str
    site: Spot
    places: tuple[Spot, ...] = ()
    launch_areas: dict[str, Spot] = field(default_factory=dict)
    missiles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, study: Study) -> Scene:
        """Collect the fixed points of a study."""
        site = study.defence.site
        areas = {area.id: area for threat in study.threats for area in threat.launch_areas}
        return cls(
            home=study.country,
            site=Spot(site.id, site.name, math.degrees(site.lat_rad), math.degrees(site.lon_rad), site.country),
            places=tuple(
                Spot(
                    place.id,
                    place.name,
                    math.degrees(place.lat_rad),
                    math.degrees(place.lon_rad),
                    place.country,
                    place.population.value if place.population is not None else 0.0,
                )
                for place in study.places
            ),
            launch_areas={
                key: Spot(key, area.name, math.degrees(area.lat_rad), math.degrees(area.lon_rad), area.country)
                for key, area in areas.items()
            },
            missiles={threat.missile.id: threat_name(threat) for threat in study.threats},
        )

    def launch_area(self, launch_area_id: str) -> Spot:
        """Return a launch area by its id."""
        return self.launch_areas[launch_area_id]
