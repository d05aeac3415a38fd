"""How numbers with their ends are written in a network study's tables."""

from __future__ import annotations

import pytest

from equipoise.analysis.network_results import DEFENDED, SEEN, WARNING, Band
from equipoise.present.network_tables import banded, never_words, seconds


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (139.4, 102.6, 180.2, "139 (103 to 180)"),
        (139.4, 139.2, 139.0, "139"),
        (1234.0, 1234.0, 1234.0, "1,234"),
        (0.0, 0.0, 12.0, "0 (0 to 12)"),
    ],
)
def test_seconds_have_their_ends_where_these_differ(value: float, low: float, high: float, written: str) -> None:
    assert seconds(value, low, high) == written


@pytest.mark.parametrize(
    ("metric", "band", "written"),
    [
        (WARNING, Band(664.0, 714.8, 718.1), "715 (664 to 718)"),
        (WARNING, Band(0.0, 0.43, 0.43), "0.4 (0.0 to 0.4)"),
        (WARNING, Band(-0.0, 0.0, 0.0), "0"),
        (WARNING, Band(-0.04, -0.04, 0.0), "0"),
        (SEEN, Band(0.9796, 1.0, 1.0), "100\N{NO-BREAK SPACE}% (98 to 100)"),
        (SEEN, Band(1.0, 1.0, 1.0), "100\N{NO-BREAK SPACE}%"),
        (DEFENDED, Band(57356.6, 67422.6, 67422.6), "67,423 (57,357 to 67,423)"),
        (DEFENDED, Band(0.0, 0.4, 0.4), "0"),
    ],
)
def test_a_band_is_written_whole_and_never_as_minus_nothing(metric: str, band: Band, written: str) -> None:
    assert banded(metric, band) == written


def test_what_hides_arcs_is_counted_or_nothing() -> None:
    assert never_words({"horizon": 12, "detection range": 3}) == "horizon 12, detection range 3"
    assert never_words({}) == "–"
