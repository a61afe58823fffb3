"""What a program finds at run time, on listings alone: file system, identity, environment, loader."""
