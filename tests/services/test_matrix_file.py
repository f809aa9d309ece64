"""Who may take the matrix out of the home as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liaison.security import NotAllowed
from liaison.security.roles import Action
from liaison.services.homes import OpenHome
from liaison.services.matrix_file import write_matrix
from liaison.services.training import matrix


def test_whoever_may_not_write_lists_out_gets_no_workbook(
    home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: OpenHome, action: Action, **__: Any) -> None:
        raise NotAllowed(action.value)

    made = matrix(home.store)
    monkeypatch.setattr(OpenHome, "require", refuse)
    with pytest.raises(NotAllowed, match="write lists out"):
        write_matrix(home, made, tmp_path / "matrix.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []
