"""What of Debian packages goes into layers: slices, selections, the merged /usr."""
