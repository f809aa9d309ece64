"""Loading Qt's Python modules without what only a developer at a prompt needs: half of their time.

PySide6 brings a library that describes the signatures of Qt's functions: for wrong calls, for
``inspect`` and for making type stubs. It is kept as source text inside a shared library, so it is
compiled at every start, before anything else of Qt. Here it is run when something is first asked of
it. PySide6 also reads the source of every module that is imported after it, to see whether that
uses its "feature switch" (``from __feature__ import ...``), which Liaison does not.

Nothing depends on this: with a PySide6 that is built differently, Qt is loaded as ever.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_SUPPORT: Final = "shibokensupport.signature"
_LATE: Final = frozenset(
    f"{_SUPPORT}.{name}"
    for name in (
        "errorhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool",
    )
)  # fmt: skip


def load_qt() -> None:
    """Load what every window needs of Qt; a second call does nothing."""
    if "PySide6.QtWidgets" in sys.modules:
        return
    usual, imports = sys.meta_path, builtins.__import__
    sys.meta_path = watched = _Finders(usual)
    try:
        importlib.import_module("PySide6.QtWidgets")
    finally:
        usual[:] = watched
        sys.meta_path = usual
        builtins.__import__ = imports


class _Finder(Protocol):
    """What finds and runs the modules that a shared library holds."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None: ...

    def exec_module(self, module: ModuleType) -> None: ...


class _Finders(list[Any]):
    """The finders of modules; the one that PySide6 puts first for its own is made a patient one."""

    def insert(self, place: Any, finder: Any) -> None:
        if type(finder).__module__ == "signature_bootstrap":
            finder = _Patient(finder)
        super().insert(place, finder)

    def remove(self, finder: Any) -> None:
        own = (one for one in self if isinstance(one, _Patient) and one.finder is finder)
        super().remove(next(own, finder))


class _Patient:
    """Finds what another finder does, but runs some of it only when something is asked of it.

    Args:
        finder: The other one.
    """

    def __init__(self, finder: _Finder) -> None:
        self.finder = finder
        # one for all: what is run asks the others
        self._running = threading.RLock()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = self.finder.find_spec(name, path, target)
        if spec is not None and name in _LATE:
            spec.loader = self  # type: ignore[assignment]  # a loader needs no more than this
        return spec

    def create_module(self, _: ModuleSpec) -> None:
        """Leave making the module to Python."""

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None  # noqa: S101  # it was found by it
        name = module.__spec__.name

        def asked(attribute: str) -> Any:
            with self._running:
                if vars(module).pop("__getattr__", None) is not None:
                    self._run(module, name)
            return getattr(module, attribute)

        # PEP 562: called for what the module does not have, which is everything so far
        module.__dict__["__getattr__"] = asked

    def _run(self, module: ModuleType, name: str) -> None:
        spec = module.__spec__
        assert spec is not None  # noqa: S101  # it was found by it
        # PySide6 has given it a second name meanwhile, by which its own finder does not know it
        second, spec.name = spec.name, name
        try:
            self.finder.exec_module(module)
        finally:
            spec.name = second
