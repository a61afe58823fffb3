"""All files that programs need at run time, each with its reason."""
