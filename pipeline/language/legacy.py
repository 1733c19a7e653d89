"""Legacy fonts: TCVN3 (ABC) and VNI, where Vietnamese letters sit on the codes of Latin-1's.

In TCVN3 each letter has one code, and capitals with tones come from another font, whose name ends in H. In VNI a vowel
is followed by its marks, which are letters of their own in Latin-1. The font says which of the two it would be; whether
the text is Unicode all the same, as in many files that only name such a font, is told by the letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["tcvn3", "vni"]

_UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = (
    "\xb5\xb8\xb6\xb7\xb9\xa8\xbb\xbe\xbc\xbd\xc6\xa9\xc7\xca\xc8\xc9\xcb\xae\xcc\xd0\xce\xcf\xd1\xaa\xd2\xd5\xd3\xd4\xd6"
    "\xd7\xdd\xd8\xdc\xde\xdf\xe3\xe1\xe2\xe4\xab\xe5\xe8\xe6\xe7\xe9\xac\xea\xed\xeb\xec\xee\xef\xf3\xf1\xf2\xf4\xad\xf5"
    "\xf8\xf6\xf7\xf9\xfa\xfd\xfb\xfc\xfe\xa1\xa2\xa7\xa3\xa4\xa5\xa6"
)
_DECODED = str.maketrans(_TCVN3 + "\u2212\u2219", _UNICODE + "ưã")  # PDFs show two codes as other signs

_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_ROOF = "â" + "".join("àáåãä")
_BOWL = "ê" + "".join("èéúüë")
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_PLAIN_ROOF = dict(zip(_ROOF, ("", *_TONES.values()), strict=True))
_PLAIN_BOWL = dict(zip(_BOWL, ("", *_TONES.values()), strict=True))

_VNI_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vni(?![a-z])", re.IGNORECASE)
_TCVN3_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn(?!i[^a-z])", re.IGNORECASE)
_CAPITAL_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn[^,-]*h(?:[,-].*)?$", re.IGNORECASE)

_UNICODE_LETTER = re.compile("[\u0102-\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
