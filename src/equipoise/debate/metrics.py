"""The numbers that claims are tested by: what each is, of which kind of study, and what it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from equipoise.debate import metrics_defence as defence
from equipoise.debate import metrics_network as network
from equipoise.debate.claims import Measure
from equipoise.debate.metric_kinds import Setting
from equipoise.debate.runs import StudyRuns


@dataclass(frozen=True)
class Metric:
    """One number that claims are tested by.

    Attributes
    ----------
    name : str
        As files write it.
    kind : str
        Which kind of study it is taken from.
    unit : str
        Of the number; ``"share"``, given as ``"10 percent"`` or ``"0.1"``, ``"1"`` for a ratio or a count.
    words : str
        What it is.
    rivals : str
        What its rows differ by.
    measure : callable
        Takes the runs, a study and the settings, and gives the measure.
    settings : mapping of Setting
        What it may be asked for.
    """

    name: str
    kind: str
    unit: str
    words: str
    rivals: str
    measure: Callable[[StudyRuns, str, Mapping[str, Any]], Measure]
    settings: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def si_unit(self) -> str:
        """The unit in which a threshold is read."""
        return "1" if self.unit == "share" else self.unit


def _all(metrics: Sequence[Metric]) -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics}


METRICS: Mapping[str, Metric] = _all(
    [
        Metric(
            "arcs-in-view", "network", "share",
            "share of the arcs that the radar in focus has in view at any moment",
            "the ways to take the radar that the study runs",
            network.arcs_in_view, {"groups": network.GROUPS, "ways": network.WAYS},
        ),
        Metric(
            "time-in-view", "network", "s",
            "seconds for which the radar in focus has an arc in view, averaged over the arcs",
            "the ways to take the radar that the study runs",
            network.time_in_view, {"groups": network.GROUPS, "ways": network.WAYS},
        ),
        Metric(
            "network-gain", "network", "s",
            "what the network gains by a sensor: seconds of warning, or of firm track, averaged over the arcs",
            "whether the sensor is joined to the network",
            network.network_gain,
            {"measure": network.GAIN, "without": network.VARIANT, "unlinked": network.VARIANT_OR_NOT},
        ),
        Metric(
            "window-gain", "network", "s",
            "what a battery's firing window gains by a sensor, averaged over the arcs",
            "published limits of the interceptor, and flight alone",
            network.window_gain,
            {"battery": network.BATTERY, "without": network.VARIANT, "groups": network.GROUPS},
        ),
        Metric(
            "arcs-in-reach", "network", "share",
            "share of the arcs within reach of an interceptor that leaves at the moment at which the missile leaves",
            "burnout speeds of the interceptor, within published limits and by flight alone",
            network.arcs_in_reach, {"battery": network.BATTERY, "groups": network.GROUPS},
        ),
        Metric(
            "arcs-to-fire-at", "network", "share",
            "share of the arcs that a battery can still meet once it waits for a track of the network",
            "burnout speeds of the interceptor, within published limits and by flight alone",
            network.arcs_to_fire_at,
            {"battery": network.BATTERY, "groups": network.GROUPS, "variant": network.VARIANT_OR_NOT},
        ),
        Metric(
            "network-land-defended", "network", "share",
            "share of the land in a missile's reach that a battery of the network defends",
            "missile classes",
            network.land_defended, {"battery": network.SHOOTER, "missiles": network.LAND_MISSILES},
        ),
        Metric(
            "penetrating-change", "network", "share",
            "share of the arriving warheads by which an element lowers the number that penetrate",
            "published counts of warheads, at each alert rate of the study",
            network.penetrating_change, {"force": network.FORCE, "element": network.ELEMENT},
        ),
        Metric(
            "land-defended", "footprint", "share",
            "share of the country's land that is defended from every launch area that reaches it",
            "published ranges of the radar",
            defence.land_defended, {"missile": defence.MISSILE},
        ),
        Metric(
            "place-margin", "footprint", "s",
            "time to spare for a place against a missile, from the launch area that leaves the least; above zero it "
            "is met",
            "published ranges of the radar",
            defence.place_margin, {"missile": defence.MISSILE, "place": defence.PLACE},
        ),
        Metric(
            "radar-range-over-needed", "footprint", "1",
            "the radar's range against a class over the range at which it must see it at the latest to meet every arc "
            "that can be met; without a missile, the class that asks for most",
            "published ranges of the radar",
            defence.radar_range_over_needed, {"missile": defence.MISSILE_OR_NOT},
        ),
        Metric(
            "reach-over-needed", "footprint", "1",
            "the interceptor's published range over the ground range at which it must meet the arcs onto half of the "
            "places, and onto all of them",
            "missile classes, half of their arcs and all",
            defence.reach_over_needed, {},
        ),
        Metric(
            "magazine-over-inventory", "footprint", "1",
            "interceptors of the battery over the missiles that their owner is said to have",
            "published inventories",
            defence.magazine_over_inventory, {},
        ),
        Metric(
            "power-density", "footprint", "W/m2",
            "power density on the ground at a distance from the study's radar",
            "the model, and what was measured nearest to that distance",
            defence.power_density, {"distance_m": defence.DISTANCE},
        ),
        Metric(
            "magazine-spent-at", "raid", "1",
            "number of missiles at which the magazine of the first layer is spent",
            "what chance does: one raid in twenty, half of them, nineteen in twenty",
            defence.magazine_spent_at, {},
        ),
        Metric(
            "leaked-share", "raid", "share",
            "share of the raid that leaks",
            "sizes of the raid",
            defence.leaked_share, {},
        ),
    ]
)  # fmt: skip
