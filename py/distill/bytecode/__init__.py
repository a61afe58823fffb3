"""Bytecode of Python, compiled while an image is built."""
