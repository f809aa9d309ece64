"""The home's other PCs: where they meet, inviting one, letting it in, removing one."""

from liaison.ui.pages.settings.pcs.section import PcsSection

__all__ = ["PcsSection"]
