"""Lint: rules that an image may break and still run, judged by its config and the listings of its layers.

image.py is what a rule sees, rule.py what a rule is; a module for each group of rules; rules.py names all; check.py
runs them; report.py, sarif.py and page.py say what they found and what they are.
"""
