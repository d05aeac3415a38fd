"""Answers: footprints, coverage and engagements, from a study."""
