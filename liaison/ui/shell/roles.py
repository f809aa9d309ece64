"""What a role is called, apart from where it can go: the unlock window needs only this."""

from __future__ import annotations

from liaison.security.role_names import ROLES

__all__ = ["ROLES"]
