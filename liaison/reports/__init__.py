"""Paper: one module per report, set by the layout kit in :mod:`liaison.reports.kit`.

A report takes plain facts and gives a document; it never sees the database. What it asks for is
declared beside it (:class:`liaison.reports.spec.ReportSpec`); the command line and the dialog of
the window follow from that.
"""
