"""Symbols: characters of symbol fonts, which stand in the private-use area, in their plain form."""

from __future__ import annotations

import re

_PLAIN = {
    0x2D: "-", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xAE: "→", 0xB9: "≠",
    0x2B: "+", 0x2F: "/", 0x25: "%", 0x28: "(", 0x29: ")",
}  # fmt: skip
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def mend_symbols(text: str) -> str:
    """Return `text` with Symbol and Wingdings characters in plain form; bullets of any shape become "-".

    >>> mend_symbols("\uf0b7 Giao Sở Y tế")
    '- Giao Sở Y tế'
    """
    return _PRIVATE.sub(lambda match: _PLAIN.get(ord(match.group()) - 0xF000, "-"), text)
