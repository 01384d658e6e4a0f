"""The network of the research recipes: its gradients against differences, and that it learns what it is shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from contentfilter.training.language import Reader, read_on
from contentfilter.training.network import Batch, Network, Parameters, Shape, Vocabulary, log_softmax
from contentfilter.training.opinions import Opinions, grouped, words_of

_TEXTS = ("trời mưa mà đường không ngập", "chào", "một hai ba bốn hai", "")


def small(tokens: bool) -> tuple[Network, Batch]:
    """A network of four units without chance, in double precision, and a batch of uneven texts for it."""
    network = Network(Shape(3, 2, tokens=tokens, width=4, kept=False), seed=0)
    doubled(network.parameters)
    vocabulary = Vocabulary()
    batch = vocabulary.batch([vocabulary.numbers(text.split()) for text in _TEXTS])
    return network, batch._replace(mask=batch.mask.astype(np.float64), ngrams=batch.ngrams.astype(np.float64))


def doubled(parameters: Parameters) -> None:
    """Give parameters double precision."""
    parameters.update({name: value.astype(np.float64) for name, value in parameters.items()})


def agree(parameters: Parameters, batch: Batch, gradients: Parameters, loss: Callable[[], float]) -> None:
    """Gradients of all parameters against differences of the loss, at five places of each."""
    assert set(gradients) == set(parameters)
    rng = np.random.default_rng(2)
    for name, gradient in gradients.items():
        for _ in range(5):
            at = tuple(rng.integers(size) for size in gradient.shape)
            place = (batch.buckets[at[0]], *at[1:]) if name == "embedding" else at
            values, before = parameters[name], parameters[name][place]
            losses = []
            for step in (1e-6, -1e-6):
                values[place] = before + step
                losses.append(loss())
            values[place] = before
            assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(gradient[at], abs=1e-7), name


@pytest.mark.parametrize("tokens", [False, True])
def test_gradients_are_what_differences_say(tokens: bool) -> None:
    network, batch = small(tokens)
    rng = np.random.default_rng(1)
    facts, wanted = rng.normal(size=(4, 2)), np.eye(3)[[0, 1, 2, 1]]
    marked = (rng.random(batch.places.shape) > 0.5).astype(np.float64)
    _, gradients = network.gradients(batch, facts, wanted, marked)
    agree(network.parameters, batch, gradients, lambda: network.gradients(batch, facts, wanted, marked)[0])


def test_gradients_of_reading_are_what_differences_say() -> None:
    _, batch = small(tokens=False)
    reader = Reader(4, seed=0, kept=False)
    doubled(reader.parameters)
    _, gradients = reader.gradients(batch)
    agree(reader.parameters, batch, gradients, lambda: reader.gradients(batch)[0])


def test_reading_tells_what_follows_what() -> None:
    lines = [f"{a} {b}" for a, b in (("mưa", "rơi"), ("nắng", "lên"), ("gió", "thổi"), ("sương", "tan"))] * 2_000
    vocabulary = Vocabulary()
    batch = vocabulary.batch([vocabulary.numbers(line.split()) for line in lines[:4]])
    fresh, read = Reader(16, seed=1, kept=False), Reader(16, seed=1, kept=False)
    read.learn(vocabulary, [line.split() for line in lines])
    assert read.gradients(batch)[0] < fresh.gradients(batch)[0] / 2


def test_a_network_begins_with_what_was_read() -> None:
    start = read_on([["trời", "mưa", "to"]] * 5, 8, seed=2)
    network = Network(Shape(2, 0, width=8), 0, start)
    assert all((network.parameters[name] == value).all() for name, value in start.items())
    network.parameters["embedding"] += 1
    assert (network.parameters["embedding"] != start["embedding"]).any(), "others begin with it too"


def test_a_text_is_told_alike_in_any_company() -> None:
    network, _ = small(tokens=True)
    vocabulary = Vocabulary()
    texts = [vocabulary.numbers(text.split()) for text in _TEXTS]
    facts = np.zeros((len(texts), 2))
    together, words = network.tell(vocabulary, texts, facts)
    for i, text in enumerate(texts):
        alone, told = network.tell(vocabulary, [text], facts[:1])
        assert alone[0] == pytest.approx(together[i], abs=1e-6)
        assert told[0] == pytest.approx(words[i], abs=1e-6)


def test_it_learns_order_and_words() -> None:
    lines = ["mèo đuổi chuột", "chuột đuổi mèo"] * 30
    vocabulary = Vocabulary()
    texts = [vocabulary.numbers(line.split()) for line in lines]
    labels = np.array([0, 1] * 30)
    marked = [np.array([1.0, 0.0, 0.0])] * 60
    facts = np.zeros((60, 0), dtype=np.float32)
    network = Network(Shape(2, 0, tokens=True, width=16, epochs=40, batch=10), seed=3).learn(vocabulary, texts, facts, labels, marked)
    logits, words = network.tell(vocabulary, texts[:2], facts[:2])
    assert logits.argmax(axis=1).tolist() == [0, 1]
    assert all(told.argmax() == 0 for told in words)


def test_the_same_seed_learns_the_same() -> None:
    texts, facts = ["giao hàng nhanh", "hàng giả rồi"] * 10, [{}] * 20
    labels = np.array([0, 1] * 10)
    first, second = (Opinions(texts, facts, labels, seed=4) for _ in range(2))
    assert (first.held_out == second.held_out).all()
    assert (first.logs(["shop dễ thương"], [{}]) == second.logs(["shop dễ thương"], [{}])).all()
    assert np.exp(first.held_out).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_finer_classes_add_up_to_coarser_ones() -> None:
    logs = log_softmax(np.array([[1.0, 2.0, 3.0]]))
    coarse = grouped(logs, {0: 0, 1: 1, 2: 1})
    assert coarse.sum() == pytest.approx(0)
    assert coarse[0, 1] - coarse[0, 0] == pytest.approx(np.log(np.exp(logs[0, 1:]).sum()) - logs[0, 0])


def test_words_are_folded_and_signs_stand_alone() -> None:
    assert words_of("Hàng  ĐẸP!! 5*") == ["hàng", "đẹp", "!", "!", "5", "*"]
