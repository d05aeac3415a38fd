"""From a network study's file to a :class:`NetworkStudy`: ids become records, and every complaint names its field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from equipoise.catalog.positions import PlaceRecord
from equipoise.catalog.radars import RadarRecord, looks_nowhere
from equipoise.errors import UnknownIdError
from equipoise.study.balance_model import BalanceSpec
from equipoise.study.balance_reading import BalanceResolver
from equipoise.study.file import GridFile
from equipoise.study.network_file import (
    AlternativeFile,
    ArcsFile,
    EngageFile,
    ExampleArcFile,
    LinkFile,
    Mode,
    NetworkFile,
    NetworkPublishedFile,
    NetworkStudyFile,
    SensorFile,
    ShooterFile,
    VariantFile,
)
from equipoise.study.network_model import (
    WHOLE,
    Alternative,
    ArcGroup,
    EngagePlacement,
    ExampleArc,
    LaunchWarning,
    LinkSpec,
    NetworkSpec,
    NetworkStudy,
    SensorPlacement,
    ShooterPlacement,
    Variant,
    VerticalCut,
    ViewFinding,
)
from equipoise.study.resolving import Resolver

_TURN = 2.0 * math.pi


class NetworkResolver(Resolver):
    """Turns the ids of one network study's file into records."""

    def network_study(self, content: NetworkStudyFile, path: Path, text: str) -> NetworkStudy:
        """Return the study with its records."""
        sensors = tuple(self._sensor(f"sensors[{i}]", sensor) for i, sensor in enumerate(content.sensors))
        self._refuse_repeats("sensors", [sensor.id for sensor in sensors])
        names = [sensor.id for sensor in sensors]
        self._known("focus", content.focus, names, "sensor")
        groups = tuple(self._group(f"arcs[{i}]", group) for i, group in enumerate(content.arcs))
        focus = next(sensor for sensor in sensors if sensor.id == content.focus)
        engage = tuple(self._engage(f"engage[{i}]", item, names, groups) for i, item in enumerate(content.engage))
        asked = [item.id for item in engage]
        self._refuse_repeats("engage", asked)
        network = None if content.network is None else self._network(content.network, names, asked)
        variants = [] if network is None else [variant.id for variant in network.variants]
        for i, finding in enumerate(content.published):
            if finding.variant is not None:
                self._known(f"published[{i}].variant", finding.variant, variants, "variant")
            if finding.battery is not None:
                self._known(f"published[{i}].battery", finding.battery, asked, "battery")
        cut = content.cut
        return NetworkStudy(
            id=content.id,
            title=content.title,
            summary=" ".join(content.summary.split()),
            focus=content.focus,
            alternatives=self._alternatives(content, focus),
            sensors=sensors,
            groups=groups,
            network=network,
            coverage_altitudes_m=content.coverage_altitudes,
            cut=VerticalCut(cut.azimuth % _TURN, cut.range, cut.top),
            example=self._example(content.example, groups),
            published=tuple(
                self._view_finding(f"published[{i}]", finding, content.focus, names, groups)
                for i, finding in enumerate(content.published)
            ),
            catalog=self._catalog,
            path=path,
            text=text,
            engage=engage,
            balance=self._balance(content, groups, engage, variants),
        )

    def _known(self, field: str, wanted: str, known: Iterable[str], what: str = "node") -> None:
        names = list(known)
        if wanted not in names:
            raise UnknownIdError(f"{self._name}, {field}: {UnknownIdError.of(what, wanted, names)}")

    def _mode(self, field: str, mode: Mode | None, radar: RadarRecord) -> None:
        if mode is not None:
            self._found(field, radar.mode_named, mode)

    def _check_mode_and_range(self, field: str, sensor: SensorPlacement) -> None:
        """Refuse a range that is published for another mode than the one that the sensor is in."""
        self._check_range(f"{field}.radar_range", sensor.radar_range, sensor.radar)
        published = sensor.published_range
        if sensor.mode is None or published is None:
            return
        stated = published.mode
        if stated not in ("unstated", sensor.mode):
            fitting = [one.name for one in sensor.radar.ranges if one.mode in ("unstated", sensor.mode)]
            self._refuse(
                f"{field}.radar_range",
                f'"{sensor.radar_range}" is published for the {stated} mode, and the mode is {sensor.mode}; '
                f"allowed: {', '.join(fitting)}",
            )

    def _check_view(self, field: str, sensor: SensorPlacement) -> None:
        """Refuse a sensor that looks nowhere because of the elevation floor that the study gives it."""
        if sensor.elevation_floor_rad is None:
            return
        for face in sensor.site.faces:
            half_width_rad, _, top_rad = face.limits_rad(sensor.radar)
            empty = looks_nowhere(half_width_rad, sensor.elevation_floor_rad, top_rad)
            if empty is not None:
                self._refuse(f"{field}.{empty[0]}", empty[1])

    def _sensor(self, field: str, content: SensorFile) -> SensorPlacement:
        catalog = self._catalog
        site = self._found(f"{field}.site", catalog.sensor_site, content.site)
        radar = catalog.radar(site.radar)
        self._mode(f"{field}.mode", content.mode, radar)
        stated: Mode | None = None if site.mode == "unstated" else site.mode
        if content.field_of_view == "face" and radar.face is None:
            self._refuse(f"{field}.field_of_view", f'got "face", and {radar.id} has no face; allowed: sector')
        position = catalog.position_rad(site)
        if position is None:
            if content.at is None:
                self._refuse(f"{field}.at", f'missing; "{site.id}" moves, so the study says where it is')
            position = (_tenth(content.at.latitude), _tenth(content.at.longitude))
        elif content.at is not None:
            self._refuse(
                f"{field}.at", f'given, and "{site.id}" stands where its record says; allowed: to leave it out'
            )
        if content.heading is not None and not site.mobile:
            self._refuse(f"{field}.heading", f'given, and "{site.id}" does not move; allowed: boresight')
        sensor = SensorPlacement(
            id=content.id or site.id,
            site=site,
            radar=radar,
            lat_rad=position[0],
            lon_rad=position[1],
            turn_rad=content.heading or 0.0,
            mode=content.mode or stated,
            radar_range=content.radar_range,
            field_of_view=content.field_of_view,
        )
        self._check_mode_and_range(field, sensor)
        return self._turned(field, sensor, content.boresight)

    def _turned(self, field: str, sensor: SensorPlacement, boresight_rad: float | None) -> SensorPlacement:
        if boresight_rad is None:
            return sensor
        if len(sensor.site.faces) > 1:
            faces = len(sensor.site.faces)
            self._refuse(f"{field}.boresight", f'given, and "{sensor.site.id}" has {faces} faces; allowed: one face')
        return replace(sensor, turn_rad=boresight_rad - sensor.site.faces[0].boresight_rad.value)

    def _alternatives(self, content: NetworkStudyFile, focus: SensorPlacement) -> tuple[Alternative, ...]:
        if content.alternatives == "all":
            # Every published range, whatever mode its source states: the study asks what each would mean there.
            return tuple(
                Alternative(
                    one.name,
                    f"{one.range_m.written:,.0f} {one.range_m.unit}: {one.label}",
                    replace(focus, radar_range=one.name, mode=None if one.mode == "unstated" else one.mode),
                )
                for one in focus.radar.ranges
            )
        found = tuple(self._alternative(f"alternatives[{i}]", one, focus) for i, one in enumerate(content.alternatives))
        self._refuse_repeats("alternatives", [one.id for one in found])
        return found

    def _alternative(self, field: str, content: AlternativeFile, focus: SensorPlacement) -> Alternative:
        self._mode(f"{field}.mode", content.mode, focus.radar)
        sensor = replace(
            focus,
            radar_range=content.radar_range,
            mode=content.mode,
            elevation_floor_rad=content.elevation_floor,
        )
        self._check_mode_and_range(field, sensor)
        self._check_view(field, sensor)
        return Alternative(content.id, content.title, self._turned(field, sensor, content.boresight))

    def _group(self, field: str, content: ArcsFile) -> ArcGroup:
        areas = tuple(
            self._found(f"{field}.launch_areas[{j}]", self._catalog.launch_area, id)
            for j, id in enumerate(content.launch_areas)
        )
        targets = tuple(self._place(f"{field}.targets[{j}]", target) for j, target in enumerate(content.targets))
        self._refuse_repeats(f"{field}.launch_areas", [area.id for area in areas])
        self._refuse_repeats(f"{field}.targets", [target.id for target in targets])
        return ArcGroup(
            content.group, self._missile(f"{field}.missile", content.missile), areas, targets, content.trajectory
        )

    def _example(self, content: ExampleArcFile, groups: Sequence[ArcGroup]) -> ExampleArc:
        missile = self._missile("example.missile", content.missile)
        area = self._found("example.launch_area", self._catalog.launch_area, content.launch_area)
        target: PlaceRecord = self._place("example.target", content.target)
        matching = [g for g in groups if g.missile.id == missile.id and area in g.launch_areas and target in g.targets]
        if not matching:
            given = f"{missile.id} from {area.id} to {target.id}"
            self._refuse("example", f"{given} is not among the arcs; allowed: one that is")
        return ExampleArc(missile, area, target, matching[0].trajectory)

    def _view_finding(
        self, field: str, content: NetworkPublishedFile, focus: str, sensors: Sequence[str], groups: Sequence[ArcGroup]
    ) -> ViewFinding:
        sensor = content.sensor or focus
        self._known(f"{field}.sensor", sensor, sensors, "sensor")
        return ViewFinding(
            claim=" ".join(content.claim.split()),
            by=content.by,
            date=content.date,
            source=self._found(f"{field}.source", self._catalog.source, content.source),
            sensor=sensor,
            groups=self._headings(f"{field}.groups", content.groups, groups),
            in_view=content.in_view,
            reading=" ".join((content.reading or "").split()),
            variant=content.variant or "",
            battery=content.battery or "",
        )

    def _balance(
        self,
        content: NetworkStudyFile,
        groups: Sequence[ArcGroup],
        engage: Sequence[EngagePlacement],
        variants: Sequence[str],
    ) -> BalanceSpec | None:
        if content.balance is None:
            return None
        resolver = BalanceResolver(
            self._name,
            self._catalog,
            groups=[group.name for group in groups],
            batteries={item.id: item.battery for item in engage},
            variants=variants,
        )
        return resolver.balance(content.balance)

    def _engage(
        self, field: str, content: EngageFile, sensors: Sequence[str], groups: Sequence[ArcGroup]
    ) -> EngagePlacement:
        catalog = self._catalog
        battery = self._found(f"{field}.battery", catalog.battery, content.battery)
        for i, id in enumerate(content.fires_on):
            self._known(f"{field}.fires_on[{i}]", id, sensors, "sensor")
        self._refuse_repeats(f"{field}.fires_on", content.fires_on)
        interceptor = self._found(
            f"{field}.interceptor", catalog.interceptor, content.interceptor or battery.interceptor
        )
        speeds = content.burnout_speeds or (interceptor.burnout_speed_mps.value,)
        self._refuse_repeats(f"{field}.burnout_speeds", [f"{speed / 1e3:g} km/s" for speed in speeds])
        return EngagePlacement(
            id=content.id,
            battery=battery,
            launcher=catalog.launcher(battery.launcher),
            interceptor=interceptor,
            site=self._place(f"{field}.site", content.site),
            fires_on=content.fires_on,
            burnout_speeds_mps=tuple(sorted(speeds)),
            groups=self._headings(f"{field}.groups", content.groups, groups),
        )

    def _headings(self, field: str, wanted: Sequence[str], groups: Sequence[ArcGroup]) -> tuple[str, ...]:
        """Return headings of arcs; all of them where none is wanted."""
        names = tuple(dict.fromkeys(group.name for group in groups))
        for i, name in enumerate(wanted):
            if name not in names:
                self._refuse(f"{field}[{i}]", f'"{name}" is no heading of arcs; allowed: {", ".join(names)}')
        return tuple(wanted) or names

    def _network(self, content: NetworkFile, sensors: Sequence[str], engaged: Sequence[str]) -> NetworkSpec:
        field = "network"
        warning = None
        if content.warning is not None:
            record = self._found(f"{field}.warning.record", self._catalog.launch_warning, content.warning.record)
            warning = LaunchWarning(content.warning.id, record)
        command = tuple((node.id, node.name) for node in content.command)
        posts = [id for id, _ in command]
        self._known(f"{field}.report_to", content.report_to, posts, "command node")
        shooters = tuple(
            self._shooter(f"{field}.shooters[{i}]", shooter, sensors) for i, shooter in enumerate(content.shooters)
        )
        givers = [*sensors, *([warning.id] if warning else []), *posts]
        batteries = [*(shooter.id for shooter in shooters), *engaged]
        takers = [*sensors, *posts, *batteries]
        self._refuse_repeats(field, list(dict.fromkeys(givers)) + batteries)
        self._refuse_repeats(field, givers)
        links = self._links(content.links, givers, takers, sensors, posts)
        named = list(dict.fromkeys(link.id for link in links if link.id))
        removable = [*sensors, *([warning.id] if warning else [])]
        variants = tuple(
            self._variant(f"{field}.variants[{i}]", variant, named, removable)
            for i, variant in enumerate(content.variants)
        )
        self._refuse_repeats(f"{field}.variants", [WHOLE, *(variant.id for variant in variants)])
        for i, element in enumerate(content.elements):
            self._known(f"{field}.elements[{i}]", element, [*removable, *named], "sensor or link")
        self._refuse_repeats(f"{field}.elements", content.elements)
        whole = Variant(WHOLE, "all links of the study", frozenset(), frozenset())
        return NetworkSpec(
            warning=warning,
            command=command,
            report_to=content.report_to,
            links=links,
            shooters=shooters,
            variants=(whole, *variants),
            elements=tuple(content.elements),
            engaged=tuple(engaged),
        )

    def _links(
        self,
        content: Sequence[LinkFile],
        givers: Sequence[str],
        takers: Sequence[str],
        sensors: Sequence[str],
        posts: Sequence[str],
    ) -> tuple[LinkSpec, ...]:
        links = []
        for i, link in enumerate(content):
            field = f"network.links[{i}]"
            record = self._found(f"{field}.by", self._catalog.data_link, link.by)
            for source in _listed(link.source):
                self._known(f"{field}.from", source, givers)
                for sink in _listed(link.sink):
                    self._known(f"{field}.to", sink, takers)
                    if source == sink:
                        self._refuse(field, f'runs in a circle from "{source}" to itself; allowed: two different nodes')
                    if source not in sensors and source not in posts and "track" in link.carries:
                        self._refuse(f"{field}.carries", f'got "track" from "{source}", which only warns; allowed: cue')
                    links.append(LinkSpec(link.id or "", source, sink, frozenset(link.carries), record))
        # A sensor does not pass on what it is told, so that only command nodes can send news round in a circle.
        graph = TopologicalSorter(
            {post: [ln.source for ln in links if ln.sink == post and ln.source in posts] for post in posts}
        )
        try:
            graph.prepare()
        except CycleError as error:
            circle = " to ".join(error.args[1])
            self._refuse("network.links", f"run in a circle: {circle}; allowed: links that lead away from their start")
        return tuple(links)

    def _variant(self, field: str, content: VariantFile, links: Sequence[str], removable: Sequence[str]) -> Variant:
        for i, id in enumerate(content.cut):
            self._known(f"{field}.cut[{i}]", id, links, "link")
        for i, id in enumerate(content.away):
            self._known(f"{field}.away[{i}]", id, removable)
        return Variant(content.id, content.title, frozenset(content.cut), frozenset(content.away))

    def _shooter(self, field: str, content: ShooterFile, sensors: Sequence[str]) -> ShooterPlacement:
        catalog = self._catalog
        battery = self._found(f"{field}.battery", catalog.battery, content.battery)
        self._known(f"{field}.sensor", content.sensor, sensors, "sensor")
        for i, id in enumerate(content.fires_on):
            self._known(f"{field}.fires_on[{i}]", id, sensors, "sensor")
        self._refuse_repeats(f"{field}.fires_on", content.fires_on)
        interceptor = content.interceptor or battery.interceptor
        area = _listed(content.area)
        self._refuse_repeats(f"{field}.area", area)
        if len(area) > 1 and content.grid is None:
            self._refuse(f"{field}.grid", "missing; the land of several countries needs a grid of its own")
        # Each area is looked up also where a grid of its own is laid over it.
        whole = [self._grid(GridFile(area=country, rows=24, columns=24), field) for country in area]
        return ShooterPlacement(
            id=content.id,
            battery=battery,
            launcher=catalog.launcher(battery.launcher),
            interceptor=self._found(f"{field}.interceptor", catalog.interceptor, interceptor),
            site=self._place(f"{field}.site", content.site),
            sensor=content.sensor,
            fires_on=content.fires_on,
            track_until=content.track_until,
            engage_on_remote=content.engage_on_remote,
            threats=self._threats(content.threats, f"{field}.threats"),
            area=area,
            grid=whole[0] if content.grid is None else self._grid(content.grid, f"{field}.grid"),
        )


def _listed(ids: str | tuple[str, ...]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else ids


def _tenth(angle_rad: float) -> float:
    """Return an angle rounded to 0.1 degrees: a ship's place is an assumption, not a fix."""
    return math.radians(round(math.degrees(angle_rad), 1))
