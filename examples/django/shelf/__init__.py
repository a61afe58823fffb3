"""A bookshelf: authors, books, and plug-ins that settings name."""
