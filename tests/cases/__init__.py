"""Clinical cases as data, and how they are scored."""
