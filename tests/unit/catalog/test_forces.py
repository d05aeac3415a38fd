"""Forces of the catalogue: rival counts from outside, and what a record may not say."""

from __future__ import annotations

import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.library import DATA, record_from
from equipoise.catalog.yaml_reader import read_yaml
from equipoise.errors import EquipoiseError, UnknownIdError

CATALOG = load_catalog()


def test_counts_are_those_published() -> None:
    """New START data of September 2017 and February 2018; the Bulletin of 2017; SIPRI 2018; the Bulletin of 2013."""
    russia, china = CATALOG.force("russia-strategic"), CATALOG.force("china-strategic")
    assert {one.name: one.warheads.value for one in russia.published} == {
        "new-start-2017-09": 1561, "new-start-2018-02": 1444, "bulletin-2017": 1950, "rethink-after-strike": 845,
    }  # fmt: skip
    assert china.published_named("sipri-2018").warheads.value == 234
    assert china.published[0].warheads.value == 60
    assert china.day_to_day_alert.value == 0.0


def test_what_is_assumed_is_assumed_alike() -> None:
    russia, china = CATALOG.force("russia-strategic"), CATALOG.force("china-strategic")
    for name in ("raised_alert", "reliability"):
        one, other = getattr(russia, name), getattr(china, name)
        assert (one.low, one.value, one.high) == (other.low, other.value, other.high)


def test_half_of_eighteen_hundred_over_the_treatys_count() -> None:
    russia = CATALOG.force("russia-strategic")
    assert russia.day_to_day_alert.value == pytest.approx(900 / russia.published[0].warheads.value, abs=0.005)


def test_a_count_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"bulletin-2018.*bulletin-2017"):
        CATALOG.force("russia-strategic").published_named("bulletin-2018")


def test_a_name_stands_once() -> None:
    data = dict(read_yaml(DATA / "forces" / "china-strategic.yaml"))
    data["published"] = [data["published"][0], data["published"][0]]
    with pytest.raises(EquipoiseError, match="published: a name is given twice; allowed: each once"):
        record_from(data, "own.yaml", frozenset(CATALOG.sources))
