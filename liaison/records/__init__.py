"""What a home keeps: record types declared once, their values, and the pure rules about them.

Importing this package declares every record type; :func:`all_specs` lists them.
"""

from __future__ import annotations

from liaison.records import administration, casework, directory, home, training
from liaison.records.check import check
from liaison.records.fields import FieldSpec, Find, Problem, Record, RecordSpec, all_specs, spec_of
from liaison.records.kinds import Kind

__all__ = [
    "FieldSpec",
    "Find",
    "Kind",
    "Problem",
    "Record",
    "RecordSpec",
    "administration",
    "all_specs",
    "casework",
    "check",
    "directory",
    "home",
    "spec_of",
    "training",
]
