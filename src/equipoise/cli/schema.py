"""``equipoise schema``: the JSON Schema of study and catalogue files, for editors."""

from __future__ import annotations

import click

from equipoise.cli.output import emit_json


@click.command(short_help="JSON Schema of study and catalogue files.")
def schema() -> None:
    """Print the JSON Schema of study and catalogue files, for editors."""
    from equipoise.study import json_schema

    emit_json(json_schema())
