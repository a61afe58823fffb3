"""From a manifest and an archive to a lock: sources, signatures, downloads, and what changed."""
