"""Every kind of record, by the word that its file gives under ``kind``."""

from __future__ import annotations

from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord, SensorSiteRecord
from equipoise.catalog.radars import RadarRecord
from equipoise.catalog.records import (
    BatteryRecord,
    DataLinkRecord,
    ForceRecord,
    InterceptorRecord,
    LauncherRecord,
    LaunchWarningRecord,
    MissileRecord,
    Record,
)

AnyRecord = (
    MissileRecord
    | InterceptorRecord
    | LauncherRecord
    | RadarRecord
    | BatteryRecord
    | SensorSiteRecord
    | LaunchWarningRecord
    | DataLinkRecord
    | ForceRecord
    | PlaceRecord
    | LaunchAreaRecord
)

RECORD_TYPES: dict[str, type[Record]] = {
    "missile": MissileRecord,
    "interceptor": InterceptorRecord,
    "launcher": LauncherRecord,
    "radar": RadarRecord,
    "battery": BatteryRecord,
    "sensor_site": SensorSiteRecord,
    "launch_warning": LaunchWarningRecord,
    "data_link": DataLinkRecord,
    "force": ForceRecord,
    "place": PlaceRecord,
    "launch_area": LaunchAreaRecord,
}
