"""Signs of innocence answer the model, where it alone suspects a harm."""

from __future__ import annotations

import pytest

from contentfilter import Category, ContentFilter

ANSWERED = [
    (Category.SCAM, "Tiki: Hoàn tiền 250.000đ cho đơn hàng 4410, tiền sẽ về thẻ của bạn trong 5-7 ngày làm việc", "scam.safe_notice"),
    (Category.INSULT, "Giao hàng chậm, áo thì mỏng, đường may lệch", "context.goods"),
]


@pytest.mark.parametrize(("category", "text", "sign"), ANSWERED)
def test_a_sign_of_innocence_is_heard_where_the_model_alone_suspects(
    shipped: ContentFilter, category: Category, text: str, sign: str
) -> None:
    looked, generation, _ = shipped._reader.look_up(text)
    looked.suspected = frozenset({category})
    heard = shipped._match([looked], generation)[0].hits
    looked.suspected = frozenset()
    unheard = shipped._match([looked], generation)[0].hits
    signs = {shipped.rules[hit.term.rule or 0].id: hit for hit in heard if hit.term.weight < 0}
    assert signs[sign].categories == (category,)
    assert not [hit for hit in unheard if hit.term.weight < 0]
