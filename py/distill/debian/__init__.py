"""The formats of Debian: control files, versions, relations, ar and .deb."""
