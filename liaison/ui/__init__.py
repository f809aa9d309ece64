"""The window: everything a person sees, and the only room that knows Qt."""
