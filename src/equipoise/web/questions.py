"""What may be asked over HTTP, with the bounds of every field; all else is refused before anything is computed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from equipoise.analysis.what_if import WhatIf

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}=[A-Za-z0-9_.+/ -]{1,64}$")]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0)]
Volleys = Annotated[
    tuple[Annotated[int, Field(ge=1, le=8)], ...],
    Field(
        max_length=4, description="shots of each volley of every layer of a raid at a missile; the study's own if empty"
    ),
]
Shots = Annotated[
    int, Field(ge=1, le=4, description="shots one after another that must fit for a point to count as defended")
]
ExportFormat = Literal["czml", "kml", "geojson", "acmi", "netcdf", "parquet"]


class Question(BaseModel):
    """Base: unknown fields and numbers that are not finite are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Change(Question):
    """What is changed of a footprint study; the fields are those of :class:`equipoise.analysis.what_if.WhatIf`."""

    missile: Id | None = Field(default=None, description="one class of the study; all of them if left out")
    launch_areas: tuple[Id, ...] = Field(default=(), max_length=20, description="of that class; all if empty")
    lat_deg: Latitude | None = Field(default=None, description="where the battery stands")
    lon_deg: Longitude | None = None
    target: Id | None = Field(default=None, description="the place that the example is aimed at")
    numbers: tuple[Number, ...] = Field(
        default=(), max_length=8, description="key=value with the keys of equipoise sweep --vary"
    )

    def what_if(self) -> WhatIf:
        """Return it as the analysis takes it."""
        return WhatIf(**self.model_dump())


class Asked(Question):
    """A bundled study, and what is changed of it."""

    study: Id
    change: Change = Change()


class AskedFootprint(Asked):
    """A footprint: a draft on a coarse grid while something is dragged, or the study's own grid."""

    detail: Literal["draft", "full"] = "full"
    shots: Shots = 1


class AskedUncertainty(Asked):
    """How sure a footprint is."""

    shots: Shots = 1
    draws: int = Field(default=200, ge=20, le=400, description="of the defence from the catalogue's ranges")


class AskedCoverage(Asked):
    """What the radar sees at an altitude."""

    altitude_km: float = Field(default=100.0, ge=1.0, le=2000.0)


class AskedPoint(Asked):
    """One engagement at any point on the ground; at the example's target if left out."""

    at_lat_deg: Latitude | None = None
    at_lon_deg: Longitude | None = None
    launch_area: Id | None = Field(default=None, description="the example's, or the first of the class, if left out")


class AskedReplay(Asked):
    """What flies and stands, in time."""

    volleys: Volleys = ()


class AskedExport(AskedReplay):
    """What flies and stands, and the footprint, for another program."""

    format: ExportFormat
    shots: Shots = 1


class AskedStudyFile(AskedPoint, AskedReplay):
    """A study with what is changed of it, as a file."""


class AskedFlightTest(Question):
    """An announced flight."""

    apogee_km: float = Field(gt=0.0, le=20_000.0)
    range_km: float = Field(gt=0.0, le=20_000.0)
    time_s: float | None = Field(default=None, gt=0.0, le=20_000.0)
    missile: Id | None = None
    draws: int | None = Field(default=None, ge=0, le=300, description="as many as the command line, if left out")


class AskedSensitivity(Question):
    """Which disputed number a bundled footprint or raid study hangs on."""

    study: Id
    samples: Literal[16, 32, 64, 128] = 32


class AskedRaid(Question):
    """A raid of a bundled study, by size."""

    study: Id
    sizes: tuple[Annotated[int, Field(ge=1, le=2000)], ...] = Field(min_length=1, max_length=20)
    runs: int = Field(default=2000, ge=100, le=20_000)
    seed: int = Field(default=1, ge=0, le=2**32 - 1)
    volleys: Volleys = ()
    numbers: tuple[Number, ...] = Field(default=(), max_length=8)
