"""Word lists and phrase patterns as TOML; no code."""
