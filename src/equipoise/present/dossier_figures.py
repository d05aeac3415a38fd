"""The figures of the dossier: each with its words, the data behind it and the command that remakes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis import balance_summary
from equipoise.analysis.near_radar import near_radar
from equipoise.analysis.proportion_summary import proportion_summary
from equipoise.present.balance_figures import penetrating_figure, stopped_figure
from equipoise.present.balance_tables import balance_files
from equipoise.present.captions import share_rows
from equipoise.present.csv_text import csv_text
from equipoise.present.defended_map import defended_map, standing
from equipoise.present.engagement_figures import reach_figure
from equipoise.present.engagement_tables import engagements_csv
from equipoise.present.footprint_figures import cases_of, footprint_map
from equipoise.present.leakage_figure import leakage_figure
from equipoise.present.needed_figure import needed_figure
from equipoise.present.network_names import LETTERS_WORDS
from equipoise.present.radiation_figure import radiation_figure
from equipoise.present.raid_exports import curve_csv, plain_summary
from equipoise.present.report import ReportFigure
from equipoise.present.results import threat_findings
from equipoise.present.scene import Scene
from equipoise.present.share_figure import share_against_range
from equipoise.present.style import svg_bytes
from equipoise.present.time_in_view_figure import time_in_view_figure
from equipoise.present.worth_figure import worth_figure

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from equipoise.analysis.network_results import NetworkResults
    from equipoise.debate import StudyRuns


@dataclass(frozen=True)
class DossierFigure:
    """A figure with its words and its data.

    Parameters
    ----------
    words : ReportFigure
        Title, caption, description, command and drawing.
    figure : matplotlib.figure.Figure
        The same, for other formats.
    data : str
        What is drawn, as CSV.
    """

    words: ReportFigure
    figure: Figure
    data: str

    @property
    def data_file(self) -> str:
        """Where the data lie in the run."""
        return f"data/{self.words.id}.csv"


Parts = tuple[str, str, str, str, "Figure", str]


def _seen(study: str, title: str) -> Callable[[StudyRuns], Parts]:
    def draw(runs: StudyRuns) -> Parts:
        results = runs.network(study)
        seen = int((results.alternatives["in_view_s"].values > 0.0).any(axis=1).sum())
        return (
            title,
            "Seconds for which the radar at Seongju has each arc in view, for each way to take it; a letter where it "
            f"never does says why ({LETTERS_WORDS}). A hatched pair is out of the missile's reach.",
            f"Tables of seconds in view; {seen} of {len(results.arcs.cases)} arcs come into view in one way or "
            "another.",
            f"equipoise run {study}",
            time_in_view_figure(results),
            csv_text(_views(results.alternatives)),
        )

    return draw


def _views(views: xr.Dataset) -> Iterator[dict[str, Any]]:
    for i, arc in enumerate(views["arc"].values):
        for j, way in enumerate(views["alternative"].values):
            own = views.isel(arc=i, alternative=j)
            yield {
                "arc": str(arc), "group": str(own["group"].values), "way": str(way),
                **{name: round(float(own[name]), 1) for name in ("in_view_s", "in_view_low_s", "in_view_high_s")},
                "highest_elevation_deg": round(float(own["highest_elevation_deg"]), 2),
            }  # fmt: skip


def _worth(study: str, title: str) -> Callable[[StudyRuns], Parts]:
    def draw(runs: StudyRuns) -> Parts:
        results = runs.network(study)
        return (
            title,
            "Bars: the Shapley share of each element, with what the ends of the inputs' ranges make of it. Marks: "
            "what is lost without that element alone. Where others see as much, nothing is lost and yet the share is "
            "not zero.",
            "Bars of Shapley shares and marks of what is lost: "
            + "; ".join(
                f"{one.metric} {share.element} {share.lost.value:.3g} lost, share {share.shapley.value:.3g}"
                for one in results.worth
                for share in one.shares
            )
            + ".",
            f"equipoise run {study}",
            worth_figure(results),
            csv_text(_shares(results)),
        )

    return draw


def _shares(results: NetworkResults) -> Iterator[dict[str, Any]]:
    for one in results.worth:
        for share in one.shares:
            row: dict[str, Any] = {"metric": one.metric, "battery": one.shooter, "element": share.element}
            for name, band in (("without_it", share.without), ("lost", share.lost), ("shapley", share.shapley)):
                row |= {
                    f"{name}_low": round(band.low, 4),
                    name: round(band.value, 4),
                    f"{name}_high": round(band.high, 4),
                }
            yield row


def _penetrating(runs: StudyRuns) -> Parts:
    summary = balance_summary(runs.balance("strategic-balance"))
    return (
        "Warheads that penetrate, by arsenal size and alert rate",
        "Expected numbers with every element of the defence, and without any (grey). Tinted: what chance does at "
        "central numbers; hatched: what is not known, over draws from the sourced ranges. Both scales of equal "
        "ratios. Telling a warhead from what flies with it is one sourced chance: the most generous to the defence.",
        _balance_alt(summary),
        "equipoise run strategic-balance",
        penetrating_figure(summary),
        _curve_of(summary),
    )


def _stopped(runs: StudyRuns) -> Parts:
    results = runs.balance("strategic-balance")
    summary = balance_summary(results)
    return (
        "Share of the arriving warheads that is stopped, with and without each element",
        "At the highest alert rate. Black: every element there; coloured: each one away by itself; where a coloured "
        "line lies on the black one, that element changes nothing. Dashed: the shares from which on the study says "
        "that the defence matters; dotted: published counts of warheads.",
        _balance_alt(summary),
        "equipoise run strategic-balance",
        stopped_figure(summary, [one.share for one in results.spec.matters]),
        _curve_of(summary),
    )


def _balance_alt(summary: Mapping[str, Any]) -> str:
    said = []
    for force in summary["forces"]:
        everything = force["scenarios"][0]
        said.append(
            f"{force['name']}: {everything['penetrating']:.0f} of {everything['arriving']:.0f} arriving warheads "
            "penetrate"
        )
    return "Curves for two forces. " + "; ".join(said) + "."


def _curve_of(summary: Mapping[str, Any]) -> str:
    return balance_files(summary)["balance_curve.csv"]


def _footprint(runs: StudyRuns) -> Parts:
    results = runs.footprint("seongju")
    cells = cases_of(results.central, "nodong")
    margin_s = np.fmin.reduce(np.where(cells["threatened"].values, cells["margin_s"].values, np.nan), axis=0)
    rows = [
        {
            "lat_deg": round(float(lat), 4),
            "lon_deg": round(float(lon), 4),
            "least_margin_s": round(float(margin_s[i, j]), 2),
        }
        for i, lat in enumerate(cells["lat_deg"].values)
        for j, lon in enumerate(cells["lon_deg"].values)
        if np.isfinite(margin_s[i, j])
    ]
    share = next(one for one in results.summary["threats"] if one["missile"] == "nodong")["defended_fraction"]
    return (
        "What the battery defends against the Nodong",
        "Shaded: where an intercept can be tried in time if the missile comes from every launch area (dark), or from "
        "at least one (light, dashed). Circles are places inside, diamonds inside for some launch areas only, squares "
        "outside.",
        f"A map of South Korea; {100 * share:.0f} per cent of the land is defended from every launch area.",
        "equipoise run seongju",
        footprint_map(results.central, Scene.of(results.study), "nodong"),
        csv_text(rows),
    )


def _share(runs: StudyRuns) -> Parts:
    results = runs.footprint("seongju")
    shares = share_rows(results.study, threat_findings(results))
    return (
        "The defended share of the land, by published range of the radar",
        "Markers: share defended from every launch area; bars: from the worst to the best single launch area; band: "
        "the half to two thirds that the ministry stated.",
        "; ".join(f"{one.missile}, {one.range_km:,.0f} km: {100 * one.fraction:.0f} per cent" for one in shares) + ".",
        "equipoise run seongju",
        share_against_range(shares, claim=(0.5, 0.667), claim_label="ministry, 2016-07", country="South Korea"),
        csv_text(
            {"missile": one.missile, "radar_range_km": one.range_km, "published_by": one.range_label,
             "defended_fraction": round(one.fraction, 4), "worst_launch_area": round(one.low, 4),
             "best_launch_area": round(one.high, 4)}
            for one in shares
        ),
    )  # fmt: skip


def _needed(runs: StudyRuns) -> Parts:
    results = runs.proportion("north-korean-classes")
    summary = proportion_summary(results)
    rows = []
    for one in summary["classes"]:
        asked = {name: value for name, value in one.items() if name.endswith("_km")}
        rows += [{"missile": one["missile"], **asked, **published} for published in one["radar_ranges"]]
    return (
        "What each class asks of radar and interceptor, beside what is published",
        "Bars: what the arcs onto South Korean places ask for, from least to most. Diamonds: each published radar "
        "range as it is against that class's cross-section. A diamond to the right of its bar sees farther than the "
        "class asks for.",
        "Bars and marks by class. "
        + " ".join(
            f"{one['name']}: radar range asked for up to {one['radar_range_needed_most_km']:,.0f} km, ground range up "
            f"to {one['ground_range_needed_most_km']:,.0f} km."
            for one in summary["classes"]
            if one["radar_range_needed_most_km"] is not None
        ),
        "equipoise proportion north-korean-classes",
        needed_figure(results),
        csv_text(rows),
    )


def _leakage(runs: StudyRuns) -> Parts:
    results = runs.raid("seongju-raid")
    summary = plain_summary(results)
    spent = summary["magazine_spent_at"][0]
    return (
        "How much of a raid leaks, and when the magazine is spent",
        "The share of missiles that leak against the size of the raid. Tinted: what chance makes of single raids; "
        "hatched: what the ranges of the numbers leave unknown. Below, when the battery's 48 interceptors are spent.",
        f"A rising curve; the magazine is spent in half of the raids of {spent['missiles_p50']} missiles.",
        "equipoise run seongju-raid",
        leakage_figure(results),
        curve_csv(summary),
    )


def _reach(runs: StudyRuns) -> Parts:
    results = runs.network("european-shield")
    return (
        "Which arcs pass within reach of the European sites, by burnout speed",
        "Filled: fired at the moment at which the missile leaves, within the published limits; open: the same by "
        "flight alone. Diamonds: what is left once the battery waits for a track of the network.",
        "Shares of arcs by burnout speed, for Deveselu and Redzikowo, against Iranian and Russian arcs.",
        "equipoise run european-shield",
        reach_figure(results),
        engagements_csv(results),
    )


def _defended(runs: StudyRuns) -> Parts:
    results = runs.network("european-shield")
    rows = []
    for land in results.lands:
        for missile in land.margin_s["threat"].values:
            own = land.margin_s.sel(threat=missile)
            codes = standing(own)
            rows += [
                {"battery": land.shooter, "missile": str(missile), "lat_deg": round(float(own["lat_deg"].values[i]), 4),
                 "lon_deg": round(float(own["lon_deg"].values[j]), 4), "standing": int(codes[i, j])}
                for i, j in zip(*np.nonzero(~np.ma.getmaskarray(codes)), strict=True)
            ]  # fmt: skip
    return (
        "The land of European NATO members that the sites defend, by Iranian class",
        "Each site twice: meeting a missile only once its own radar follows it, and on any track. White: out of the "
        "class's reach, or not of those countries.",
        "Maps of defended land by site, way of engaging and missile class.",
        "equipoise run european-shield",
        defended_map(results),
        csv_text(rows),
    )


def _radiation(runs: StudyRuns) -> Parts:
    near = near_radar(runs.footprint("seongju").study.defence.radar, np.geomspace(50.0, 20e3, 200))
    assert near is not None
    rows = [
        {"distance_m": round(float(at), 1), "low_w_m2": float(f"{low:.5g}"), "central_w_m2": float(f"{middle:.5g}"),
         "high_w_m2": float(f"{high:.5g}")}
        for at, low, middle, high in zip(near.distance_m, near.low_w_m2, near.central_w_m2, near.high_w_m2, strict=True)
    ]  # fmt: skip
    return (
        "Power density near the radar",
        "On level ground below the beam, at full average power without a pause; the band spans the radar's disputed "
        "numbers. Marks: what was measured. It says nothing of any effect on health.",
        f"Falling curves against distance; the limit for the public is {near.public_limit_w_m2:g} W/m².",
        "equipoise run northeast-asia",
        radiation_figure(near),
        csv_text(rows),
    )


FIGURES: Mapping[str, Callable[[StudyRuns], Parts]] = {
    "russia-time-in-view": _seen("russia-view", "Russian missiles in view of Seongju"),
    "china-time-in-view": _seen("china-view", "Chinese missiles in view of Seongju"),
    "network-worth": _worth("northeast-asia", "What each radar is worth to the regional network"),
    "outbound-worth": _worth("north-korea-outbound", "What each radar is worth for GMD and Aegis"),
    "penetrating": _penetrating,
    "balance": _stopped,
    "footprint-nodong": _footprint,
    "share": _share,
    "radar-needed": _needed,
    "exhaustion": _leakage,
    "europe-reach": _reach,
    "europe-defended": _defended,
    "radiation": _radiation,
}


def dossier_figure(identifier: str, runs: StudyRuns) -> DossierFigure:
    """Draw one figure of the dossier.

    Parameters
    ----------
    identifier : str
        Of ``FIGURES``.
    runs : StudyRuns
        Where its study is run.
    """
    title, caption, alt, command, figure, data = FIGURES[identifier](runs)
    words = ReportFigure(identifier, title, caption, alt, command, svg_bytes(figure))
    return DossierFigure(words, figure, data)
