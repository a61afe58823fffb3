"""Programs: stripped, with what they need at run time, as layers."""
