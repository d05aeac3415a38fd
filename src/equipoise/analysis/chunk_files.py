"""Chunks and results as Parquet files: the same columns give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from equipoise.analysis.chunk_work import POINT, RUN, RUNS
from equipoise.analysis.subject import Columns, Subject

if TYPE_CHECKING:
    import pyarrow as pa

Array = npt.NDArray[Any]

KEY_NAME = b"equipoise_key"
ROW_GROUP = 65_536
"""Rows of a row group of the result, which do not hang on how it was chunked."""


def parquet_table(columns: Columns, key: str) -> pa.Table:
    """Return columns as an Arrow table of one ensemble; those with a second axis become lists of fixed length."""
    import pyarrow as pa

    arrays = {}
    for name, values in columns.items():
        if values.ndim == 2:
            flat = pa.array(np.ascontiguousarray(values).ravel())
            arrays[name] = pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
        else:
            arrays[name] = pa.array(values)
    return pa.table(arrays).replace_schema_metadata({KEY_NAME: key.encode()})


def chunk_bytes(columns: Columns, key: str) -> bytes:
    """Return a chunk as a Parquet file that names the ensemble it belongs to."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(parquet_table(columns, key), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def chunk_key(content: bytes) -> str | None:
    """Return which ensemble a chunk belongs to; None if the bytes are no chunk."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        metadata = parquet.read_metadata(pa.BufferReader(content)).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    key: bytes | None = metadata.get(KEY_NAME)
    return None if key is None else key.decode("ascii", "replace")


def chunk_columns(content: bytes) -> dict[str, Array]:
    """Return the columns of a chunk."""
    import pyarrow as pa
    from pyarrow import parquet

    return _arrays(parquet.read_table(pa.BufferReader(content)))


def read_results(path: Path, columns: Sequence[str] | None = None) -> dict[str, Array]:
    """Read the table of an ensemble.

    Parameters
    ----------
    path : Path
        ``results.parquet``.
    columns : sequence of str, optional
        Which; all by default.

    Returns
    -------
    dict of str to ndarray
        One row per point, or per run where runs are not added; lists of fixed length have a second axis.
    """
    from pyarrow import parquet

    return _arrays(parquet.read_table(path, columns=None if columns is None else list(columns)))


def _arrays(table: pa.Table) -> dict[str, Array]:
    import pyarrow as pa

    arrays = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # an empty table has no chunk to be combined
            column = pa.concat_arrays(column.chunks)
        if pa.types.is_fixed_size_list(column.type):
            width = column.type.list_size
            arrays[name] = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
        elif pa.types.is_string(column.type):
            arrays[name] = np.array(column.to_pylist(), dtype=str)
        else:
            arrays[name] = column.to_numpy(zero_copy_only=False)
    return arrays


def write_results(sink: IO[bytes], subject: Subject, chunks: Iterator[Columns], key: str) -> int:
    """Write the table of an ensemble from its chunks, in order and without holding more than a few of them.

    Parameters
    ----------
    sink : binary file
        Where to.
    subject : Subject
        Whose chunks they are.
    chunks : iterator of columns
        In order, without a gap.
    key : str
        Of the ensemble.

    Returns
    -------
    int
        Rows written: one per point where runs are added, one per run otherwise.
    """
    from pyarrow import parquet

    rows = _summed(chunks, subject.runs) if subject.added else (dict(chunk) for chunk in chunks)
    written, writer = 0, None
    try:
        for group in _groups(rows):
            points = group[POINT]
            first, last = int(points[0]), int(points[-1])
            where = subject.coordinates(first, last + 1)
            whole = {POINT: points, **{name: np.asarray(values)[points - first] for name, values in where.items()}}
            left_out = (POINT,) if subject.added or subject.runs > 1 else (POINT, RUN)
            whole |= {name: values for name, values in group.items() if name not in left_out}
            table = parquet_table(subject.finished(whole), key)
            if writer is None:
                writer = parquet.ParquetWriter(sink, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema), row_group_size=ROW_GROUP)
            written += len(points)
    finally:
        if writer is not None:
            writer.close()
    return written


def _groups(parts: Iterator[dict[str, Array]]) -> Iterator[dict[str, Array]]:
    """Yield the same rows in groups of ROW_GROUP, the last one shorter; fresh arrays whatever the parts were."""
    waiting: list[dict[str, Array]] = []
    rows = 0
    for part in parts:
        waiting.append(part)
        rows += len(part[POINT])
        if rows >= ROW_GROUP:
            whole = {name: np.concatenate([w[name] for w in waiting]) for name in waiting[0]}
            full = rows - rows % ROW_GROUP
            for start in range(0, full, ROW_GROUP):
                yield {name: values[start : start + ROW_GROUP].copy() for name, values in whole.items()}
            waiting = [{name: values[full:].copy() for name, values in whole.items()}]
            rows -= full
    if rows:
        yield {name: np.concatenate([w[name] for w in waiting]) for name in waiting[0]}


def _summed(chunks: Iterator[Columns], runs: int) -> Iterator[dict[str, Array]]:
    """Yield the sums of each point whose runs are complete, as rows in order of points."""
    open_sum: dict[str, Array] | None = None
    for chunk in chunks:
        columns = dict(chunk)
        if open_sum is not None:
            columns = {name: np.concatenate([open_sum[name], values]) for name, values in columns.items()}
        points = columns[POINT]
        firsts = np.flatnonzero(np.concatenate([[True], points[1:] != points[:-1]]))
        sums = {
            name: points[firsts] if name == POINT else np.add.reduceat(values, firsts, axis=0)
            for name, values in columns.items()
        }
        complete = sums[RUNS] == runs
        done = len(firsts) if complete[-1] else len(firsts) - 1
        if not complete[:done].all():
            raise AssertionError(f"point {int(sums[POINT][~complete][0])} lacks runs")  # a gap in the chunks
        open_sum = None if complete[-1] else {name: values[-1:] for name, values in sums.items()}
        if done:
            yield {name: values[:done] for name, values in sums.items()}
    if open_sum is not None:
        raise AssertionError(f"point {int(open_sum[POINT][0])} lacks runs")
