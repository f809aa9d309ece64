"""The keys of a home: the key file, who can open it, and what lies in its vault.

Imports the standard library, `cryptography`, :mod:`liaison.errors` and :mod:`liaison.files`; knows no
database and no records.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from liaison.security.change import change_password, new_recovery_key, replace_vault
    from liaison.security.create import create
    from liaison.security.errors import (
        BadPassword,
        BadRecoveryKey,
        CostRefused,
        DamagedKeyFile,
        ForeignKeyFile,
        KeyFileChanged,
        NewerKeyFile,
        NoKeyFile,
        NoSuchPerson,
        NotAllowed,
        OlderKeyFile,
        UnreadableKeyFile,
        WrongPassword,
        WrongRecoveryKey,
    )
    from liaison.security.keyfile import FILE_NAME, KeyFile, Person, Unlocked, read, read_bytes
    from liaison.security.membership import admit, dismiss, reappoint, resume, suspend
    from liaison.security.primitives import (
        STANDARD,
        Cost,
        Identity,
        PublicKeys,
        password_bytes,
    )
    from liaison.security.recovery import RecoveryKey
    from liaison.security.vault import DatabaseKeys, Epoch, PcKeys, Vault

__all__ = [
    "FILE_NAME",
    "STANDARD",
    "BadPassword",
    "BadRecoveryKey",
    "Cost",
    "CostRefused",
    "DamagedKeyFile",
    "DatabaseKeys",
    "Epoch",
    "ForeignKeyFile",
    "Identity",
    "KeyFile",
    "KeyFileChanged",
    "NewerKeyFile",
    "NoKeyFile",
    "NoSuchPerson",
    "NotAllowed",
    "OlderKeyFile",
    "PcKeys",
    "Person",
    "PublicKeys",
    "RecoveryKey",
    "Unlocked",
    "UnreadableKeyFile",
    "Vault",
    "WrongPassword",
    "WrongRecoveryKey",
    "admit",
    "change_password",
    "create",
    "dismiss",
    "new_recovery_key",
    "password_bytes",
    "read",
    "read_bytes",
    "reappoint",
    "replace_vault",
    "resume",
    "suspend",
]

# A part is loaded when it is first asked for: the unlock window, which must be there at once, needs
# only the words for roles, and no cryptography.
_WHERE: Final = {
    name: module
    for module, names in {
        "change": "change_password new_recovery_key replace_vault",
        "create": "create",
        "errors": (
            "BadPassword BadRecoveryKey CostRefused DamagedKeyFile ForeignKeyFile KeyFileChanged NewerKeyFile "
            "NoKeyFile NoSuchPerson NotAllowed OlderKeyFile UnreadableKeyFile WrongPassword WrongRecoveryKey"
        ),
        "keyfile": "FILE_NAME KeyFile Person Unlocked read read_bytes",
        "membership": "admit dismiss reappoint resume suspend",
        "primitives": "STANDARD Cost Identity PublicKeys password_bytes",
        "recovery": "RecoveryKey",
        "vault": "DatabaseKeys Epoch PcKeys Vault",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    """Return what is asked for, loading its part first."""
    if name not in _WHERE:
        raise AttributeError(f"there is no {name} in liaison.security")
    found = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found
