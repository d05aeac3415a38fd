"""From a raid study's file to a :class:`RaidStudy`: ids become records, and every complaint names its field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from equipoise.catalog.positions import PlaceRecord
from equipoise.catalog.quantity import Sourced
from equipoise.study.model import Threat
from equipoise.study.network_reading import NetworkResolver
from equipoise.study.raid_file import (
    MAX_MISSILES,
    ChanceFile,
    ChanceRunsFile,
    CommonModeFile,
    LayerFile,
    QuestionsFile,
    RaidStudyFile,
    SalvoFile,
)
from equipoise.study.raid_model import (
    ChanceRuns,
    CommonMode,
    LayerPlacement,
    Questions,
    RaidStudy,
    Rule,
    Salvo,
)


class RaidResolver(NetworkResolver):
    """Turns the ids of one raid study's file into records."""

    def raid_study(self, content: RaidStudyFile, path: Path, text: str) -> RaidStudy:
        """Return the study with its records."""
        sensors = tuple(self._sensor(f"sensors[{i}]", sensor) for i, sensor in enumerate(content.sensors))
        names = [layer.id for layer in content.layers]
        self._refuse_repeats("layers", names)
        self._refuse_repeats("sensors", [*(sensor.id for sensor in sensors), *names])
        layers = tuple(
            self._layer(f"layers[{i}]", layer, content, [sensor.id for sensor in sensors])
            for i, layer in enumerate(content.layers)
        )
        salvos = tuple(self._salvo(f"salvos[{i}]", salvo) for i, salvo in enumerate(content.salvos))
        missiles = sum(salvo.count for salvo in salvos)
        if missiles > MAX_MISSILES:
            self._refuse("salvos", f"{missiles} missiles in all; allowed: at most {MAX_MISSILES}")
        targets = tuple({salvo.target.id: salvo.target for salvo in salvos}.values())
        weights, weighting = self._weights(content.weights, targets)
        chance = content.chance
        return RaidStudy(
            id=content.id,
            title=content.title,
            summary=" ".join(content.summary.split()),
            country=content.country,
            layers=layers,
            sensors=sensors,
            coordination=content.coordination,
            common_mode=self._common_mode(content.common_mode),
            salvos=salvos,
            targets=targets,
            weights=weights,
            weighting=weighting,
            questions=self._questions(content.questions, names),
            chance=self._chance_runs(chance),
            catalog=self._catalog,
            path=path,
            text=text,
        )

    def _chance_runs(self, content: ChanceRunsFile) -> ChanceRuns:
        samples = content.sensitivity
        if samples and (samples < 8 or samples & (samples - 1)):
            self._refuse("chance.sensitivity", f"got {samples}; allowed: 0, or a power of two from 8 to 16384")
        return ChanceRuns(content.runs, content.seed, content.draws, content.runs_per_draw, samples)

    def _layer(self, field: str, content: LayerFile, study: RaidStudyFile, sensors: Sequence[str]) -> LayerPlacement:
        catalog = self._catalog
        battery = self._found(f"{field}.battery", catalog.battery, content.battery)
        radar_id = content.radar or battery.radar
        radar = None if radar_id is None else self._found(f"{field}.radar", catalog.radar, radar_id)
        if radar is None:
            for name in ("boresight", "radar_range"):
                if getattr(content, name) is not None:
                    self._refuse(f"{field}.{name}", f'given, and "{battery.id}" has no radar; allowed: to leave it out')
            if not content.fires_on:
                self._refuse(f"{field}.fires_on", f'missing; "{battery.id}" has no radar and fires on others\' tracks')
        else:
            for name in ("boresight", "radar_range"):
                if getattr(content, name) is None:
                    self._refuse(f"{field}.{name}", "missing; the layer's radar needs it")
            self._check_range(f"{field}.radar_range", content.radar_range or "", radar)
            if content.field_of_view == "face" and radar.face is None:
                self._refuse(f"{field}.field_of_view", f'got "face", and {radar.id} has no face; allowed: sector')
        others = [*(layer.id for layer in study.layers if layer.id != content.id), *sensors]
        for i, other in enumerate(content.fires_on):
            self._known(f"{field}.fires_on[{i}]", other, others, "layer or sensor")
            without = next((layer for layer in study.layers if layer.id == other), None)
            if without is not None and (without.radar or self._battery_radar(without.battery)) is None:
                self._refuse(f"{field}.fires_on[{i}]", f'"{other}" has no radar; allowed: a layer that has one')
        if bool(content.fires_on) != (content.link is not None):
            which = "missing; tracks of others come over a link" if content.fires_on else "given without fires_on"
            self._refuse(f"{field}.link", f"{which}; allowed: a data link beside fires_on")
        interceptor = self._found(
            f"{field}.interceptor", catalog.interceptor, content.interceptor or battery.interceptor
        )
        if content.kill_probability is not None:
            chosen = _chance(content.kill_probability)
            interceptor = interceptor.model_copy(update={"kill_probability": chosen})
        if content.launchers is not None:
            launchers = _own(float(content.launchers), None, None, "")
            battery = battery.model_copy(update={"launchers": launchers})
        return LayerPlacement(
            id=content.id,
            battery=battery,
            launcher=catalog.launcher(battery.launcher),
            interceptor=interceptor,
            radar=radar,
            site=self._place(f"{field}.site", content.site),
            batteries=content.batteries,
            boresight_rad=content.boresight or 0.0,
            boresight_spread_rad=content.boresight_spread,
            radar_range=content.radar_range,
            field_of_view=content.field_of_view,
            track_until=content.track_until,
            fires_on=content.fires_on,
            link=None if content.link is None else self._found(f"{field}.link", catalog.data_link, content.link),
            doctrine=self._doctrine(f"{field}.doctrine", content, round(battery.shots_per_opportunity.value)),
        )

    def _battery_radar(self, id: str) -> str | None:
        return self._found("layers", self._catalog.battery, id).radar

    def _doctrine(self, field: str, content: LayerFile, shots: int) -> tuple[Rule, ...]:
        if content.doctrine is None:
            return (Rule((max(1, shots),)),)
        if content.doctrine == "single":
            return (Rule((1,)),)
        rules = tuple(Rule(rule.volleys, rule.time_left, rule.when is not None) for rule in content.doctrine)
        for i, rule in enumerate(rules[:-1]):
            if rule.time_left_s is None and not rule.all_fit:
                self._refuse(f"{field}[{i}]", "holds always, so what follows never does; allowed: time_left or when")
        if rules[-1].time_left_s is not None or rules[-1].all_fit:
            self._refuse(f"{field}[{len(rules) - 1}]", "has a condition; allowed: a last rule without one")
        return rules

    def _salvo(self, field: str, content: SalvoFile) -> Salvo:
        missile = self._missile(f"{field}.missile", content.missile)
        area = self._found(f"{field}.launch_area", self._catalog.launch_area, content.launch_area)
        return Salvo(
            threat=Threat(missile, (area,), content.trajectory),
            launch_area=area,
            target=self._place(f"{field}.target", content.target),
            count=content.count,
            start_s=content.start,
            spacing_s=content.spacing,
        )

    def _weights(self, content: Any, targets: Sequence[PlaceRecord]) -> tuple[tuple[float, ...], str]:
        if content == "equal":
            return tuple(1.0 for _ in targets), "every target alike"
        if content == "population":
            found = []
            for target in targets:
                if target.population is None:
                    self._refuse("weights", f'population: "{target.id}" has none; allowed: equal, or a map of targets')
                found.append(target.population.value)
            return tuple(found), "by the people who live there"
        names = [target.id for target in targets]
        for name in content:
            self._known(f"weights.{name}", name, names, "target")
        missing = [name for name in names if name not in content]
        if missing:
            self._refuse("weights", f"no weight for {', '.join(missing)}; allowed: one for each target")
        return tuple(content[name] for name in names), "as the study gives them"

    def _common_mode(self, content: CommonModeFile) -> CommonMode:
        whole, track = content.reliability, content.track_probability
        return CommonMode(None if whole is None else _chance(whole), None if track is None else _chance(track))

    def _questions(self, content: QuestionsFile, layers: Sequence[str]) -> Questions:
        one_more = content.one_more or layers[0]
        self._known("questions.one_more", one_more, layers, "layer")
        return Questions(tuple(sorted(set(content.sizes))), content.confidence, one_more)


def _chance(content: float | ChanceFile) -> Sourced:
    if isinstance(content, float):
        return _own(content, None, None, "")
    return _own(content.value, content.low, content.high, content.note or "")


def _own(value: float, low: float | None, high: float | None, note: str) -> Sourced:
    """Return a number of the study's author."""
    bottom, top = (value if end is None else end for end in (low, high))
    said = note or "given in the study file"
    return Sourced(value, bottom, top, "1", value, bottom, top, "study-file", "", "assumed", said)
