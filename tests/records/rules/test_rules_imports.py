"""The rules are loaded at program start, so they load no library until one is needed."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from liaison.records.rules import (
    corrections, expiry, hours, nhs_number, phones, postcodes, same_name, times, waits, working_days
)
print(sorted(name for name in ("holidays", "phonenumbers") if name in sys.modules))
"""


def test_no_library_is_loaded_before_it_is_needed() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
