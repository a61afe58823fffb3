"""Checks of images: lint and tests."""
