"""The database: what was read, from which files, when and how, and what people corrected."""
