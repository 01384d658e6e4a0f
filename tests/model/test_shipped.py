"""The shipped model and its card."""

from contentfilter.data import data_folder
from contentfilter.decide.evidence import HEADS
from contentfilter.model.store import load


def test_the_shipped_model_loads_and_is_small() -> None:
    path = data_folder("models") / "contentfilter-vi.safetensors"
    model = load(path)
    assert model.heads == ("toxic", "hate", "scam", "spam", "gambling", "illicit", "pii", "threat", "sexual", "self_harm")
    assert set(model.heads) == set(HEADS)
    assert path.stat().st_size < 12_000_000


def test_the_card_speaks_of_this_model() -> None:
    model = load(data_folder("models") / "contentfilter-vi.safetensors")
    card = (data_folder("models") / "CARD.md").read_text(encoding="utf-8")
    assert f"{model.name} {model.version}" in card
    assert model.specification in card
