"""The slices that package layers drop unless told otherwise."""

# What a minimal image does without; py/distill/package/slices.py says what each slice holds.
DEFAULT_DROP = [
    "bug",
    "completions",
    "debug",
    "dev",
    "doc",
    "gconv",
    "info",
    "lintian",
    "locale",
    "man",
]
