"""Whatever a file holds, it is a record or a study, or one line that says why not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.catalog import load_catalog
from equipoise.catalog.library import bundled_files, record_from
from equipoise.catalog.validation import validate
from equipoise.catalog.yaml_reader import read_yaml
from equipoise.errors import EquipoiseError
from equipoise.study import NetworkStudy, Study
from equipoise.study.file import StudyFile
from equipoise.study.network_file import NetworkStudyFile
from equipoise.study.network_reading import NetworkResolver
from equipoise.study.reading import STUDIES, Resolver

RECORDS = [read_yaml(path) for path in bundled_files()]
_STUDIES = [read_yaml(path) for path in sorted(STUDIES.glob("*.yaml"))]
STUDY_FILES = [study for study in _STUDIES if study.get("kind") != "network"]
NETWORK_FILES = [study for study in _STUDIES if study.get("kind") == "network"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["nodong", "kn-23", "seoul", "200 km", "-95 deg", "1e400 m", "KOR", "all", "country", "missile", "m"]
    ),
    st.sampled_from(["c2bmc", "seongju", "warning", "whole", "track", "forward", "aegis-ship", "hardware", "90 deg"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, originals: list[dict[str, Any]]) -> dict[str, Any]:
    """Take a good file and spoil up to three of its places."""
    data = copy.deepcopy(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and draw(st.integers(0, 3)):
                node = node[key]
                continue
            action = draw(st.sampled_from(["replace", "delete", "add"]))
            if action == "replace":
                node[key] = draw(values)
            elif action == "delete":
                del node[key]
            elif isinstance(node, dict):
                node[draw(st.text(max_size=10))] = draw(values)
            else:
                node.append(draw(values))
            break
    return data


def refusal_of_record(data: dict[str, Any]) -> str:
    try:
        record_from(data, "record.yaml", frozenset(load_catalog().sources))
    except EquipoiseError as error:
        return str(error)
    return ""


def refusal_of_study(data: dict[str, Any]) -> str:
    try:
        content = validate(StudyFile, data, "study.yaml")
        study = Resolver("study.yaml", load_catalog()).study(content, Path("study.yaml"), "")
    except EquipoiseError as error:
        return str(error)
    assert isinstance(study, Study)
    return ""


def refusal_of_network(data: dict[str, Any]) -> str:
    try:
        content = validate(NetworkStudyFile, data, "study.yaml")
        study = NetworkResolver("study.yaml", load_catalog()).network_study(content, Path("study.yaml"), "")
    except EquipoiseError as error:
        return str(error)
    assert isinstance(study, NetworkStudy)
    return ""


quiet = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)


@quiet
@given(mutated(RECORDS))
def test_a_spoilt_record_is_a_record_or_one_line(data: dict[str, Any]) -> None:
    message = refusal_of_record(data)
    assert "\n" not in message
    assert len(message) < 1500


@quiet
@given(mutated(STUDY_FILES))
def test_a_spoilt_study_is_a_study_or_one_line(data: dict[str, Any]) -> None:
    message = refusal_of_study(data)
    assert "\n" not in message
    assert len(message) < 1500


@quiet
@given(mutated(NETWORK_FILES))
def test_a_spoilt_network_study_is_a_study_or_one_line(data: dict[str, Any]) -> None:
    message = refusal_of_network(data)
    assert "\n" not in message
    assert len(message) < 3000  # what is allowed may be the ids of thirty sensors


names = st.text(max_size=10) | st.sampled_from(["kind", "id", "threats", "stages", "sensors", "network"])


@quiet
@given(st.dictionaries(names, values, max_size=6))
def test_any_mapping_is_refused_in_one_line(data: dict[str, Any]) -> None:
    for message in (refusal_of_record(data), refusal_of_study(data), refusal_of_network(data)):
        assert message
        assert "\n" not in message
