"""What the power density near a radar is worked out with, beside the radar's own record."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from equipoise.catalog.library import DATA, load_catalog
from equipoise.catalog.quantity import In, Sourced
from equipoise.catalog.records import FileModel, Id
from equipoise.catalog.validation import validate
from equipoise.catalog.yaml_reader import read_yaml


class RadiationAssumptions(FileModel):
    """How high the aperture is, what the ground adds, and the limit for the public."""

    radar: Id
    aperture_height_m: Annotated[Sourced, In("m", 0.01, 100.0)] = Field(alias="aperture_height")
    ground_reflection: Annotated[Sourced, In("1", 0.0, 4.0)]
    public_limit_w_m2: Annotated[Sourced, In("W/m2", 1e-6, 1e6)] = Field(alias="public_limit")


@cache
def radiation_assumptions() -> RadiationAssumptions:
    """Return the bundled assumptions; their radar is a record of the catalogue."""
    name = "radiation.yaml"
    catalog = load_catalog()
    found = validate(RadiationAssumptions, read_yaml(DATA / name, name), name, frozenset(catalog.sources))
    catalog.radar(found.radar)
    return found
