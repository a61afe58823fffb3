"""Maintainer scripts: read, never run; what they would have done."""
