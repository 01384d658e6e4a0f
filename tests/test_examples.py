"""The programs under `examples/` work, where the library that each is for is installed."""

from __future__ import annotations

import importlib
import json
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
BLOCKED = "Tao sẽ giết cả nhà mày, thằng chó"
MASKED = "Gọi tôi số 0912 345 678"
BETTING = "Nhà cái uy tín, nạp lần đầu tặng 100%"
DESPAIR = "Mình không muốn sống nữa"
CLEAN = "Giao hàng nhanh, cảm ơn shop"


def example(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def perspective(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return example("perspective", monkeypatch)


def asked(text: str, *attributes: str, **more: Any) -> dict[str, Any]:
    return {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes}, **more}


def test_perspective_answers_in_its_shape(perspective: ModuleType) -> None:
    answer = perspective.analyze(asked("đồ n.g.u", "INSULT", "THREAT", clientToken="7", languages=["vi"], doNotStore=True))
    assert list(answer) == ["attributeScores", "languages", "detectedLanguages", "clientToken"]
    insult, threat = answer["attributeScores"]["INSULT"], answer["attributeScores"]["THREAT"]
    assert insult["summaryScore"]["type"] == "PROBABILITY"
    assert insult["summaryScore"]["value"] > 0.5 > threat["summaryScore"]["value"]
    assert [(span["begin"], span["end"]) for span in insult["spanScores"]] == [(0, 8)]
    assert json.loads(json.dumps(answer)) == answer


def test_perspective_spans(perspective: ModuleType) -> None:
    answer = perspective.analyze(asked("thôi đi, đồ ngu", "INSULT", spanAnnotations=True))
    assert [(span["begin"], span["end"]) for span in answer["attributeScores"]["INSULT"]["spanScores"]] == [(9, 15)]


def test_perspective_thresholds_and_severity(perspective: ModuleType) -> None:
    request = {"comment": {"text": CLEAN}, "requestedAttributes": {"TOXICITY": {"scoreThreshold": 0.5}, "SPAM": {}}}
    assert list(perspective.analyze(request)["attributeScores"]) == ["SPAM"]
    mild = perspective.analyze(asked("đồ ngu", "TOXICITY", "SEVERE_TOXICITY"))["attributeScores"]
    assert mild["TOXICITY"]["summaryScore"]["value"] > 0.5 > mild["SEVERE_TOXICITY"]["summaryScore"]["value"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({}, "comment.text"),
        ({"comment": {"text": " "}, "requestedAttributes": {"TOXICITY": {}}}, "not empty"),
        ({"comment": "x", "requestedAttributes": {"TOXICITY": {}}}, "comment.text"),
        ({"comment": {"text": "x"}}, "requestedAttributes"),
        ({"comment": {"text": "x"}, "requestedAttributes": {"FLIRTATION": {}}}, "FLIRTATION not known"),
    ],
)
def test_perspective_refuses(perspective: ModuleType, request_: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        perspective.analyze(request_)


@pytest.fixture
def server(perspective: ModuleType) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), perspective.Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    ("path", "body", "status", "key"),
    [
        ("/v1alpha1/comments:analyze?key=x", json.dumps(asked("đồ ngu", "INSULT")), 200, "attributeScores"),
        ("/v1alpha1/comments:analyze", "{", 400, "error"),
        ("/v1alpha1/comments:analyze", "[]", 400, "error"),
        ("/elsewhere", "{}", 404, "error"),
    ],
)
def test_perspective_as_a_server(server: str, path: str, body: str, status: int, key: str, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        answer = urllib.request.urlopen(urllib.request.Request(server + path, body.encode()), timeout=30)
    except urllib.error.HTTPError as refused:
        answer = refused
    assert answer.status == status
    assert key in json.loads(answer.read())
    assert capfd.readouterr() == ("", ""), "nothing is logged"


def test_fastapi_middleware(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    from fastapi.testclient import TestClient

    client = TestClient(example("fastapi_middleware", monkeypatch).app)
    assert client.post("/comments", json={"text": CLEAN}).json() == {"shown": CLEAN, "waits": False}
    assert client.post("/comments", json={"text": MASKED}).json() == {"shown": "Gọi tôi số **** *** ***", "waits": False}
    assert client.post("/comments", json={"text": DESPAIR}).json() == {"shown": DESPAIR, "waits": True}
    assert client.post("/comments", json=["no text"]).status_code == 422
    refused = client.post("/comments", json={"text": BLOCKED})
    assert refused.status_code == 422
    assert "threat" in refused.json()["categories"]


def test_django_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions = pytest.importorskip("django.core.exceptions")
    validate = example("django_validator", monkeypatch).validate_text
    validate(CLEAN)
    with pytest.raises(exceptions.ValidationError, match="giết"):
        validate(BLOCKED)


def test_chat_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = example("chat_bot", monkeypatch).judge
    assert judge(CLEAN) == (False, None, None)
    assert judge(MASKED).answer.endswith("Gọi tôi số **** *** ***")
    delete, answer, report = judge(BLOCKED)
    assert (delete, "threat" in report, "giết" in answer) == (True, True, False)
    assert judge(BETTING).report.startswith("block (gambling")


def test_spark_job(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    job = example("spark_job", monkeypatch)
    (frame,) = job.score(iter([pandas.DataFrame({"text": [CLEAN, None, MASKED]}, dtype=object)]))
    assert [action if isinstance(action, str) else None for action in frame["action"]] == ["allow", None, "mask"]
    assert frame["masked"][2] == "Gọi tôi số **** *** ***"


def test_pandas_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(EXAMPLES.parent)
    cells = json.loads((EXAMPLES / "pandas_comments.ipynb").read_text(encoding="utf-8"))["cells"]
    namespace: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), namespace)
    assert {"allow", "review"} <= set(namespace["comments"]["action"])
    assert len(namespace["review"])
