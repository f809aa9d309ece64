"""Files in and out: what other programs wrote, as rows; our lists, as files they can read.

Nothing here knows the home: a reader turns a file into a :class:`~liaison.exchange.sheets.Sheet`,
a writer turns rows into bytes. What a row means is worked out by the services.
"""
