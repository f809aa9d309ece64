"""What stands around every page: window, sidebar, header, search, and what to do when things go wrong."""
