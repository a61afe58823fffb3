"""Media and static files: names with hashes, and pictures made smaller."""
