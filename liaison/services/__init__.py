"""What people do, above the store: make and open a home, add, correct, move, find, restore.

The window and the command line call the same functions here.
"""
