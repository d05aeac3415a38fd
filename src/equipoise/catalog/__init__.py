"""Sourced numbers: one YAML record per system, read into frozen records."""

from __future__ import annotations

from equipoise.catalog.authorities import authority_names, read_authority
from equipoise.catalog.exposure import RadiationAssumptions, radiation_assumptions
from equipoise.catalog.kinds import AnyRecord
from equipoise.catalog.library import Catalog, default_signature, load_catalog, read_record
from equipoise.catalog.positions import Basis, LaunchAreaRecord, PlaceRecord, SensorFace, SensorSiteRecord
from equipoise.catalog.quantity import Sourced, from_si, parse_quantity, to_si
from equipoise.catalog.radars import HARDWARE, PublishedRange, RadarHardware, RadarRecord, SearchRecord
from equipoise.catalog.records import (
    BatteryRecord,
    DataLinkRecord,
    DragTable,
    ForceRecord,
    GravityTurn,
    InterceptorRecord,
    LauncherRecord,
    LaunchWarningRecord,
    MissileRecord,
    PitchProgram,
    PublishedForce,
    Source,
    StageRecord,
)
from equipoise.catalog.rendering import number_text, numbers, render_markdown

__all__ = [
    "HARDWARE",
    "AnyRecord",
    "Basis",
    "BatteryRecord",
    "Catalog",
    "DataLinkRecord",
    "DragTable",
    "ForceRecord",
    "GravityTurn",
    "InterceptorRecord",
    "LaunchAreaRecord",
    "LaunchWarningRecord",
    "LauncherRecord",
    "MissileRecord",
    "PitchProgram",
    "PlaceRecord",
    "PublishedForce",
    "PublishedRange",
    "RadarHardware",
    "RadarRecord",
    "RadiationAssumptions",
    "SearchRecord",
    "SensorFace",
    "SensorSiteRecord",
    "Source",
    "Sourced",
    "StageRecord",
    "authority_names",
    "default_signature",
    "from_si",
    "load_catalog",
    "number_text",
    "numbers",
    "parse_quantity",
    "radiation_assumptions",
    "read_authority",
    "read_record",
    "render_markdown",
    "to_si",
]
