"""The tables of a balance, as written, and the same as comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from equipoise.present.provenance import plain_number
from equipoise.present.report import WrittenTable
from equipoise.present.statements import percent


def warheads(row: Mapping[str, Any], name: str) -> str:
    """Write a number of warheads with its band: ``1,170 (520 to 1,480)``."""
    value, low, high = (_count(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    return value if value == low == high else f"{value} ({low} to {high})"


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 9.95 or value == round(value) else f"{value:.1f}"


def shares(row: Mapping[str, Any], name: str) -> str:
    """Write a share with its band, in per cent: ``1.2 % (0.4 to 3.0)``."""
    value, low, high = (100.0 * row[key] + 0.0 for key in (name, f"{name}_low", f"{name}_high"))
    digits = 0 if max(value, high) >= 9.95 else 1 if max(value, high) >= 0.95 else 2
    texts = [f"{part:.{digits}f}".replace("-0.", "0.") for part in (value, low, high)]
    if not float(texts[0]) and not float(texts[2]):
        texts = ["0" if not float(text) else text for text in texts]
    unit = "\N{NO-BREAK SPACE}%"
    return f"{texts[0]}{unit}" if len(set(texts)) == 1 else f"{texts[0]}{unit} ({texts[1]} to {texts[2]})"


def rare(probability: float) -> str:
    """Write a probability in per cent; below a hundredth of one per cent it is said to be below."""
    unit = "\N{NO-BREAK SPACE}%"
    return f"below 0.01{unit}" if probability < 1e-4 else f"{100.0 * probability:.2g}{unit}"


def elements_words(summary: Mapping[str, Any], name: str) -> str:
    """Name a set of elements: ``all elements``, ``without THAAD at Seongju``."""
    if name in ("all", "none"):
        return "all elements" if name == "all" else "no defence"
    how, _, id = name.partition(" ")
    title = next(element["title"] for element in summary["elements"] if element["element"] == id)
    return f"{how} {title}"


def scenario_table(summary: Mapping[str, Any], force: Mapping[str, Any]) -> WrittenTable:
    """Return what penetrates at the record's numbers, for each set of elements."""
    rows = [
        (
            elements_words(summary, row["elements"]),
            warheads(row, "penetrating"),
            f"{row['penetrating_chance_p05']:,} to {row['penetrating_chance_p95']:,}",
            shares(row, "stopped_share"),
            rare(row["none_penetrates_probability"]),
        )
        for row in force["scenarios"]
    ]
    caption = (
        f"{force['name']}: {warheads(force, 'arriving')} would arrive. Brackets: 90 of 100 draws over the sourced "
        "ranges. Chance: 90 of 100 cases at central numbers"
    )
    columns = (
        "elements",
        "expected to penetrate",
        "chance",
        "stopped, of those arriving",
        "chance of none",
    )
    return WrittenTable(caption, columns, tuple(rows))


def counts_table(force: Mapping[str, Any]) -> WrittenTable:
    """Return what penetrates by each published count, with every element there."""
    rows = [
        (
            count["label"],
            count["counts"],
            f"{_count(count['warheads'])}, {count['grade']}",
            warheads(count, "arriving"),
            warheads(count, "penetrating"),
            shares(count, "stopped_share"),
        )
        for count in force["published"]
    ]
    columns = ("published by", "what is counted", "warheads", "arriving", "expected to penetrate", "stopped")
    return WrittenTable(f"{force['name']}: by each published count, all elements", columns, tuple(rows))


def curve_table(force: Mapping[str, Any]) -> WrittenTable:
    """Return what penetrates by arsenal size and alert rate, with every element there, and what would arrive."""
    rows = []
    for point in force["curve"]:
        whole = next(row for row in point["scenarios"] if row["elements"] == "all")
        rows.append(
            (
                f"{point['arsenal_size']:,}",
                percent(point["alert_rate"]),
                warheads(whole, "arriving"),
                warheads(whole, "penetrating"),
                f"{whole['penetrating_chance_p05']:,} to {whole['penetrating_chance_p95']:,}",
                shares(whole, "stopped_share"),
            )
        )
    columns = ("arsenal", "fired", "arriving", "expected to penetrate", "chance", "stopped")
    return WrittenTable(f"{force['name']}: by arsenal size and alert rate, all elements", columns, tuple(rows))


def reach_table(force: Mapping[str, Any]) -> WrittenTable:
    """Return at which share of the arcs each battery can fire, by published limits and by flight alone."""
    rows = []
    for row in force["reach"]:
        cells = [shares(limits, "can_fire_share") for limits in row["limits"]]
        looks = row["limits"][0]["looks_mean"]
        rows.append(
            (row["battery"], row["interceptor"], f"{row['rounds']:,.0f}", *cells, plain_number(round(looks, 2)))
        )
    columns = (
        "battery",
        "interceptor",
        "rounds",
        "arcs, published limits",
        "arcs, flight alone",
        "looks, mean",
    )
    caption = f"{force['name']}: arcs at which each battery can fire ({force['arcs']} arcs)"
    return WrittenTable(caption, columns, tuple(rows))


def matters_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return up to how many arriving warheads the defence stops each yardstick's share."""
    rows = [
        (
            force["name"],
            f"{percent(one['share'])}: {one['means']}",
            elements_words(summary, one["elements"]),
            warheads(one, "arriving_up_to"),
            warheads(force, "arriving"),
        )
        for force in summary["forces"]
        for one in force["matters"]
    ]
    columns = ("force", "yardstick", "elements", "met up to so many arriving", "arriving by the record")
    return WrittenTable("Up to which number of arriving warheads the defence matters", columns, tuple(rows))


def balance_files(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the data of the figures and tables as CSV, by file name."""
    curve = [
        {"force": force["force"], "arsenal_size": point["arsenal_size"], "alert_rate": point["alert_rate"], **row}
        for force in summary["forces"] for point in force["curve"] for row in point["scenarios"]
    ]  # fmt: skip
    found = {
        "balance_curve.csv": _csv(curve),
        "balance_scenarios.csv": _csv(
            [{"force": force["force"], **row} for force in summary["forces"] for row in force["scenarios"]]
        ),
        "balance_matters.csv": _csv(
            [{"force": force["force"], **row} for force in summary["forces"] for row in force["matters"]]
        ),
    }
    if "sensitivity" in summary:
        rows = [
            {"output": output["output"], **factor}
            for output in summary["sensitivity"]["outputs"]
            for factor in output["factors"]
        ]
        found["balance_sensitivity.csv"] = _csv(rows)
    return found


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows(_cells(row.values()) for row in rows)
    return text.getvalue()


def _cells(values: Iterable[Any]) -> list[Any]:
    return [f"{value:.9g}" if isinstance(value, float) else value for value in values]
