"""Signs of innocence answer the model, where it alone speaks of a harm."""

from __future__ import annotations

import pytest

from contentfilter import Category, ContentFilter
from contentfilter.decide.evidence import MODEL

ANSWERED = [
    "Tiki: Hoàn tiền 250.000đ cho đơn hàng 4410, tiền sẽ về thẻ của bạn trong 5-7 ngày làm việc",
    "Zalo: 5512 la ma kich hoat cua ban. KHONG cung cap cho bat ky ai de tranh mat tai khoan",
]


@pytest.mark.parametrize("text", ANSWERED)
def test_a_sign_of_innocence_is_taken_off_what_the_model_says(shipped: ContentFilter, text: str) -> None:
    told = {source: weight for category, source, weight in shipped.classify(text).evidence.contributions if category is Category.SCAM}
    assert told[MODEL] > 4.4  # it alone would have flagged the text
    assert told["scam.safe_notice"] < 0
    assert not shipped.classify(text).flagged
    assert shipped.classify_batch([text, "Trời đẹp"])[0].to_dict() == shipped.classify(text).to_dict()
