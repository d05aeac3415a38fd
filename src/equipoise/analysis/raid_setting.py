"""One version of everything that a raid hangs on, which numbers of it have a range, and draws from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import BaseModel

from equipoise.analysis.inputs import NOT_OF_A_RADAR, Input
from equipoise.analysis.varied import number_at
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.radars import HARDWARE, RadarRecord
from equipoise.catalog.records import BatteryRecord, InterceptorRecord, LauncherRecord
from equipoise.study.raid_model import RaidStudy

PARTS = ("interceptor", "battery", "launcher", "radar")

# What no raid depends on: prices, and the shots of a battery whose doctrine the study has settled.
NOT_OF_A_RAID = (*NOT_OF_A_RADAR, "unit_cost_usd", "shots_per_opportunity")

# What only the range equation asks of a radar: with a published range it moves nothing.
OF_THE_RANGE_EQUATION = (
    *("frequency_hz", "average_power_w", "antenna_area_m2", "aperture_efficiency", "noise_temperature_k", "loss"),
    *("dwell_s", "required_snr", "false_alarm_probability", "detection_probability"),
)


@dataclass(frozen=True)
class LayerSetting:
    """One version of a layer: its records, where its radar looks [rad], and the radar's range."""

    battery: BatteryRecord
    launcher: LauncherRecord
    interceptor: InterceptorRecord
    radar: RadarRecord | None
    boresight_rad: float
    radar_range: str | None


@dataclass(frozen=True)
class RaidSetting:
    """One version of everything that a raid hangs on.

    Parameters
    ----------
    layers : tuple of LayerSetting
        In the study's order.
    rcs_m2 : mapping of str to float
        Cross-section of each missile class as radars ahead of it see it. [m2]
    reliability, track_probability : float
        That nothing fails for all layers at once, in a raid and for one missile.
    """

    layers: tuple[LayerSetting, ...]
    rcs_m2: Mapping[str, float]
    reliability: float
    track_probability: float

    @classmethod
    def central(cls, study: RaidStudy) -> RaidSetting:
        """Return the setting with every number at its central value."""
        common = study.common_mode
        return cls(
            tuple(
                LayerSetting(one.battery, one.launcher, one.interceptor, one.radar, one.boresight_rad, one.radar_range)
                for one in study.layers
            ),
            {missile: number.value for missile, number in cross_sections(study).items()},
            1.0 if common.reliability is None else common.reliability.value,
            1.0 if common.track_probability is None else common.track_probability.value,
        )

    @classmethod
    def drawn(cls, study: RaidStudy, rng: np.random.Generator) -> RaidSetting:
        """Return a setting with every number of :func:`raid_inputs` drawn from its range."""
        setting = cls.central(study)
        for one in raid_inputs(study):
            setting = one.put(setting, one.quantile(rng.random()))
        return setting

    def with_record(self, layers: Sequence[int], part: str, change: Callable[[BaseModel], BaseModel]) -> RaidSetting:
        """Return this setting with one part of some layers changed."""
        changed = list(self.layers)
        for index in layers:
            record: BaseModel = getattr(changed[index], part)
            update: dict[str, object] = {part: change(record)}
            changed[index] = replace(changed[index], **update)  # type: ignore[arg-type]
        return replace(self, layers=tuple(changed))


def cross_sections(study: RaidStudy) -> dict[str, Sourced]:
    """Return the nose-on cross-section of each missile class of a raid."""
    return {salvo.threat.missile.id: salvo.threat.rcs_m2 for salvo in study.salvos}


def raid_inputs(study: RaidStudy, *, every_range: bool = False) -> tuple[Input[RaidSetting], ...]:
    """Return every ranged number that a raid depends on.

    Parameters
    ----------
    study : RaidStudy
        The study.
    every_range : bool
        Also the numbers of those published radar ranges that no layer takes.

    Returns
    -------
    tuple of Input
        Of the interceptors, batteries, launchers and radars, the radars' published ranges, the cross-sections, the
        boresights and the common modes. Layers of one system with one number share the input: what is not known about
        a system is not known about each of its batteries alike. What flies is left at its central values.
    """
    return tuple(_inputs(study, every_range))


def _inputs(study: RaidStudy, every_range: bool) -> Iterator[Input[RaidSetting]]:
    for part in PARTS:
        owners: dict[tuple[str, str, Sourced], list[int]] = {}
        for index, layer in enumerate(study.layers):
            record = getattr(layer, part)
            if record is None:
                continue
            unused = NOT_OF_A_RAID if layer.radar_range == HARDWARE else (*NOT_OF_A_RAID, *OF_THE_RANGE_EQUATION)
            for name in type(record).model_fields:
                number = getattr(record, name)
                if name not in unused and isinstance(number, Sourced) and number.low < number.high:
                    owners.setdefault((record.id, name, number), []).append(index)
        for (owner, name, number), layers in owners.items():
            field = type(getattr(study.layers[layers[0]], part)).model_fields[name]
            yield Input.of(owner, field.alias or name, number, in_record(layers, part, name))
    yield from _of_radars(study, every_range)
    for missile, number in cross_sections(study).items():
        if number.low < number.high:
            yield Input.of(missile, "rcs_nose", number, cross_section(missile))
    for index, layer in enumerate(study.layers):
        spread = layer.boresight_spread_rad
        if layer.radar is not None and spread > 0.0:
            ends = (layer.boresight_rad - spread, layer.boresight_rad, layer.boresight_rad + spread)
            written = (math.degrees(ends[0]), math.degrees(ends[1]), math.degrees(ends[2]))
            yield Input(
                "study", f"{layer.id}.boresight", "deg", written, *ends, even=True, put=in_layer(index, "boresight_rad")
            )
    for name in ("reliability", "track_probability"):
        number = getattr(study.common_mode, name)
        if number is not None and number.low < number.high:
            yield Input.of("study", f"common_mode.{name}", number, common(name))


def _of_radars(study: RaidStudy, every_range: bool) -> Iterator[Input[RaidSetting]]:
    """Yield the face's numbers of radars that look through one, and those of published ranges."""
    radars: dict[str, list[int]] = {}
    for index, layer in enumerate(study.layers):
        if layer.radar is not None:
            radars.setdefault(layer.radar.id, []).append(index)
    for id, layers in radars.items():
        radar = study.layers[layers[0]].radar
        assert radar is not None
        faces = [index for index in layers if study.layers[index].field_of_view == "face"]
        if faces and radar.face is not None:
            for name, field in type(radar.face).model_fields.items():
                number = getattr(radar.face, name)
                if number.low < number.high:
                    yield Input.of(id, f"face.{field.alias or name}", number, _in_face(layers, name))
        taken = {study.layers[index].radar_range for index in layers}
        for published in radar.ranges:
            if not every_range and published.name not in taken:
                continue
            for name in ("range_m", "reference_rcs_m2"):
                number = getattr(published, name)
                if number.low < number.high:
                    field = type(published).model_fields[name]
                    quantity = f"{field.alias or name} ({published.name})"
                    yield Input.of(id, quantity, number, _in_range(layers, published.name, name))


Put = Callable[[RaidSetting, float], RaidSetting]


def _moved(record: BaseModel, name: str, value: float) -> BaseModel:
    return record.model_copy(update={name: number_at(getattr(record, name), value)})


def in_record(layers: Sequence[int], part: str, name: str) -> Put:
    """Return what puts a number of one part of some layers."""
    return lambda setting, value: setting.with_record(layers, part, lambda record: _moved(record, name, value))


def _in_face(layers: Sequence[int], name: str) -> Put:
    def put(setting: RaidSetting, value: float) -> RaidSetting:
        def change(radar: BaseModel) -> BaseModel:
            return radar.model_copy(update={"face": _moved(radar.face, name, value)})  # type: ignore[attr-defined]

        return setting.with_record(layers, "radar", change)

    return put


def _in_range(layers: Sequence[int], chosen: str, name: str) -> Put:
    def put(setting: RaidSetting, value: float) -> RaidSetting:
        def change(radar: BaseModel) -> BaseModel:
            assert isinstance(radar, RadarRecord)
            ranges = tuple(_moved(one, name, value) if one.name == chosen else one for one in radar.ranges)
            return radar.model_copy(update={"ranges": ranges})

        return setting.with_record(layers, "radar", change)

    return put


def cross_section(missile: str) -> Put:
    """Return what puts the cross-section of a missile class."""
    return lambda setting, value: replace(setting, rcs_m2={**setting.rcs_m2, missile: value})


def in_layer(index: int, name: str) -> Callable[[RaidSetting, Any], RaidSetting]:
    """Return what puts a layer's boresight or the name of its radar's range."""

    def put(setting: RaidSetting, value: Any) -> RaidSetting:
        update: dict[str, Any] = {name: value}
        layers = list(setting.layers)
        layers[index] = replace(layers[index], **update)
        return replace(setting, layers=tuple(layers))

    return put


def common(name: str) -> Put:
    """Return what puts a probability that all layers have in common."""

    def put(setting: RaidSetting, value: float) -> RaidSetting:
        update: dict[str, Any] = {name: value}
        return replace(setting, **update)

    return put


@dataclass(frozen=True)
class RangeChoice:
    """A radar whose published range is disputed: its id, the names to choose from, and the layers that have it."""

    radar: str
    names: tuple[str, ...]
    layers: tuple[int, ...]

    def put(self, setting: RaidSetting, name: str) -> RaidSetting:
        """Return a setting with this range taken by every layer with the radar."""
        for index in self.layers:
            setting = in_layer(index, "radar_range")(setting, name)
        return setting


def range_choices(study: RaidStudy) -> tuple[RangeChoice, ...]:
    """Return the radars of a raid study with more than one published range, shortest range first."""
    found: dict[str, list[int]] = {}
    for index, layer in enumerate(study.layers):
        if layer.radar is not None and layer.radar_range != HARDWARE:
            found.setdefault(layer.radar.id, []).append(index)
    choices = []
    for id, layers in found.items():
        radar = study.layers[layers[0]].radar
        assert radar is not None
        ranges = sorted(radar.ranges, key=lambda one: one.range_m.value)
        if len(ranges) > 1:
            choices.append(RangeChoice(id, tuple(one.name for one in ranges), tuple(layers)))
    return tuple(choices)
