"""Organisations: each printed form of a body has one key, and no key is of two bodies."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.language import fold, lower, place_tones
from pipeline.normalise.organisations import IssuerContext, context_of, resolve, resolve_notice
from pipeline.normalise.units import (
    MERGED,
    Unit,
    communes_now,
    district,
    is_ambiguous,
    items_of,
    province,
    province_now,
    split_units,
)
from pipeline.notice import Notice

NOWHERE = IssuerContext()
HUNG_YEN = IssuerContext("UBND TỈNH HƯNG YÊN", None, "Hưng Yên", dt.date(2024, 3, 1))
DAK_NONG = IssuerContext("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "UBND TỈNH ĐẮK NÔNG", "Đắk Nông", dt.date(2020, 10, 1))
HAI_PHONG = IssuerContext("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", None, "Hải Phòng", dt.date(2026, 2, 1))
KIEN_XUONG = IssuerContext("UBND HUYỆN KIẾN XƯƠNG", None, "Kiến Xương", dt.date(2019, 5, 6))
WARD = IssuerContext("UBND PHƯỜNG 10", "UBND QUẬN GÒ VẤP", "Gò Vấp", dt.date(2020, 5, 6))
MINISTRY = IssuerContext("BỘ XÂY DỰNG", None, "Hà Nội", dt.date(2024, 5, 6))
PARTY = IssuerContext("TỈNH ỦY CÀ MAU", "ĐẢNG CỘNG SẢN VIỆT NAM", "Cà Mau", dt.date(2018, 5, 6))
SCHOOL = IssuerContext("TRƯỜNG THCS LÊ LỢI", "PHÒNG GD&ĐT HUYỆN ĐẠI LỘC", "Đại Lộc", dt.date(2018, 5, 6))
UNKNOWN = IssuerContext(None, None, "Đắk Nông", dt.date(2020, 9, 25))
CONTEXTS = [NOWHERE, HUNG_YEN, DAK_NONG, HAI_PHONG, KIEN_XUONG, WARD, MINISTRY, PARTY, SCHOOL, UNKNOWN]

ONE_BODY = [
    (
        HUNG_YEN,
        ["Sở Khoa học và Công nghệ", "Sở KH&CN", "sở khcn", "SỞ KHOA HỌC CÔNG NGHỆ", "Sở Khoa học - Công nghệ tỉnh"],
    ),
    (
        HUNG_YEN,
        ["Sở LĐ-TB&XH", "Sở LĐTBXH", "Sở Lao động – Thương binh và Xã hội", "Sở Lao động - TB&XH tỉnh Hưng Yên"],
    ),
    (HUNG_YEN, ["Sở NN&PTNT", "Sở Nông nghiệp và PTNT", "Sở Nông nghiệp và Phát triển nông thôn Hưng Yên"]),
    (HUNG_YEN, ["UBND tỉnh", "Ủy ban nhân dân tỉnh", "Uỷ ban nhân dân tỉnh Hưng Yên", "UBND TỈNH HƯNG YÊN."]),
    (
        HUNG_YEN,
        ["Ủy ban MTTQ Việt Nam tỉnh", "Ủy ban Mặt trận Tổ quốc tỉnh", "Mặt trận Tổ quốc Việt Nam tỉnh Hưng Yên"],
    ),
    (HUNG_YEN, ["Hội LHPN tỉnh", "Hội Phụ nữ tỉnh", "Hội Liên hiệp Phụ nữ tỉnh Hưng Yên"]),
    (HUNG_YEN, ["KBNN tỉnh", "Kho bạc Nhà nước Hưng Yên", "Kho bạc Nhà nước tỉnh"]),
    (HUNG_YEN, ["UBND huyện Ân Thi", "Ủy ban nhân dân huyện Ân Thi, tỉnh Hưng Yên"]),
    (HUNG_YEN, ["Văn phòng UBND tỉnh", "VP UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh Hưng Yên"]),
    (HUNG_YEN, ["Tỉnh đoàn", "Tỉnh Đoàn Hưng Yên", "tỉnh đoàn"]),
    (HUNG_YEN, ["Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Tỉnh uỷ Hưng Yên", "Ban Tổ chức thuộc Tỉnh ủy"]),
    (HAI_PHONG, ["UBND thành phố", "UBND TP", "UBND TP. Hải Phòng", "Ủy ban nhân dân thành phố Hải Phòng"]),
    (HAI_PHONG, ["Sở GD&ĐT", "Sở Giáo dục và Đào tạo Hải Phòng", "Sở GDĐT thành phố Hải Phòng"]),
    (MINISTRY, ["Bộ GTVT", "Bộ Giao thông vận tải"]),
    (MINISTRY, ["Văn phòng Bộ", "Văn phòng thuộc Bộ Xây dựng", "Văn phòng Bộ Xây dựng"]),
    (MINISTRY, ["UBND TP HCM", "UBND TP.HCM", "UBND Thành phố Hồ Chí Minh"]),
    (DAK_NONG, ["UBND tỉnh Đắk Nông", "UBND tỉnh Đăk Nông", "UBND tỉnh"]),
    (WARD, ["UBND phường", "UBND Phường 10", "UBND Phường 10, quận Gò Vấp"]),
]
KEYS = [
    (HUNG_YEN, "Sở KH&CN", "so-khoa-hoc-va-cong-nghe@hung-yen"),
    (NOWHERE, "Sở Y tế", "so-y-te"),
    (NOWHERE, "UBND tỉnh", "uy-ban-nhan-dan-tinh"),
    (KIEN_XUONG, "UBND tỉnh", "uy-ban-nhan-dan-tinh"),
    (KIEN_XUONG, "Công an huyện", "cong-an@huyen-kien-xuong"),
    (KIEN_XUONG, "Phòng Tài chính - Kế hoạch", "phong-tai-chinh-ke-hoach@huyen-kien-xuong"),
    (UNKNOWN, "Sở Y tế", "so-y-te@dak-nong"),
    (DAK_NONG, "Phòng Kinh tế và hạ tầng huyện Cư Jút", "phong-kinh-te-va-ha-tang@huyen-cu-jut.dak-nong"),
    (DAK_NONG, "Văn phòng Sở", "van-phong@so-khoa-hoc-va-cong-nghe.dak-nong"),
    (DAK_NONG, "Phòng Quản lý công nghệ", "phong-quan-ly-cong-nghe@so-khoa-hoc-va-cong-nghe.dak-nong"),
    (DAK_NONG, "Sở Y tế tỉnh Hưng Yên", "so-y-te@hung-yen"),
    (MINISTRY, "Sở Xây dựng tỉnh Bắc Ninh", "so-xay-dung@bac-ninh"),
    (MINISTRY, "Vụ Pháp chế", "vu-phap-che@bo-xay-dung"),
    (MINISTRY, "Cục Đường bộ Việt Nam", "cuc-duong-bo-viet-nam"),
    (MINISTRY, "Tổng cục Thuế", "tong-cuc-thue"),
    (PARTY, "Ban Dân vận", "ban-dan-van@tinh-uy.ca-mau"),
    (PARTY, "Huyện ủy U Minh", "huyen-uy@huyen-u-minh.ca-mau"),
    (PARTY, "Ban cán sự đảng UBND tỉnh", "ban-can-su-dang@uy-ban-nhan-dan.ca-mau"),
    (SCHOOL, "Công đoàn", "cong-doan@truong-trung-hoc-co-so-le-loi.huyen-dai-loc"),
    (HUNG_YEN, "thành phố Hà Nội", "don-vi-hanh-chinh@ha-noi"),
    (HUNG_YEN, "Trung tâm Quan trắc môi trường", "trung-tam-quan-trac-moi-truong@hung-yen"),
    (HUNG_YEN, "Công ty Điện lực Thái Bình", "cong-ty-dien-luc-thai-binh"),
    (HUNG_YEN, "Công ty Cổ phần Cấp nước", "cong-ty-co-phan-cap-nuoc@hung-yen"),
]
NOT_TOLD = [
    (HUNG_YEN, "UBND huyện"),
    (HUNG_YEN, "Công an thành phố"),
    (HUNG_YEN, "Phòng Kinh tế"),
    (HUNG_YEN, "Kho bạc Nhà nước"),
    (DAK_NONG, "Phòng Tài nguyên và Môi trường"),
    (MINISTRY, "UBND tỉnh"),
    (MINISTRY, "Thành phố"),
    (NOWHERE, "Phòng Kế toán"),
    (NOWHERE, "Văn phòng Bộ"),
    (SCHOOL, "Công an xã"),
    (HUNG_YEN, "Đoàn Thu Giang"),
    (HUNG_YEN, "Hiệu trưởng"),
    (HUNG_YEN, "Giám đốc Sở Y tế"),
    (HUNG_YEN, ""),
    (HUNG_YEN, "nhà thầu"),
]
GROUPS = [
    "các sở, ban, ngành",
    "UBND các huyện, thành phố",
    "Thủ trưởng các đơn vị",
    "05 doanh nghiệp",
    "UBND 16 xã",
    "Chủ tịch UBND cấp xã",
    "Hội LHPN các huyện",
    "một số nhà thầu",
]
NO_GROUPS = [
    (HUNG_YEN, "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông"),
    (WARD, "UBND Phường 4"),
    (HUNG_YEN, "Ban Quản lý dự án 85"),
]


def key(name, context):
    body = resolve(name, context)
    return body.key if body else None


@pytest.mark.parametrize(("context", "names"), ONE_BODY, ids=[names[0] for _, names in ONE_BODY])
def test_printed_forms_of_a_body_have_one_key(context, names):
    assert len({key(name, context) for name in names}) == 1
    assert key(names[0], context)


@pytest.mark.parametrize(("context", "name", "expected"), KEYS, ids=[f"{name} {key}" for _, name, key in KEYS])
def test_key(context, name, expected):
    assert key(name, context) == expected


@pytest.mark.parametrize(("context", "name"), NOT_TOLD, ids=[name for _, name in NOT_TOLD])
def test_what_is_not_told_is_no_body(context, name):
    assert resolve(name, context) is None


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_no_body(name):
    group = resolve(name, HUNG_YEN)
    assert (group.kind, group.level) == ("group", "group")
    assert group.key.startswith("group:")
    assert group.key != key(name, HAI_PHONG)


@pytest.mark.parametrize(("context", "name"), NO_GROUPS, ids=[name for _, name in NO_GROUPS])
def test_a_body_with_a_plural_or_a_number_in_its_name_is_no_group(context, name):
    assert resolve(name, context).kind != "group"


def test_a_department_of_one_province_is_not_that_of_another():
    here, there = resolve("Sở Y tế", HUNG_YEN), resolve("Sở Y tế", DAK_NONG)
    assert here.key != there.key
    assert (here.unit, there.unit, there.unit_now) == ("tỉnh Hưng Yên", "tỉnh Đắk Nông", "tỉnh Lâm Đồng")


def test_without_a_stated_province_there_is_none():
    body = resolve("UBND huyện Châu Thành", NOWHERE)
    assert (body.unit, body.unit_now, body.level) == (None, None, "district")
    assert resolve("Sở Y tế", KIEN_XUONG).unit is None


def test_the_seat_of_a_central_body_is_not_the_place_of_its_bodies():
    assert resolve("Sở Xây dựng", MINISTRY).key == "so-xay-dung"


@pytest.mark.parametrize(
    ("name", "context", "level", "kind", "canonical"),
    [
        ("Sở KH&CN", HUNG_YEN, "province", "department", "Sở Khoa học và Công nghệ tỉnh Hưng Yên"),
        (
            "Uỷ ban nhân dân xã Quảng Châu",
            HAI_PHONG,
            "commune",
            "government",
            "Ủy ban nhân dân xã Quảng Châu, thành phố Hải Phòng",
        ),
        ("Bộ NN&PTNT", HUNG_YEN, "central", "ministry", "Bộ Nông nghiệp và Phát triển nông thôn"),
        ("Huyện ủy U Minh", PARTY, "party", "party", "Huyện ủy U Minh, tỉnh Cà Mau"),
        ("Trường THPT Chuyên", HUNG_YEN, "school", "school", "Trường Trung học phổ thông Chuyên tỉnh Hưng Yên"),
        ("Phòng Tổng hợp", DAK_NONG, "inner", "inner", "Phòng Tổng hợp thuộc Sở Khoa học và Công nghệ tỉnh Đắk Nông"),
    ],
)
def test_canonical_name(name, context, level, kind, canonical):
    body = resolve(name, context)
    assert (body.level, body.kind, body.name) == (level, kind, canonical)


NAMES = [name for _, names in ONE_BODY for name in names]
NAMES += [name for _, name, _ in KEYS] + [name for _, name in NOT_TOLD] + GROUPS + [name for _, name in NO_GROUPS]
WORDS = sorted({word for name in NAMES for word in name.split()} | {"thuộc", "và", "-", "(cũ)", "12", "của"})
contexts = st.sampled_from(CONTEXTS)
names = st.one_of(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    st.text(max_size=40),
)


@given(names, contexts)
@example("UBND", NOWHERE)
@example("HỘI&THUỘC", HUNG_YEN)
@example("thuộc Sở", HUNG_YEN)
@example("\x00 ́", HUNG_YEN)
def test_a_canonical_name_has_the_key_that_it_came_from(name, context):
    body = resolve(name, context)
    if body:
        again = resolve(body.name, context)
        assert again is not None, body
        assert again.key == body.key, body


@given(names, contexts)
def test_case_and_tone_placement_do_not_matter(name, context):
    expected = key(name, context)
    assert key(place_tones(name), context) == expected
    assert key(lower(name), context) == expected
    if name.upper().lower() == name.lower():
        assert key(name.upper(), context) == expected


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=20), names)
def test_no_head_and_no_name_is_too_strange(issuer, parent, place, name):
    resolve(name, IssuerContext(issuer, parent, place, None))


def notice(**head):
    source = {
        "file_name": "a",
        "sha256": "0" * 64,
        "media_type": "text/plain",
        "page_count": 1,
        "text_origin": "embedded",
    }
    return Notice.model_validate(
        {
            "source": source,
            "header": head,
            "meeting": {
                "start_date": "2024-03-01",
                "participants": [
                    {"name": "Sở Y tế", "kind": "organization"},
                    {"name": "Trần Văn A", "kind": "person", "organization": "Sở KH&CN"},
                    {"name": "các sở", "kind": "group"},
                ],
                "absentees": [{"name": "Công an tỉnh", "kind": "organization"}],
            },
            "assessment": {},
            "signature": {},
            "directives": [
                {"text": "", "assignees": [{"name": "Lê Thị B", "role": "lead", "inherited": False}]},
                {"text": "", "assignees": [{"name": "Văn phòng", "role": "lead", "inherited": False}]},
            ],
        }
    )


def test_a_notices_bodies_by_pointer():
    bodies = resolve_notice(notice(issuing_body="VĂN PHÒNG", parent_body="UBND TỈNH HƯNG YÊN"))
    assert {pointer: body.key for pointer, body in bodies.items()} == {
        "/header/issuing_body": "van-phong-uy-ban-nhan-dan@hung-yen",
        "/header/parent_body": "uy-ban-nhan-dan@hung-yen",
        "/meeting/participants/0/name": "so-y-te@hung-yen",
        "/meeting/participants/1/organization": "so-khoa-hoc-va-cong-nghe@hung-yen",
        "/meeting/participants/2/name": "group:cac-so@hung-yen",
        "/meeting/absentees/0/name": "cong-an@hung-yen",
        "/directives/1/assignees/0/name": "van-phong-uy-ban-nhan-dan@hung-yen",
    }


def test_the_day_of_the_meeting_stands_for_a_missing_day_of_issue():
    assert context_of(notice()).issue_date == dt.date(2024, 3, 1)


MERGERS = [
    ("Đắk Nông", "tỉnh Lâm Đồng"),
    ("Hòa Bình", "tỉnh Phú Thọ"),
    ("Bến Tre", "tỉnh Vĩnh Long"),
    ("Bình Dương", "thành phố Hồ Chí Minh"),
    ("Kiên Giang", "tỉnh An Giang"),
    ("Hà Tây", "thành phố Hà Nội"),
    ("Minh Hải", "tỉnh Cà Mau"),
    ("Thừa Thiên Huế", "thành phố Huế"),
    ("Nghệ An", "tỉnh Nghệ An"),
]


@pytest.mark.parametrize(("old", "now"), MERGERS)
def test_the_province_since_2025(old, now):
    assert str(province_now(province(old))) == now


def test_a_province_that_went_to_several_has_no_successor():
    assert province_now(province("Hải Hưng")) is None
    assert province_now(None) is None


def test_our_table_of_provinces_is_that_of_the_package():
    table = json.loads((resources.files("underthesea") / "address/data/mapping.json").read_text(encoding="utf-8"))
    now = {
        table["old_province_names"][a]["name"]: table["province_names"][b]["name"]
        for a, b in table["province_mapping"].items()
    }
    assert len(now) == 63
    assert len(set(now.values())) == 34
    for old, new in now.items():
        assert lower(str(province_now(province(old.split(" ", 1 if old.startswith("Tỉnh") else 2)[-1])))) == lower(new)


def test_hue_was_a_town_of_its_province_before_2025():
    before, after = dt.date(2024, 12, 31), dt.date(2025, 1, 1)
    context = IssuerContext("BỘ XÂY DỰNG", None, "Hà Nội", before)
    assert key("UBND thành phố Huế", context) == "uy-ban-nhan-dan@thanh-pho-hue"
    assert key("UBND thành phố Huế, tỉnh Thừa Thiên Huế", context) == "uy-ban-nhan-dan@thanh-pho-hue.thua-thien-hue"
    assert key("UBND thành phố Huế", IssuerContext("BỘ XÂY DỰNG", None, "Hà Nội", after)) == "uy-ban-nhan-dan@hue"


@pytest.mark.parametrize(
    ("words", "front", "items"),
    [
        ("phòng kinh tế huyện cư jút", "phòng kinh tế", [("huyện", "cư jút")]),
        ("ubnd thị trấn yên lạc huyện yên lạc", "ubnd", [("thị trấn", "yên lạc"), ("huyện", "yên lạc")]),
        ("bảo hiểm xã hội", "bảo hiểm xã hội", []),
        ("công an tỉnh", "công an", [("tỉnh", None)]),
    ],
)
def test_units_at_the_end_of_a_name(words, front, items):
    assert split_units(words) == (front, items)


def test_words_without_a_type_are_no_units():
    assert items_of("cư jút") is None


def test_a_district_by_its_bare_name():
    khanh_hoa = province("Khánh Hòa")
    assert str(district("Ninh Hòa", khanh_hoa)) == "thị xã Ninh Hòa"
    assert district("Kỳ Anh", province("Hà Tĩnh")) is None
    assert district("Ninh Hòa", None) is None


def test_a_commune_of_a_name_that_a_province_has_twice_is_not_told():
    twice, nghe_an = Unit("commune", "xã", "Minh Sơn"), province("Nghệ An")
    assert is_ambiguous(twice, nghe_an, None)
    assert not is_ambiguous(twice, nghe_an, MERGED)
    context = IssuerContext("UBND TỈNH NGHỆ AN", None, "Vinh", dt.date(2020, 1, 1))
    assert resolve("UBND xã Minh Sơn", context) is None
    assert key("UBND xã Minh Sơn, huyện Đô Lương", context) == "uy-ban-nhan-dan@xa-minh-son.huyen-do-luong.nghe-an"


def test_a_commune_before_and_after():
    cu_jut = [Unit("commune", "thị trấn", "Ea T'ling"), Unit("district", "huyện", "Cư Jút"), province("Đắk Nông")]
    assert communes_now(cu_jut) == ["Xã Cư Jút"]
    assert communes_now(cu_jut[:2]) == []


def test_keys_are_plain():
    for name in NAMES:
        body = resolve(name, HUNG_YEN)
        assert body is None or body.key == fold(body.key).replace(" ", "")
