"""A home with a little of everything, for the page of what an inspector asks first."""

from tests.ui.parts.conftest import (  # noqa: F401  # fixtures, asked for by name
    desk,
    folder,
    heard,
    home,
    ids,
    jobs,
    pattern,
)
