"""From packages that are wished for to all that they need, over an index in memory. docs/resolver.md has the rules."""
