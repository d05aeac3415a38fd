"""The graph of sensors, command nodes and shooters: how long news takes from one to another, and what may pass."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.errors import InputError
from equipoise.study.network_file import Carries
from equipoise.study.network_model import LinkSpec, NetworkSpec, Variant


@dataclass(frozen=True)
class Network:
    """Directed links between nodes.

    A sensor, a battery or the launch warning is an end; only command nodes pass on what they are told.

    Parameters
    ----------
    nodes : tuple of str
        Ids, each once.
    relays : frozenset of str
        The command nodes among them.
    links : tuple of LinkSpec
        What leads from where to where.
    """

    nodes: tuple[str, ...]
    relays: frozenset[str]
    links: tuple[LinkSpec, ...]

    def __post_init__(self) -> None:
        if len(set(self.nodes)) < len(self.nodes):
            raise InputError(f"nodes must be different; got {', '.join(self.nodes)}")
        for link in self.links:
            for end in (link.source, link.sink):
                if end not in self.nodes:
                    known = ", ".join(self.nodes)
                    raise InputError(f'link from {link.source} to {link.sink}: unknown node "{end}"; allowed: {known}')

    @classmethod
    def of(cls, spec: NetworkSpec, sensors: Iterable[str], variant: Variant | None = None) -> Network:
        """Build the network of a study, without the links that a variant cuts and the nodes that it leaves away."""
        cut = variant.cut if variant is not None else frozenset()
        away = variant.away if variant is not None else frozenset()
        relays = [id for id, _ in spec.command]
        warning = [] if spec.warning is None else [spec.warning.id]
        batteries = (*(shooter.id for shooter in spec.shooters), *spec.engaged)
        nodes = tuple(id for id in (*sensors, *warning, *relays, *batteries) if id not in away)
        links = tuple(link for link in spec.links if link.id not in cut and link.source in nodes and link.sink in nodes)
        return cls(nodes, frozenset(relays), links)

    def latency_s(self, source: str, sink: str, news: Carries) -> float:
        """Return how long a cue or a track takes from one node to another [s]; infinite where it does not get there.

        By the fastest way over command nodes. From a node to itself it takes no time.

        Raises
        ------
        InputError
            If there is no such node.
        """
        for node in (source, sink):
            if node not in self.nodes:
                raise InputError(f'unknown node "{node}"; allowed: {", ".join(self.nodes)}')
        if source == sink:
            return 0.0
        return float(self._latencies[news][self.nodes.index(source), self.nodes.index(sink)])

    @cached_property
    def _latencies(self) -> dict[Carries, FloatArray]:
        """Shortest latencies from node to node, shape (n, n) [s], for each kind of news."""
        return {"cue": self._shortest("cue"), "track": self._shortest("track")}

    def _shortest(self, news: Carries) -> FloatArray:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        # Each node twice: where news comes in and where it goes out; only in a command node does one lead to the other.
        n = len(self.nodes)
        place = {node: i for i, node in enumerate(self.nodes)}
        best: dict[tuple[int, int], float] = {}
        for link in self.links:
            if news in link.carries:
                edge = (n + place[link.source], place[link.sink])
                best[edge] = min(best.get(edge, math.inf), link.record.latency_s.value)
        for relay in self.relays & set(self.nodes):
            best[place[relay], n + place[relay]] = 0.0
        if not best:
            return np.full((n, n), math.inf)
        rows, columns = np.array(list(best)).T
        graph = coo_array((np.array(list(best.values())) + _NO_LENGTH_S, (rows, columns)), shape=(2 * n, 2 * n))
        found = dijkstra(graph.tocsr(), indices=np.arange(n, 2 * n))[:, :n]
        return np.where(np.isfinite(found), np.round(found, 6), math.inf)


# Stands for no length, as a sparse graph drops edges of length zero; rounding to a microsecond takes it away again.
_NO_LENGTH_S = 1e-9
