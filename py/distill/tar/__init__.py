"""Tars: entries as headers (`header`, `padding`, `END`), and the entries of a tar that stands somewhere (`scan`)."""

from distill.tar.header import BLOCK, END, TYPES, Entry, header, padding
from distill.tar.reader import scan

__all__ = ["BLOCK", "END", "TYPES", "Entry", "header", "padding", "scan"]
