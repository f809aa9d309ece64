"""Where a home lives: the encrypted database, its change log, merge, search, backup, verify.

Everything is written through :meth:`liaison.store.store.Store.unit`. SQL is nowhere else.
"""
