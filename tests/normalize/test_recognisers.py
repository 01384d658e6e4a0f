"""Recognisers: what has the form, the checksum, the neighbours; and what only looks like it."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from contentfilter.data import data_folder
from contentfilter.normalize.entities import tokenize
from contentfilter.normalize.recognisers import (
    RECOGNISERS,
    is_citizen_number,
    is_lookalike,
    is_official,
    is_old_citizen_number,
    is_tax_code,
)


@pytest.mark.parametrize(
    ("number", "right"),
    # the first two are published on the sites of a telecom company and of a bank
    [("0100109106", True), ("0100112437", True), ("0100109107", False), ("1234567890", False), ("010010910", False), ("01001O9106", False)],
)
def test_tax_codes(number: str, right: bool) -> None:
    assert is_tax_code(number) is right


def test_one_digit_in_a_tax_code_is_never_free() -> None:
    for place in range(10):
        for digit in "0123456789":
            changed = "0100109106"[:place] + digit + "0100109106"[place + 1 :]
            assert is_tax_code(changed) is (changed == "0100109106")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("001203004567", True),
        ("079099012345", True),
        ("079499012345", False),
        ("003203004567", False),
        ("099203004567", False),
        ("00120300456", False),
    ],
)
def test_citizen_numbers(number: str, right: bool) -> None:
    assert is_citizen_number(number) is right


@pytest.mark.parametrize(("number", "right"), [("012345678", True), ("381234567", True), ("391234567", False), ("001234567", False)])
def test_old_citizen_numbers(number: str, right: bool) -> None:
    assert is_old_citizen_number(number) is right


@pytest.mark.parametrize(
    "link",
    [
        "https://vietcornbank-xacthuc.top", "vietc0mbank.vip", "vietcombank.com.vn.dangnhap.xyz", "http://techconbank-vn.top/otp",
        "vcb-online.cc/x", "bidv.smart.app", "dichvucong.gov-vn.top", "http://evnhanoi.thanhtoan.click", "vnpost-giaohang.top",
        "VietComBank.Top", "ｖietcombank.top", "user@vietinbank.club/a", "vneid.online", "lazada-tuyendung.vip",
        "vietcombank", "http://vietc0mbank/otp", "vietc0mbank..top", "vietinbank.com.vn",
    ],
)  # fmt: skip
def test_lookalikes(link: str) -> None:
    assert is_lookalike(link)
    assert not is_official(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.vietcombank.com.vn/khuyen-mai", "vcbdigibank.vietcombank.com.vn", "bidv.com.vn", "https://dichvucong.gov.vn",
        "thanhnien.vn/vietcombank-giam-lai-suat.html", "google.com/search?q=vietcombank", "acbd.com", "bachkhoa.edu.vn", "shopnhalam.vn",
        "momento.vn", "vibrant.com", "hanoi.gov.vn", "http://192.168.1.1/vietcombank", "localhost", "", "..", "https://",
        "shope.ee/8pSX14", "partner.shopeefood.vn", "viettelstore.vn/dien-thoai", "vcb.com.vn", "lienvietpostbank.com.vn", "vn", "com.vn",
        "[::1]",
    ],
)  # fmt: skip
def test_what_is_no_lookalike(link: str) -> None:
    assert not is_lookalike(link)


def test_nobody_is_a_lookalike_of_themselves() -> None:
    rows = (data_folder("wordlists") / "official_domains.tsv").read_text(encoding="utf-8").splitlines()
    own = [domain for row in rows if not row.startswith("#") for domain in row.split("\t")[1].split()]
    assert len(own) > 60
    assert [domain for domain in own if is_lookalike(domain) or is_lookalike(f"https://www.{domain}/dang-nhap")] == []
    names = [row.split("\t")[0] for row in rows if not row.startswith("#")]
    assert [domain for domain in [*own, "hanoi.gov.vn"] if not is_official(f"https://www.{domain}/dang-nhap")] == []
    assert [name for name in names if not (is_lookalike(f"{name}.xac-thuc.top") and is_lookalike(f"http://{name}-vn.top/a"))] == []


def entities(text: str, kind: str) -> list[str]:
    """What a recogniser finds at the entities of a text."""
    bases, check = RECOGNISERS[kind]
    found = []
    for token, start, end in tokenize(text):
        if token in bases and (span := check(text, start, end)):
            found.append(text[slice(*span)])
    return found


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("<bank_account>", "stk 0123456789123 vcb", ["0123456789123"]),
        ("<bank_account>", "chuyển khoản vào 19031234567890 ngân hàng techcombank", ["19031234567890"]),
        ("<bank_account>", "mã đơn 19031234567890 đang giao", []),
        ("<bank_account>", "vcb 19031234567890", ["19031234567890"]),
        ("<bank_account>", "19031234567890 vcb", ["19031234567890"]),
        ("<bank_account>", f"vcb {'x' * 35} 19031234567890", ["19031234567890"]),
        ("<bank_account>", f"vcb {'x' * 41} 19031234567890", []),
        ("<bank_account>", f"19031234567890 {'x' * 34} vcb", ["19031234567890"]),
        ("<bank_account>", f"19031234567890 {'x' * 39} vcb", []),
        ("<bank_account>", f"{'dưa ' * 20}vcb mới, 19031234567890", ["19031234567890"]),
        ("<bank_account>", "avcb 19031234567890 vcbx", []),
        ("<handle>", "nhắn t.me/ban_hang hoặc @ban.hang nhé", ["t.me/ban_hang", "@ban.hang"]),
        ("<handle>", "xem vnexpress.net/abc", []),
        ("<handle>", "xem vnexpress.net/abc rồi vào t.me/nhom", ["t.me/nhom"]),
        ("<handle>", "vào t.me/nhom rồi xem vnexpress.net/abc", ["t.me/nhom"]),
        ("<handle>", "zalo.me/0912 rồi m.me/shop và www.tiktok.com/@an", ["zalo.me/0912", "m.me/shop", "www.tiktok.com/@an"]),
        ("<citizen_id>", "cccd 001203004567", ["001203004567"]),
        ("<tax_code>", "mst 0100109106-001", ["0100109106"]),
        ("<tax_code>", "5 đơn, mst 0100109106 nhé 2 bản", ["0100109106"]),
        ("<citizen_id>", "2 thẻ, số 001203004567 và 079099012345", ["001203004567", "079099012345"]),
        ("<old_citizen_id>", "quận 3, cmnd 012345678, quận 5", ["012345678"]),
    ],
)
def test_entities_in_texts(kind: str, text: str, expected: list[str]) -> None:
    assert entities(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("không chín một hai ba bốn năm sáu bảy tám nhé", "tám"),
        ("khong chin mot hai ba bon nam sau bay tam", "tam"),
        ("không ba bảy 1 2 3 bốn lăm sáu bảy", "bảy"),
        ("Không tám sáu 123 4567", "4567"),
        ("o chín một hai ba bốn năm sáu bảy tám", "tám"),
        ("0 chín một 2 3 bốn năm sáu bảy tám", "tám"),
        ("không 9 một hai ba bốn năm sáu bảy tám", "tám"),
        ("không 9 giờ thì mười giờ", ""),
        ("không ba mẹ nào không thương con", ""),
        ("không chín một hai ba", ""),
    ],
)
def test_spelled_phones(text: str, end: str) -> None:
    span = RECOGNISERS["<spelled_phone>"].check(text, 0, 8)
    assert (text[: span[1]].split()[-1] if span else "") == end


NOT_OURS = {"030", "031", "051", "067"}
"""Prefixes that the library of phone numbers takes for mobile and we do not: tax codes of Ho Chi Minh City begin with the first two, and
0672 is the satellite network's."""


def test_mobile_numbers_are_those_of_the_numbering_plan() -> None:
    draw = random.Random(1)
    for prefix in sorted({f"0{number:02d}" for number in range(30, 100)} - NOT_OURS):
        number = prefix + "".join(draw.choice("0123456789") for _ in range(7))
        if phonenumbers.is_valid_number(phonenumbers.parse(number, "VN")):
            for written in (
                number,
                f"+84{number[1:]}",
                f"{number[:4]} {number[4:7]} {number[7:]}",
                f"{number[:4]}.{number[4:7]}.{number[7:]}",
            ):
                assert [token for token, _, _ in tokenize(written)] == ["<phone>"], written
