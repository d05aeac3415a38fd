"""Sourced numbers: one record per system, read into frozen objects."""
