"""A module is a command."""
