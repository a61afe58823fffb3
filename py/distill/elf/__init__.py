"""ELF files as bytes: what the loader, lint and strip have to know of one. Input may be hostile."""
