"""Record a visit: who and when on one strip, residents at the left, one note open at the right."""

from liaison.ui.pages.record_visit.page import RecordVisitPage

__all__ = ["RecordVisitPage"]
