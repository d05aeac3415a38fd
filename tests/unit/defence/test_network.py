from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.catalog import load_catalog
from equipoise.catalog.records import DataLinkRecord
from equipoise.defence.network import Network
from equipoise.errors import InputError
from equipoise.study import load_network_study
from equipoise.study.network_file import Carries
from equipoise.study.network_model import LinkSpec, NetworkSpec, Variant

# Latencies come out rounded to a microsecond.
MICROSECOND = 1.5e-6
CUE: Carries = "cue"
TRACK: Carries = "track"


@cache
def record(latency_s: float) -> DataLinkRecord:
    c2bmc = load_catalog().data_link("c2bmc")
    latency = replace(c2bmc.latency_s, value=latency_s, low=latency_s, high=latency_s)
    return c2bmc.model_copy(update={"latency_s": latency})


def link(source: str, sink: str, latency_s: float, *carries: Carries, id: str = "") -> LinkSpec:
    return LinkSpec(id, source, sink, frozenset(carries or ("cue", "track")), record(latency_s))


def network(*links: LinkSpec, nodes: str = "a b c post hub", relays: str = "post hub") -> Network:
    return Network(tuple(nodes.split()), frozenset(relays.split()), links)


def test_news_takes_the_sum_of_its_links() -> None:
    chain = network(link("a", "post", 1.5), link("post", "hub", 2.0), link("hub", "b", 0.25))
    assert chain.latency_s("a", "post", CUE) == pytest.approx(1.5, abs=MICROSECOND)
    assert chain.latency_s("a", "hub", CUE) == pytest.approx(3.5, abs=MICROSECOND)
    assert chain.latency_s("a", "b", TRACK) == pytest.approx(3.75, abs=MICROSECOND)
    assert chain.latency_s("b", "a", CUE) == math.inf  # links have a direction
    assert chain.latency_s("a", "c", CUE) == math.inf


def test_news_takes_the_fastest_way() -> None:
    ways = network(link("a", "b", 9.0), link("a", "post", 1.0), link("post", "b", 2.0), link("a", "b", 8.0))
    assert ways.latency_s("a", "b", CUE) == pytest.approx(3.0, abs=MICROSECOND)
    assert network(link("a", "b", 9.0), link("a", "b", 8.0)).latency_s("a", "b", CUE) == pytest.approx(8.0)


def test_only_command_nodes_pass_on_what_they_are_told() -> None:
    chain = link("a", "c", 1.0), link("c", "b", 1.0)
    assert network(*chain).latency_s("a", "b", CUE) == math.inf
    assert network(*chain, relays="c").latency_s("a", "b", CUE) == pytest.approx(2.0, abs=MICROSECOND)


def test_cues_and_tracks_go_their_own_ways() -> None:
    mixed = network(link("a", "post", 1.0, CUE), link("a", "post", 5.0, TRACK), link("post", "b", 1.0, CUE))
    assert mixed.latency_s("a", "post", CUE) == pytest.approx(1.0, abs=MICROSECOND)
    assert mixed.latency_s("a", "post", TRACK) == pytest.approx(5.0, abs=MICROSECOND)
    assert mixed.latency_s("a", "b", CUE) == pytest.approx(2.0, abs=MICROSECOND)
    assert mixed.latency_s("a", "b", TRACK) == math.inf


def test_a_link_without_delay_is_still_a_link() -> None:
    still = network(link("a", "post", 0.0), link("post", "b", 0.0))
    assert still.latency_s("a", "b", CUE) == 0.0
    assert still.latency_s("b", "a", CUE) == math.inf


def test_to_itself_news_takes_no_time() -> None:
    for nodes in (network(), network(link("a", "post", 1.0), link("post", "a", 1.0))):
        for node in nodes.nodes:
            assert nodes.latency_s(node, node, CUE) == 0.0
            assert nodes.latency_s(node, node, TRACK) == 0.0


def test_unknown_and_repeated_nodes_are_refused() -> None:
    with pytest.raises(InputError, match='unknown node "nobody"; allowed: a, b, c, post, hub'):
        network().latency_s("nobody", "a", CUE)
    with pytest.raises(InputError, match='unknown node "nobody"; allowed: a, b'):
        network().latency_s("a", "nobody", TRACK)
    with pytest.raises(InputError, match='link from a to nobody: unknown node "nobody"; allowed: a, b'):
        network(link("a", "nobody", 1.0))
    with pytest.raises(InputError, match="nodes must be different; got a, b, a"):
        network(nodes="a b a", relays="")


def by_trying_every_way(nodes: Network, source: str, sink: str, news: Carries) -> float:
    """Every simple path over command nodes, one after the other."""
    if source == sink:
        return 0.0
    best = math.inf
    waiting = [(source, 0.0, frozenset([source]))]
    while waiting:
        at, spent_s, been = waiting.pop()
        for one in nodes.links:
            if one.source != at or news not in one.carries or one.sink in been:
                continue
            total_s = spent_s + one.record.latency_s.value
            if one.sink == sink:
                best = min(best, total_s)
            elif one.sink in nodes.relays:
                waiting.append((one.sink, total_s, been | {one.sink}))
    return best


NODES = tuple("abcdefg")
carried = st.sets(st.sampled_from([CUE, TRACK]), min_size=1).map(frozenset)
pairs = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda pair: pair[0] != pair[1])
latencies = st.sampled_from([0.0, 0.5, 1.0, 3.0, 10.0, 60.0])


@given(st.lists(st.tuples(pairs, carried, latencies), max_size=18), st.frozensets(st.sampled_from(NODES)))
def test_any_network_is_as_fast_as_its_fastest_way(
    links: list[tuple[tuple[str, str], frozenset[Carries], float]], relays: frozenset[str]
) -> None:
    joined = Network(NODES, relays, tuple(link(a, b, s, *carries) for (a, b), carries, s in links))
    for source in NODES:
        for sink in NODES:
            for news in (CUE, TRACK):
                expected = by_trying_every_way(joined, source, sink, news)
                assert joined.latency_s(source, sink, news) == pytest.approx(expected, abs=MICROSECOND)


# Of a study.


@pytest.fixture(scope="module")
def spec() -> NetworkSpec:
    network = load_network_study("northeast-asia").network
    assert network is not None
    return network


SENSORS = ["seongju", "shariki", "kyogamisaki", "guam", "aegis-east-sea", "aegis-pacific"]


def test_the_nodes_of_a_study_are_sensors_warning_command_and_batteries(spec: NetworkSpec) -> None:
    whole = Network.of(spec, SENSORS)
    assert set(whole.nodes) == {*SENSORS, "warning", "c2bmc", "seongju-battery", "guam-battery"}
    assert whole.relays == {"c2bmc"}
    # Ten seconds to the command network and ten on; half a second within a battery. From the catalogue.
    assert whole.latency_s("shariki", "c2bmc", TRACK) == pytest.approx(10.0, abs=MICROSECOND)
    assert whole.latency_s("shariki", "seongju", CUE) == pytest.approx(20.0, abs=MICROSECOND)
    assert whole.latency_s("shariki", "seongju-battery", TRACK) == pytest.approx(20.0, abs=MICROSECOND)
    assert whole.latency_s("seongju", "seongju-battery", TRACK) == pytest.approx(0.5, abs=MICROSECOND)
    assert whole.latency_s("warning", "guam", CUE) == pytest.approx(20.0, abs=MICROSECOND)
    assert whole.latency_s("warning", "guam", TRACK) == math.inf
    assert whole.latency_s("shariki", "kyogamisaki", TRACK) == math.inf  # they are sent cues only


def test_a_variant_cuts_links(spec: NetworkSpec) -> None:
    cut = Network.of(spec, SENSORS, next(variant for variant in spec.variants if variant.id == "no-link"))
    assert set(cut.nodes) == set(Network.of(spec, SENSORS).nodes)
    for other in ("c2bmc", "shariki", "guam-battery"):
        for news in (CUE, TRACK):
            assert cut.latency_s("seongju", other, news) == math.inf
    assert cut.latency_s("shariki", "seongju", CUE) == math.inf
    assert cut.latency_s("shariki", "seongju-battery", TRACK) == math.inf
    assert cut.latency_s("seongju", "seongju-battery", TRACK) == pytest.approx(0.5, abs=MICROSECOND)
    assert cut.latency_s("shariki", "guam", CUE) == pytest.approx(20.0, abs=MICROSECOND)


def test_a_variant_takes_nodes_away_with_their_links(spec: NetworkSpec) -> None:
    gone = Network.of(spec, SENSORS, Variant("x", "X", frozenset(), frozenset(["seongju", "warning"])))
    assert "seongju" not in gone.nodes
    assert "warning" not in gone.nodes
    assert not [one for one in gone.links if "seongju" in (one.source, one.sink) or one.source == "warning"]
    with pytest.raises(InputError, match='unknown node "seongju"'):
        gone.latency_s("seongju", "c2bmc", CUE)
    assert gone.latency_s("shariki", "seongju-battery", TRACK) == pytest.approx(20.0, abs=MICROSECOND)
