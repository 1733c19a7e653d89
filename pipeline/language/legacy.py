"""Legacy fonts: TCVN3 (ABC), where Vietnamese letters sit on Latin-1 codes and capitals come from another font."""

from __future__ import annotations

import re

_UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = (
    "\xb5\xb8\xb6\xb7\xb9\xa8\xbb\xbe\xbc\xbd\xc6\xa9\xc7\xca\xc8\xc9\xcb\xae\xcc\xd0\xce\xcf\xd1\xaa\xd2\xd5\xd3\xd4\xd6"
    "\xd7\xdd\xd8\xdc\xde\xdf\xe3\xe1\xe2\xe4\xab\xe5\xe8\xe6\xe7\xe9\xac\xea\xed\xeb\xec\xee\xef\xf3\xf1\xf2\xf4\xad\xf5"
    "\xf8\xf6\xf7\xf9\xfa\xfd\xfb\xfc\xfe\xa1\xa2\xa7\xa3\xa4\xa5\xa6"
)
_DECODED = str.maketrans(_TCVN3 + "\u2212\u2219", _UNICODE + "ưã")  # PDFs show two codes as other signs
_LEGACY_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn", re.IGNORECASE)
_CAPITAL_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn[^,-]*h(?:[,-].*)?$", re.IGNORECASE)
_UNICODE_LETTER = re.compile("[\u0102-\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
_CODED_SIGN = re.compile("[\xa8-\xac\xae\xb5-\xb9\xbb-\xbe]")


def is_coded(text: str) -> bool:
    """Tell whether `text`, as a whole document, is written in TCVN3: its signs abound, Unicode's letters do not.

    >>> is_coded("Th«ng b¸o kÕt luËn"), is_coded("Thông báo kết luận")
    (True, False)
    """
    return len(_CODED_SIGN.findall(text)) > 4 * len(_UNICODE_LETTER.findall(text))


def decode_run(text: str, font: str | None) -> str:
    """Return a run of a TCVN3 document in Unicode when its font is a TCVN3 font and its letters are.

    Fonts alone mislead: many files name one while their text is Unicode, so ask :func:`is_coded` first.

    >>> decode_run("Th«ng b¸o", ".VnTime"), decode_run("th«ng b¸o", ".VnTimeH"), decode_run("Thông", "Arial")
    ('Thông báo', 'THÔNG BÁO', 'Thông')
    """
    if font is None or not _LEGACY_FONT.match(font) or _UNICODE_LETTER.search(text):
        return text
    decoded = text.translate(_DECODED)
    return decoded.upper() if _CAPITAL_FONT.match(font) else decoded
