"""Where a name ends: at a mark, a verb, or another member of the list."""

from __future__ import annotations

import functools
import re

from pipeline.extract.grammar import PLACE, begins_member, field_end, is_group, pattern_of, type_at, words_of
from pipeline.extract.persons import SYLLABLE, is_place, name_at, office_pattern
from pipeline.extract.view import View
from pipeline.language import LOWER, load, regex

LONGEST_NAME = 220
"""Characters after which a name is not one any more."""


def name_end(view: View, start: int, end: int, *, known: int | None = None) -> int:
    """Return where the name that begins at `start` ends: at a mark, a verb, or another member."""
    end = min(end, start + LONGEST_NAME)
    kept = known or _fixed_end(view, start, end) or start
    if kept > start and _is_whole(view, start, kept, end):
        return _with_abbreviation(view, kept, end)
    for a, b in view.words(start, end):
        if a < kept:
            kept, over = _straddling(view, kept, b)
            if over:
                break
            continue
        if a > start and not _continues(view, start, a, b, end):
            break
        kept = min(b, end)
    hanging = _HANGING.search(view.plain, start, kept)
    kept = hanging.start() if hanging else kept
    return _with_abbreviation(view, kept, end)


def _is_whole(view: View, start: int, kept: int, end: int) -> bool:
    """Tell whether a department's known field ends the name: a lower-case word behind it is told of it."""
    typed = view.match(pattern_of("type"), start, end)
    if typed is None or field_end(view, typed.end() + 1, end) != kept:
        return False
    behind = kept + 1
    if pattern_of("noun").match(view.plain, behind, end) or _field_goes_on(view, start, *_word_at(view, behind), end):
        return False
    return view.text[kept : behind + 1][-1:].islower() and not _BEHIND_FIELD.match(view.plain, behind, end)


def _word_at(view: View, at: int) -> tuple[int, int]:
    return next(iter(view.words(at, at + 1)), (at, at))


_HANGING = re.compile(r"(?:[ ,–-]|\s(?:có|(?<!trực )thuộc|trong|trên|ở|của|và))+$")


def _straddling(view: View, kept: int, b: int) -> tuple[int, bool]:
    """Settle a word that begins inside a type word and ends behind it: "Ban Đầu tư" goes on, "các Khoa cử" does not."""
    if b <= kept:
        return kept, False
    if view.starts_upper(kept + 1):
        return b, False
    return kept, view.match(pattern_of("stop"), kept + 1) is not None


def _with_abbreviation(view: View, at: int, end: int) -> int:
    """Take an abbreviation in brackets, "(KH&CN)", into the name that it stands for."""
    found = re.compile(r"\s\([A-ZĐ][A-ZĐ&\-]{1,14}\)").match(view.text, at, end)
    return found.end() if found else at


def _fixed_end(view: View, start: int, end: int) -> int | None:
    """Return the end of a type word together with its known field, or of the plural and noun of a group."""
    at = view.skip(pattern_of("plural"), start, end)
    office = office_pattern().match(view.plain, at, end)
    typed = view.match(pattern_of("type"), at, end)
    if office and (not typed or office.end() > typed.end()):
        return office.end()
    known = field_end(view, min(typed.end() + 1, end), end) if typed else None
    if known is not None:
        return known
    group = view.match(pattern_of("group"), at, end) if at > start else None
    closed = view.match(pattern_of("closed"), at, end)
    return max((found.end() for found in (typed, group, closed) if found), default=None)


def _continues(view: View, start: int, a: int, b: int, end: int) -> bool:
    """Tell whether the word ``text[a:b]`` still belongs to the name that begins at `start`."""
    word = view.plain[a:b]
    if word in {",", "-", "–"}:
        return _continues_over_mark(view, start, a, b, end)
    if word in {"và", "cùng"}:
        return _continues_over_and(view, start, a, b, end)
    if not word[0].isalnum():
        return word in {"&", "/", "'", "“", "”", '"'}
    if view.starts_upper(a):
        return not _is_holder(view, start, a, end)
    return _continues_in_lower_case(view, start, a, b, end)


def _is_holder(view: View, start: int, a: int, end: int) -> bool:
    """Tell whether the person who holds an office is named at `a`; a body's own name may look like a person's."""
    titled = office_pattern().match(view.plain, start) is not None
    return titled and name_at(view, a, end) is not None and not is_place(view, a, end)


def _continues_in_lower_case(view: View, start: int, a: int, b: int, end: int) -> bool:
    """Decide on a lower-case word: a noun of the name, or a verb behind it."""
    if _GROUP_BEFORE.search(view.plain, start, a) and view.match(pattern_of("group"), a, end):
        return is_group(view, start, a)
    if view.plain[a - 2 : a] == ", " and _PAIRED.match(view.plain, a, end):
        return True
    stops = _is_stop(view, a, b, end) or _begins_with_verb(view, start, a, end)
    if _wants_object(view, start, a) and not (stops and not view.match(pattern_of("nominal"), a)):
        return True
    if _is_placed(view, start, a) and not view.match(_BEHIND_PLACE, a, end):
        return _is_tail(view, a, end)
    if not stops:
        return not _is_unknown_verb(view, start, a, b)
    return (
        _is_tail(view, a, end)
        or _is_nominal(view, start, a, b, end)
        or _is_topic(view, start, a)
        or _is_trade(view, start, a, b, end)
        or view.plain[a - 5 : a] == "được "
    )


@functools.cache
def _trade() -> re.Pattern[str]:
    return re.compile(rf"{words_of('trades')}(?!\w)")


@functools.cache
def _traders() -> re.Pattern[str]:
    traders = r"(?:đơn vị|nhà thầu|doanh nghiệp|cơ sở|công ty|hộ|tổ chức|cơ quan|nhà đầu tư|hộ dân|chuyên gia)"
    return re.compile(rf"(?<!\w){traders}(?:\s{words_of('trades')})?\s$")


def _is_trade(view: View, start: int, a: int, b: int, end: int) -> bool:
    """Tell what a group does by trade ("các nhà thầu thi công") from what it is told to do."""
    named = _traders().search(view.plain, start, a) if view.match(_trade(), a) else None
    if named is None or not (is_group(view, start, a) or (named.start() == start and not type_at(view, start))):
        return False
    return _ENDED.match(view.plain, b, end) is not None or _is_stop(view, *_word_at(view, b + 1), end)


def _begins_with_verb(view: View, start: int, a: int, end: int) -> bool:
    """Tell a verb and its object that were taken for one word ("giữ sổ sách") from a noun ("dự án")."""
    found = view.match(pattern_of("stop"), a, end)
    known = pattern_of("noun").match(view.plain, a) or pattern_of("group").match(view.plain, a)
    return found is not None and not known and view.is_verb(start, a)


_GROUP_BEFORE = re.compile(r"(?:,|(?<!\w)(?:các|những))\s$")
_COMMITTEE = re.compile(
    r"(?:[^,;.]*\s)?(?:ban chỉ đạo|bcđ|tổ công tác|ban tổ chức|ban vận động|tổ chỉ đạo|tiểu ban|hội đồng)\s*$"
)


def _is_topic(view: View, start: int, a: int) -> bool:
    """A verb that says what a committee is for: "Ban Chỉ đạo phòng, chống thiên tai"."""
    return bool(_COMMITTEE.match(view.plain[start:a])) and bool(view.match(pattern_of("topic"), a))


_ADVERB = re.compile(r"\s(?:đủ|hết|ngay|thêm|lại|xong|cho|ra|lên|rõ|kỹ|nốt|tốt)$")


_BEHIND_FIELD = regex("boundaries", "behind_field")


def _is_unknown_verb(view: View, start: int, a: int, b: int) -> bool:
    """Ask the tagger about a word that no list knows: "Phòng Hành chính hoán đổi …"."""
    if pattern_of("noun").match(view.plain, a) or pattern_of("tail").match(view.plain, a) or view.plain[a:b].isdigit():
        return False
    before = view.words(start, a)
    known = bool(before) and view.plain[slice(*before[-1])] in load("organisations")["nominal_heads"]
    return not (known or is_group(view, start, a)) and view.is_verb(start, a)


def _is_stop(view: View, a: int, b: int, end: int) -> bool:
    """Tell whether a verb or adverb begins at the word ``text[a:b]`` and covers it whole ("dự", not "dự án")."""
    found = view.match(pattern_of("stop"), a, end)
    return found is not None and (found.end() >= b or bool(_ADVERB.match(view.plain, found.end(), b)))


def _is_tail(view: View, a: int, end: int) -> bool:
    """A relative clause that starts like a verb: "có liên quan", "được giao"."""
    found = view.match(pattern_of("tail"), a, end)
    stop = view.match(pattern_of("stop"), a, end)
    return found is not None and (stop is None or found.end() > stop.end())


_WITHIN = re.compile(
    r"nhà trường |(?:công đoàn|đoàn|đoàn thanh niên|chi bộ|đảng uỷ|hội đồng|ban giám hiệu|ban giám đốc) "
    r"(?:trường|công ty|cơ quan|viện|bệnh viện|trung tâm|nhà máy) "
)


def _is_nominal(view: View, start: int, a: int, b: int, end: int) -> bool:
    """A verb used as a noun inside a name: "Ban quản lý dự án đầu tư xây dựng", but not "Vụ Đầu tư tham mưu"."""
    if not view.match(pattern_of("nominal"), a):
        return False
    before = view.words(start, a)
    if not before or _WITHIN.fullmatch(view.plain, start, a):
        return False
    head = view.plain[slice(*before[-1])]
    if before[-1][0] > start and view.plain[before[-1][0] - 2 : before[-1][0]] == ", ":
        return False
    if head in load("organisations")["nominal_heads"] and (
        view.text[before[-1][0]].islower() or view.match(pattern_of("type"), before[-1][0])
    ):
        return True
    return _field_goes_on(view, start, a, b, end)


def _field_goes_on(view: View, start: int, a: int, b: int, end: int) -> bool:
    """A last word of a field that reads like a verb: "Vụ Kinh tế xây dựng tham mưu"."""
    if view.plain[a:b] not in load("organisations")["field_ends"] or is_group(view, start, a):
        return False
    ended = _ENDED.match(view.plain, b, end) is not None and not _is_stop(view, *_word_at(view, b + 2), end)
    told = ended or _is_stop(view, *_word_at(view, b + 1), end)
    return told and not PLACE.search(view.plain, start, a) and not _AT_PLACE.search(view.plain, start, a)


_AT_PLACE = re.compile(r"(?:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|đặc khu)\s$")
_ENDED = re.compile(r"\s*(?:[,;.:)]|$|và )")


@functools.cache
def _transitive() -> re.Pattern[str]:
    return re.compile(rf"{words_of('types')}\s+{words_of('transitive')} $")


def _wants_object(view: View, start: int, a: int) -> bool:
    """Tell whether the name so far is a type word and a verb that needs its object: "Phòng Kiểm soát" … "chi"."""
    return view.plain[a - 1] == " " and _transitive().fullmatch(view.plain, start, a) is not None


_PLACED = re.compile(
    rf"(?:tỉnh|huyện|xã|phường|quận|thị xã|thị trấn|đặc khu)\s(?:{SYLLABLE}(?:[ -]{SYLLABLE}){{0,3}}|\d{{1,2}})\s$"
)
_BEHIND_PLACE = regex("boundaries", "behind_place")


def _is_placed(view: View, start: int, a: int) -> bool:
    """Tell whether the name so far ends with a place's own name; what else is told of it is no part of the name."""
    since = max(start, a - 40)
    return any(found.end() == a for found in _PLACED.finditer(view.text, since, a))


def _continues_over_and(view: View, start: int, kept: int, at: int, end: int) -> bool:
    """Decide on what stands behind "và": part of the name, or another member."""
    at += 1
    if at >= end:
        return False
    if re.match(r"các khu (?:công nghiệp|chế xuất|du lịch)", view.plain[at:end]):
        return True
    if view.match(pattern_of("plural"), at, end):
        return False
    if view.starts_upper(at):
        return _continues_with_capital_over_and(view, start, kept, at, end)
    if view.match(pattern_of("group"), at, end):
        return is_group(view, start, kept) and not re.match(r"\S+(?: \S+)? được ", view.plain[at:end])
    return not _begins_other(view, at, end)


def _continues_with_capital_over_and(view: View, start: int, kept: int, at: int, end: int) -> bool:
    if _SHORT_BEFORE.search(view.text, start, kept) and _SHORT.match(view.text, at) and not type_at(view, at):
        return True
    if _OF_COUNCIL.search(view.plain, start, kept) and _COUNCIL.match(view.plain, at):
        return True
    other = (
        begins_member(view, at)
        or view.match(pattern_of("document"), at, end) is not None
        or (field_end(view, at, end) and " và " in view.plain[start:kept])
    )
    return not other and not _TITLED.match(view.text, at, end)


_OF_COUNCIL = re.compile(r"văn phòng (?:đoàn )?(?:đbqh|đại biểu quốc hội|hđnd|hội đồng nhân dân)\s$")
_COUNCIL = re.compile(r"(?:hđnd|hội đồng nhân dân|ubnd|uỷ ban nhân dân)(?!\w)")
_SHORT_BEFORE = re.compile(r"(?<!\w)(?!UBND|HĐND|MTTQ)[A-ZĐ]{3,8}\s$")
_SHORT = re.compile(r"[A-ZĐ]{3,8}(?!\w)")
_TITLED = re.compile(
    rf"{SYLLABLE}(?: {SYLLABLE}){{2,3}}\s*(?:[-–,(])\s*(?:Phó|Chủ|Giám|Bí|Trưởng|Quyền|Cục|Vụ|Viện|Hiệu|Chánh|Tổng)"
)


def _continues_over_mark(view: View, start: int, kept: int, at: int, end: int) -> bool:
    """Decide on what stands behind a comma or dash at `kept`: part of the name, or another member."""
    several = is_group(view, start, kept)
    at += view.text[at : at + 1] == " "
    if at >= end:
        return False
    if view.text[kept] != ",":
        if view.starts_upper(at):
            return not begins_member(view, at) or view.plain.startswith(("chi nhánh", "viễn thông", "thanh tra"), at)
        return several and not view.match(pattern_of("stop"), at, end)
    if view.starts_upper(at):
        return _continues_with_capital(view, start, at, end, several=several)
    return _continues_with_noun(view, start, at, end, several=several)


def _continues_with_noun(view: View, start: int, at: int, end: int, *, several: bool) -> bool:
    """A lower-case word behind a comma: "các cơ quan, đơn vị", "Cục quản lý chất lượng, an toàn", or another clause."""
    if view.match(pattern_of("group"), at, end):
        return several and not re.match(r"\S+(?: \S+)? được ", view.plain[at:end])
    if _PAIRED.match(view.plain, at, end) or _begins_other(view, at, end):
        return _PAIRED.match(view.plain, at, end) is not None
    return view.text[view.text.rfind(" ", start, at - 2) + 1].islower()


_PAIRED = re.compile(r"(?:chữa bệnh|chống|chữa cháy|trị|cứu nạn|an ninh)(?!\w)")


def _continues_with_capital(view: View, start: int, at: int, end: int, *, several: bool) -> bool:
    """A capital behind a comma: "các Vụ, Cục", "Công ty Đầu tư, Xây dựng và Kinh doanh", or another member."""
    alone = pattern_of("alone").match(view.plain, at, end)
    if several and alone and (alone["word"] is None or view.match(pattern_of("stop"), alone.end() + 1, end)):
        return True
    if _LONG_NAMED.match(view.plain, start, end):
        joined = re.compile(r"[^,;.]*? và ").match(view.plain, at, end)
        return joined is not None and not type_at(view, at) and not begins_member(view, joined.end())
    if not several or begins_member(view, at) or field_end(view, at, end):
        return False
    return re.compile(rf"\S+ [{LOWER}]").match(view.text, at, end) is not None


_LONG_NAMED = re.compile(r"(?:tổng công ty|công ty|viện|trung tâm|cục|ban quản lý|hội|hiệp hội)(?!\w)")


def _begins_other(view: View, at: int, end: int) -> bool:
    """Tell whether a verb, another member or another clause begins at `at`."""
    return bool(view.match(pattern_of("stop"), at, end) or view.match(pattern_of("break"), at, end)) or begins_member(
        view, at
    )
