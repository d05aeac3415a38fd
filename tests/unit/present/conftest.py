"""A made-up footprint of the shape that the analysis gives: round patches, no physics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
import xarray as xr

from equipoise.analysis import Engagement, StudyResults, Swing, vertical_cut
from equipoise.analysis.engagement import Moment, Shot
from equipoise.catalog import load_catalog
from equipoise.physics import Site
from equipoise.present.report import (
    ComparisonRow,
    Headline,
    NumberRow,
    NumberTable,
    PlaceCell,
    PlaceRow,
    ReportContent,
    ReportFigure,
    SourceRow,
)
from equipoise.present.scene import Scene, Spot
from equipoise.present.style import svg_bytes
from equipoise.present.timeline import timeline
from equipoise.sensors.radar import Radar
from equipoise.study import Study, load_study

if TYPE_CHECKING:
    from equipoise.physics.flight import Trajectory
    from equipoise.sensors.radar import Looks

FLAGS = ("defended", "not_threatened", "field_of_view", "detection_range", "timeline", "range", "min_altitude")

PLACES = (
    Spot("seoul", "Seoul", 37.57, 126.98, "KOR", 10349312),
    Spot("pyeongtaek", "Pyeongtaek", 36.99, 127.09, "KOR", 364694),
    Spot("suwon", "Suwon", 37.29, 127.01, "KOR", 1234582),
    Spot("daejeon", "Daejeon", 36.35, 127.38, "KOR", 1441203),
    Spot("daegu", "Daegu", 35.87, 128.59, "KOR", 2365523),
    Spot("busan", "Busan", 35.10, 129.03, "KOR", 3285147),
    Spot("ulsan", "Ulsan", 35.54, 129.32, "KOR", 1098421),
    Spot("gwangju", "Gwangju", 35.15, 126.92, "KOR", 1401235),
    Spot("gimcheon", "Gimcheon", 36.12, 128.12, "KOR", 150000),
    Spot("gumi", "Gumi", 36.11, 128.34, "KOR", 404691),
    Spot("jeju", "Jeju", 33.51, 126.52, "KOR", 488844),
    Spot("gangneung", "Gangneung", 37.75, 128.87, "KOR", 208161),
)
AREAS = {
    "hwangju": Spot("hwangju", "Hwangju", 38.7, 125.7, "PRK"),
    "wonsan": Spot("wonsan", "Wonsan", 39.2, 127.5, "PRK"),
    "tonghae": Spot("tonghae", "Tonghae (Musudan-ri)", 40.9, 129.7, "PRK"),
}


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene(
        home="KOR",
        site=Spot("seongju", "Seongju", 35.92, 128.28, "KOR"),
        places=PLACES,
        launch_areas=AREAS,
        missiles={"nodong": "Nodong (lofted)", "scud-c": "Scud-C"},
    )


def _margin(lat: np.ndarray, lon: np.ndarray, shift: float) -> np.ndarray:
    """Seconds that fall off with distance from a point a little south of the battery."""
    distance_km = np.hypot((lat - 35.6 - shift) * 111.0, (lon - 128.4 + shift) * 90.0)
    return (165.0 - distance_km) * 0.8


@pytest.fixture(scope="session")
def footprint() -> xr.Dataset:
    lat, lon = np.linspace(33.05, 38.75, 48), np.linspace(125.0, 130.9, 50)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    place_lat = np.array([p.lat_deg for p in PLACES])
    place_lon = np.array([p.lon_deg for p in PLACES])
    cases = [
        ("nodong", "hwangju", 0.0),
        ("nodong", "wonsan", 0.3),
        ("nodong", "tonghae", -0.2),
        ("scud-c", "hwangju", 0.1),
    ]
    margin, threatened, constraint = [], [], []
    place_margin, place_threatened = [], []
    for missile, area, shift in cases:
        spot = AREAS[area]
        reach_km = 450.0 if missile == "scud-c" else 1200.0

        def near(la: np.ndarray, lo: np.ndarray, spot: Spot = spot, reach_km: float = reach_km) -> np.ndarray:
            return np.hypot((la - spot.lat_deg) * 111.0, (lo - spot.lon_deg) * 90.0) < reach_km

        m, t = _margin(grid_lat, grid_lon, shift), near(grid_lat, grid_lon)
        margin.append(m)
        threatened.append(t)
        c = np.where(grid_lat > 37.2, 4, np.where(grid_lon < 127.0, 2, 5))
        constraint.append(np.where(~t, 1, np.where(m >= 0, 0, c)))
        place_margin.append(_margin(place_lat, place_lon, shift))
        place_threatened.append(near(place_lat, place_lon))
    place_margin_s = np.array(place_margin)
    return xr.Dataset(
        {
            "margin_s": (("case", "lat", "lon"), np.array(margin), {"units": "s", "long_name": "margin"}),
            "shots": (("case", "lat", "lon"), (np.array(margin) > 0).astype(np.int32), {"units": "1"}),
            "kill_probability": (("case", "lat", "lon"), np.clip(np.array(margin) / 200, 0, 1), {"units": "1"}),
            "constraint": (
                ("case", "lat", "lon"),
                np.array(constraint, dtype=np.int8),
                {"flag_values": np.arange(7, dtype=np.int8), "flag_meanings": " ".join(FLAGS)},
            ),
            "threatened": (("case", "lat", "lon"), np.array(threatened)),
            "place_margin_s": (("case", "place"), place_margin_s, {"units": "s"}),
            "place_threatened": (("case", "place"), np.array(place_threatened)),
            "place_constraint": (("case", "place"), np.where(place_margin_s >= 0, 0, 5).astype(np.int8)),
        },
        coords={
            "case": [f"{m}/{a}" for m, a, _ in cases],
            "missile": ("case", [m for m, _, _ in cases]),
            "launch_area": ("case", [a for _, a, _ in cases]),
            "lat_deg": ("lat", lat, {"units": "degrees_north"}),
            "lon_deg": ("lon", lon, {"units": "degrees_east"}),
            "place": [p.id for p in PLACES],
        },
        attrs={"title": "made-up footprint"},
    )


@pytest.fixture(scope="session")
def engagement() -> Engagement:
    """A parabola over a round Earth, seen at 120 s."""
    time_s = np.linspace(0.0, 480.0, 200)
    along = (time_s / 480.0) ** 0.98
    distance_m = 420e3 - along * 530e3
    altitude_m = np.clip(4.0 * 190e3 * along * (1.0 - along), 0.0, None)

    def moment(t: float) -> Moment:
        return Moment(t, float(np.interp(t, time_s, distance_m)), float(np.interp(t, time_s, altitude_m)))

    angle = np.linspace(0.2, np.pi / 2, 40)
    return Engagement(
        missile="Nodong",
        launch_area="Hwangju",
        target="Busan",
        site="Seongju",
        trajectory=cast("Trajectory", None),  # the pictures need the samples only
        time_s=time_s,
        distance_m=distance_m,
        altitude_m=altitude_m,
        looks=cast("Looks", None),
        radar=Radar(
            "an-tpy-2", "lewis-postol-870", 870e3, 0.01, 20.0, np.radians(60.0), np.radians(5.0), np.pi / 2, 5.0
        ),
        detection_range_m=870e3,
        reach_distance_m=np.concatenate([[0.0], 200e3 * np.cos(angle)]),
        reach_altitude_m=np.concatenate([[40e3], 40e3 + 110e3 * np.sin(angle)]),
        burnout=moment(92.0),
        apogee=moment(240.0),
        detection=moment(120.0),
        firm_track=moment(135.0),
        lost=None,
        first=Shot(165.0, moment(262.0)),
        last=Shot(348.0, moment(432.0)),
        margin_s=52.0,
        shots=3,
        constraint="defended",
        kill_probability=(0.4, 0.9, 0.99),
        min_altitude_m=40e3,
        max_altitude_m=150e3,
    )


@pytest.fixture(scope="session")
def coverage() -> xr.Dataset:
    """Circles cut by a sector and, at low altitude, by a nearer horizon."""
    lat, lon = np.linspace(22.0, 50.0, 61), np.linspace(108.0, 148.0, 60)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    north_km, east_km = (grid_lat - 35.92) * 111.0, (grid_lon - 128.28) * 90.0
    distance_km, azimuth = np.hypot(north_km, east_km), np.arctan2(east_km, north_km)
    altitudes_m, ranges_m = np.array([50e3, 100e3, 300e3]), np.array([600e3, 870e3, 1500e3, 2000e3, 3000e3])
    horizon = np.array([distance_km < limit for limit in (450.0, 750.0, 1600.0)])
    sector = np.abs(azimuth + 0.5) < np.radians(60.0)
    covered = np.array([[(distance_km < r / 1e3) & h & sector for h in horizon] for r in ranges_m])
    labels = ["ministry", "Lewis and Postol", "National Academies", "press", "CSIS"]
    return xr.Dataset(
        {
            "covered": (("radar_range", "altitude", "lat", "lon"), covered),
            "above_horizon": (("altitude", "lat", "lon"), horizon),
        },
        coords={
            "radar_range": ["ministry-600", "lewis-postol-870", "nas-1500", "press-2000", "csis-3000"],
            "label": ("radar_range", labels),
            "range_m": ("radar_range", ranges_m, {"units": "m"}),
            "altitude_m": ("altitude", altitudes_m, {"units": "m"}),
            "lat_deg": ("lat", lat),
            "lon_deg": ("lon", lon),
        },
    )


@pytest.fixture(scope="session")
def report_content(footprint: xr.Dataset, scene: Scene, engagement: Engagement) -> ReportContent:
    """A report with every part in it, and markup in its texts that must not survive as markup."""
    figure = ReportFigure(
        id="side-view",
        title="One engagement from the side",
        caption="A Nodong comes in from the left <over> the battery.",
        alt="Side view of an arc over a round Earth.",
        command="equipoise run seongju",
        svg=svg_bytes(timeline(engagement)),
    )
    row = NumberRow(
        "burnout speed", "2.8", "2.6 to 2.8", "km/s", "gagadget-2023", "p. 1", "reported", "press <b>figure</b>"
    )
    return ReportContent(
        title="The Seongju battery & three missiles",
        summary="What it sees <script>alert(1)</script>.",
        command="equipoise run seongju",
        study_id="seongju",
        study_sha256="ab" * 32,
        seed=2016,
        lede=("Against the Nodong the battery defends 48 % of the land.",),
        headlines=(
            Headline("48 %", "of the land against the Nodong", "41 to 55 % over the single launch areas"),
            Headline("31 %", "of the land against the Scud-C", "20 to 44 % over the single launch areas"),
        ),
        figures=(figure,),
        threats=("Nodong", "Scud-C"),
        places=(
            PlaceRow("Busan", "3,285,147", (PlaceCell("all", "45 s"), PlaceCell("out of range", "out of range"))),
            PlaceRow(
                "Seoul", "10,349,312", (PlaceCell("none", "seen too late"), PlaceCell("some", "4 s, not from Hwangju"))
            ),
        ),
        comparisons=(
            ComparisonRow(
                "One half to two thirds of the country",
                "Ministry of National Defence",
                "2016-07",
                "yonhap-2016-07-14",
                "48 %",
                "differs",
                "interceptor range",
            ),
        ),
        numbers=(NumberTable("THAAD interceptor", (row,)),),
        sources=(
            SourceRow(
                "yonhap-2016-07-14", "“THAAD battery”, Yonhap, 2016-07-14.", "http://koreatimesus.com/?p=60422&x=1", ""
            ),
            SourceRow("gagadget-2023", "“Article”, gagadget, 2023.", "https://gagadget.com/en/weapons/241088-", "weak"),
        ),
        limits=("How well interceptors discriminate.",),
        method=("Three degrees of freedom.",),
        files=(("footprint.nc", "margins on the grid"),),
    )


@pytest.fixture(scope="session")
def study() -> Study:
    """The bundled study, cut down to the threats and launch areas of the made-up footprint."""
    whole = load_study("seongju")
    wanted = {"nodong": {"hwangju", "wonsan", "tonghae"}, "scud-c": {"hwangju"}}
    threats = tuple(
        replace(t, launch_areas=tuple(area for area in t.launch_areas if area.id in wanted[t.missile.id]))
        for t in whole.threats
        if t.missile.id in wanted
    )
    return replace(whole, threats=threats, radar_ranges=("ministry-600", "lewis-postol-870"))


def _summary(shares: dict[str, tuple[float, tuple[float, ...]]]) -> dict[str, Any]:
    return {
        "threats": [
            {
                "missile": missile,
                "defended_fraction": every,
                "threatened_fraction": 0.9 if missile == "scud-c" else 1.0,
                "defended_land_area_km2": every * 97_188.0,
                "launch_areas": [{"defended_fraction": one} for one in single],
            }
            for missile, (every, single) in shares.items()
        ]
    }


@pytest.fixture(scope="session")
def results(
    study: Study, footprint: xr.Dataset, coverage: xr.Dataset, engagement: Engagement, uncertainty: xr.Dataset
) -> StudyResults:
    """Made-up results: 60 % against the Nodong, 40 % against the Scud-C, less with the shorter radar range."""
    summaries = {
        "lewis-postol-870": _summary({"scud-c": (0.4, (0.4,)), "nodong": (0.6, (0.65, 0.7, 0.62))}),
        "ministry-600": _summary({"scud-c": (0.3, (0.3,)), "nodong": (0.5, (0.55, 0.6, 0.52))}),
    }
    swing = Swing("thaad", "burnout_speed", "km/s", 2.6, 2.8, (0.3, 0.5), (0.42, 0.6), (("nodong", "pyeongtaek"),))
    turn = Swing("study", "boresight", "deg", 315.0, 365.0, (0.38, 0.45), (0.35, 0.55), (("nodong", "busan"),))
    return StudyResults(
        study=study,
        footprints=dict.fromkeys(summaries, footprint),
        summaries=summaries,
        uncertainty=uncertainty,
        swings=(turn, swing),
        coverage=coverage,
        engagement=engagement,
    )


@pytest.fixture(scope="session")
def uncertainty(study: Study) -> xr.Dataset:
    """Probability that falls off from the battery; the second threat nowhere reaches the north-east."""
    lat, lon = np.linspace(33.2, 38.6, 24), np.linspace(125.9, 129.7, 24)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    near = np.clip(1.8 - np.hypot((grid_lat - 35.9), (grid_lon - 128.3) * 0.8), 0.0, 1.0)
    field = np.array([near, np.where(grid_lat + grid_lon > 166.5, np.nan, near * 0.8)])
    return xr.Dataset(
        {
            "probability_defended": (("threat", "lat", "lon"), field),
            "place_probability_defended": (("threat", "place"), np.full((2, len(study.places)), 0.75)),
        },
        coords={"threat": ["scud-c", "nodong"], "lat_deg": ("lat", lat), "lon_deg": ("lon", lon)},
    )


@pytest.fixture(scope="session")
def cut() -> xr.Dataset:
    """Every published range of the AN/TPY-2 at Seongju, towards 297 degrees."""
    radar = load_catalog().radar("an-tpy-2")
    return vertical_cut(
        radar,
        Site.of_degrees(35.92, 128.28),
        np.radians(340.0),
        radar.range_names,
        np.radians(297.0),
        ground_range_m=3e6,
        top_m=1.5e6,
    )
