"""A balance section: what it may say, and how a slip of the pen is named."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.validation import validate
from equipoise.errors import EquipoiseError
from equipoise.study.balance_file import BalanceFile
from equipoise.study.balance_model import BalanceSpec
from equipoise.study.balance_reading import BalanceResolver

CATALOG = load_catalog()
GROUPS = ["West", "East"]


def content(**changes: Any) -> dict[str, Any]:
    return {
        "forces": [{"id": "russia", "force": "russia-strategic", "groups": ["West"]}],
        "elements": [
            {"id": "gmd", "title": "GMD", "batteries": ["greely"]},
            {"id": "radar", "title": "the radar", "variant": "no-radar"},
        ],
        "launchers": {"greely": 40},
        "arsenal_sizes": [10, 100],
        "alert_rates": [0.5, 1.0],
        "matters": [{"share": 0.1, "means": "one in ten"}],
    } | changes


def read(**changes: Any) -> BalanceSpec:
    resolver = BalanceResolver(
        "study.yaml",
        CATALOG,
        groups=GROUPS,
        batteries={"greely": CATALOG.battery("gmd"), "ship": CATALOG.battery("aegis-ship-sm-3-iia")},
        variants=["whole", "no-radar"],
    )
    return resolver.balance(validate(BalanceFile, content(**changes), "study.yaml"))


def test_ids_become_records() -> None:
    spec = read()
    russia = spec.force("russia")
    assert russia.groups == ("West",)
    assert russia.counts == CATALOG.force("russia-strategic").published
    assert russia.alert_share == russia.record.raised_alert
    assert spec.element("radar").variant == "no-radar"
    assert spec.launchers == {"greely": 40}


def test_the_study_may_choose_counts_and_readiness() -> None:
    spec = read(
        forces=[
            {"id": "one", "force": "russia-strategic", "alert": "day-to-day", "published": ["new-start-2018-02"]},
        ]
    )
    one = spec.force("one")
    assert [count.warheads.value for count in one.counts] == [1444.0]
    assert one.alert_share.value == pytest.approx(0.58)
    assert one.groups == ("West", "East")


FORCE = {"id": "russia", "force": "russia-strategic"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"forces": [{"id": "russia", "force": "russia-strategc"}]},
            r"balance.forces\[0\].force: .*russia-strategc.*did you mean russia-strategic",
        ),
        ({"forces": [FORCE | {"groups": ["North"]}]}, r'balance.forces\[0\].groups\[0\]: "North" is no heading.*West'),
        (
            {"forces": [FORCE | {"published": ["new-start-2019"]}]},
            r"balance.forces\[0\].published\[0\]: .*new-start-2019",
        ),
        (
            {"forces": [FORCE | {"alert": "high"}]},
            r"forces\[0\].alert: got \"high\"; allowed: 'day-to-day' or 'raised'",
        ),
        ({"forces": [FORCE, FORCE]}, r'balance.forces: "russia" is given 2 times'),
        (
            {"elements": [{"id": "gmd", "title": "GMD", "batteries": ["grely"]}]},
            r"balance.elements\[0\].batteries\[0\]: .*grely.*greely",
        ),
        ({"elements": [{"id": "gmd", "title": "GMD"}]}, r"elements\[0\].batteries: missing"),
        (
            {"elements": [{"id": "gmd", "title": "GMD", "variant": "no-rader"}]},
            r"balance.elements\[0\].variant: .*no-rader.*no-radar",
        ),
        (
            {"elements": [{"id": id, "title": id, "batteries": ["greely"]} for id in ("a", "b")]},
            r'balance.elements: "greely" is given 2 times',
        ),
        ({"launchers": {"greely": 45}}, "balance.launchers.greely: got 45; allowed: at most 44"),
        ({"launchers": {"thaad": 4}}, "balance.launchers.thaad: .*thaad"),
        ({"arsenal_sizes": [100, 10]}, "arsenal_sizes: must increase; got 100, 10"),
        ({"alert_rates": [0.5, 1.5]}, r"alert_rates\[1\]: got 1.5"),
        ({"matters": [{"share": 0.0, "means": "none"}]}, r"matters\[0\].share: got 0.0"),
        ({"draws": 5}, "draws: got 5"),
        ({"element": []}, 'element: unknown field; did you mean "elements"'),
    ],
)
def test_a_slip_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(EquipoiseError, match=message):
        read(**changes)


@pytest.mark.parametrize(("batteries", "variants", "missing"), [({}, ["whole"], "engage"), (None, [], "network")])
def test_it_needs_batteries_and_a_network(batteries: Any, variants: list[str], missing: str) -> None:
    given = {"greely": CATALOG.battery("gmd")} if batteries is None else batteries
    resolver = BalanceResolver("study.yaml", CATALOG, groups=GROUPS, batteries=given, variants=variants)
    with pytest.raises(EquipoiseError, match=f"balance: given without {missing}"):
        resolver.balance(validate(BalanceFile, content(), "study.yaml"))
