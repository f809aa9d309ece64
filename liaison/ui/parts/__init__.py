"""List, card, form, pickers, history and settling, generated from the declarations of records."""
