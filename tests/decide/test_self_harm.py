"""Who speaks of wanting to die is never walled off, however they say it; who urges others to is no such person."""

from __future__ import annotations

import pytest

from contentfilter import Action, ContentFilter

DESPAIR = [
    "Em không muốn sống nữa, ai giúp em với",
    "em khong muon song nua, giup em",
    "Tao ghét tao, tao muốn chết mẹ cho rồi",
    "Địt mẹ đời, tao chỉ muốn chết quách cho xong",
    "Nó chửi em là con đĩ, em muốn nhảy lầu",
    "Chồng đánh em mỗi ngày, em chỉ muốn chết",
    "Tối nay em uống hết vỉ thuốc rồi, em xin lỗi mẹ",
    "Có cách nào chết mà không đau không, em mệt lắm rồi",
]


@pytest.mark.parametrize("policy", ["default", "strict"])
def test_despair_is_seen_by_a_person_and_never_blocked(policy: str) -> None:
    results = ContentFilter(policy=policy).classify_batch(DESPAIR)
    for result in results:
        assert result.action in (Action.REVIEW, Action.MASK), result.text
        assert result.support("vi"), result.text
        assert "111" in result.support("en")


def test_urging_somebody_to_die_may_be_blocked(shipped: ContentFilter) -> None:
    result = shipped.classify("Thằng chó, mày chết mẹ mày đi cho rảnh nợ")
    assert result.action is Action.BLOCK
    assert not result.support("vi")


HELPERS = [
    "Tọa đàm phòng chống tự tử ở học đường sáng nay",
    "Bác sĩ khuyên nếu có ý nghĩ tự sát hãy gọi đường dây nóng",
    "Lời bài hát: em chết trong lòng anh từ độ ấy",
    "Công an tìm thấy thi thể người đàn ông nghi nhảy cầu",
    "Ai đang nghĩ quẩn thì nhắn mình, mình nghe",
    "Cứu được cô gái định nhảy cầu Bãi Cháy",
    "Trích: sống hay chết, đó mới là vấn đề",
]


@pytest.mark.parametrize("text", HELPERS)
def test_helpers_news_and_songs_pass(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).action is Action.ALLOW
