from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.catalog.library import DATA, bundled_files
from equipoise.catalog.yaml_reader import read_yaml
from equipoise.debate.reading import BUNDLED as LEDGER
from equipoise.errors import UnknownIdError
from equipoise.study import json_schema
from equipoise.study.reading import STUDIES
from equipoise.study.schema import FILE_KINDS

BUNDLED = [
    *((path, str(read_yaml(path)["kind"])) for path in bundled_files()),
    *((DATA / f"{kind}.yaml", kind) for kind in ("sources", "places", "launch_areas")),
    *((path, read_yaml(path).get("kind", "study")) for path in sorted(STUDIES.glob("*.yaml"))),
    (LEDGER, "debate"),
]


@cache
def validator(kind: str | None) -> jsonschema.Draft202012Validator:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(("path", "kind"), BUNDLED, ids=lambda value: getattr(value, "stem", ""))
def test_every_bundled_file_holds_to_its_schema(path: Path, kind: str) -> None:
    data = read_yaml(path)
    validator(kind).validate(data)
    validator(None).validate(data)


def test_bundled_studies_of_each_kind_are_among_them() -> None:
    kinds = [kind for _, kind in BUNDLED]
    assert (kinds.count("study"), kinds.count("network"), kinds.count("raid")) == (3, 6, 2)


def test_a_footprint_study_may_leave_out_its_kind_and_a_network_study_may_not() -> None:
    footprint, network = read_yaml(SEONGJU), read_yaml(NETWORK)
    assert "kind" not in footprint
    assert validator("study").is_valid(footprint | {"kind": "footprint"})
    assert not validator("study").is_valid(footprint | {"kind": "network"})
    assert not validator("study").is_valid(network)
    assert not validator("network").is_valid({name: value for name, value in network.items() if name != "kind"})
    assert not validator("network").is_valid(footprint)


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_schema_stands_alone(kind: str) -> None:
    assert validator(kind).is_valid({}) == (kind == "sources")


def changed(path: Path, keys: list[Any], value: Any) -> dict[str, Any]:
    data = read_yaml(path)
    node: Any = data
    for key in keys[:-1]:
        node = node[key]
    if value is None:
        del node[keys[-1]]
    else:
        node[keys[-1]] = value
    return data


NODONG, SEONGJU = DATA / "missiles/nodong.yaml", STUDIES / "seongju.yaml"
NETWORK = STUDIES / "northeast-asia.yaml"
RAID = STUDIES / "seongju-raid.yaml"


@pytest.mark.parametrize(
    ("path", "kind", "keys", "value"),
    [
        (NODONG, "missile", ["payload", "unit"], None),
        (NODONG, "missile", ["payload", "source"], None),
        (NODONG, "missile", ["payload", "grade"], "certain"),
        (NODONG, "missile", ["rcs_nose", "note"], None),  # assumed without a reason
        (NODONG, "missile", ["payload", "value"], "1000"),
        (NODONG, "missile", ["payload"], 1000),
        (NODONG, "missile", ["stages", 0, "burntime"], 3),
        (NODONG, "missile", ["steering", "law"], "optimal"),
        (NODONG, "missile", ["kind"], "radar"),
        (SEONGJU, "study", ["threats"], []),
        (SEONGJU, "study", ["threats", 0, "trajectory"], "high"),
        (SEONGJU, "study", ["defence", "boresight"], 340),
        (SEONGJU, "study", ["defence", "boresight"], "340"),
        (SEONGJU, "study", ["grid", "rows"], 1),
        (SEONGJU, "study", ["places"], "all"),
        (SEONGJU, "study", ["blast"], 1),
        (SEONGJU, "study", ["engagement"], None),
        (NETWORK, "network", ["kind"], "footprint"),
        (NETWORK, "network", ["kind"], "something"),
        (NETWORK, "network", ["sensors"], []),
        (NETWORK, "network", ["sensors", 0, "radar_range"], None),
        (NETWORK, "network", ["sensors", 0, "mode"], "sideways"),
        (NETWORK, "network", ["sensors", 4, "heading"], 90),
        (NETWORK, "network", ["alternatives"], "some"),
        (NETWORK, "network", ["network", "links", 0, "carries"], ["rumour"]),
        (NETWORK, "network", ["network", "links", 0, "to"], []),
        (NETWORK, "network", ["network", "report_to"], None),
        (NETWORK, "network", ["network", "elements"], ["seongju"] * 9),
        (NETWORK, "network", ["example", "target"], None),
        (NETWORK, "network", ["blast"], 1),
        (RAID, "raid", ["kind"], "network"),
        (RAID, "raid", ["layers"], []),
        (RAID, "raid", ["layers", 0, "battery"], None),
        (RAID, "raid", ["layers", 0, "doctrine"], "spray"),
        (RAID, "raid", ["layers", 0, "kill_probability"], 1.2),
        (RAID, "raid", ["salvos", 0, "count"], 0),
        (RAID, "raid", ["weights"], {"busan": -1}),
        (RAID, "raid", ["chance", "runs"], 0),
        (RAID, "raid", ["blast"], 1),
    ],
)
def test_a_broken_file_does_not(path: Path, kind: str, keys: list[Any], value: Any) -> None:
    data = changed(path, keys, value)
    assert list(validator(kind).iter_errors(data))
    assert list(validator(None).iter_errors(data))


def test_an_unknown_kind_suggests_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="did you mean study"):
        json_schema("stdy")
