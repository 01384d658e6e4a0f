"""Answers requests of the Perspective API's shape (`comments:analyze`, v1alpha1) for Vietnamese text.

    python examples/perspective.py --port 8080
    curl -s localhost:8080/v1alpha1/comments:analyze -d '{"comment": {"text": "đồ ngu"}, "requestedAttributes": {"INSULT": {}}}'

The server listens on this machine alone, and neither stores nor logs what it is sent, whatever `doNotStore` says.
"""

from __future__ import annotations

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from contentfilter import Category, ContentFilter, Match, Result

ABUSE = (Category.PROFANITY, Category.INSULT, Category.HATE, Category.THREAT, Category.SEXUAL)
ATTRIBUTES = {
    "TOXICITY": ABUSE,
    "SEVERE_TOXICITY": ABUSE,
    "IDENTITY_ATTACK": (Category.HATE,),
    "INSULT": (Category.INSULT,),
    "PROFANITY": (Category.PROFANITY,),
    "THREAT": (Category.THREAT,),
    "SEXUALLY_EXPLICIT": (Category.SEXUAL,),
    "SPAM": (Category.SPAM,),
}
LARGEST = 1 << 20
"""Bytes of a request; Perspective takes 20 kB of text."""

moderation = ContentFilter()


def analyze(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request. Raises `ValueError` with what is wrong with it."""
    comment = request.get("comment")
    text = comment.get("text") if isinstance(comment, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise ValueError("comment.text: expected a text that is not empty")
    wanted = request.get("requestedAttributes")
    if not isinstance(wanted, dict) or not wanted:
        raise ValueError("requestedAttributes: expected an object that names at least one")
    if unknown := sorted(set(wanted) - set(ATTRIBUTES)):
        raise ValueError(f"requestedAttributes: {', '.join(unknown)} not known, expected some of: {', '.join(ATTRIBUTES)}")
    result = moderation.classify(text)
    answer: dict[str, Any] = {
        "attributeScores": {
            name: scores
            for name, settings in wanted.items()
            if (scores := attribute(result, name, bool(request.get("spanAnnotations"))))["summaryScore"]["value"] >= least(settings)
        },
        "languages": ["vi"],
        "detectedLanguages": ["vi"],
    }
    if "clientToken" in request:
        answer["clientToken"] = request["clientToken"]
    return answer


def least(settings: object) -> float:
    """The score under which an attribute is left out of the answer."""
    return float(settings.get("scoreThreshold", 0)) if isinstance(settings, dict) else 0.0


def attribute(result: Result, name: str, with_spans: bool) -> dict[str, Any]:
    """The summary of an attribute, and a span for each match, or for the whole text."""
    categories = ATTRIBUTES[name]
    value = max(result.scores[category] for category in categories)
    if name == "SEVERE_TOXICITY" and max(result.severity[category] for category in categories) < 3:
        value = min(value, 0.4)  # mild words never make a text severe
    score = {"value": value, "type": "PROBABILITY"}
    matches: list[Match | None] = [match for match in result.matches if match.category in categories] if with_spans else []
    spans = [(match.start, match.end) if match else (0, len(result.text)) for match in matches or [None]]
    return {"spanScores": [{"begin": begin, "end": end, "score": score} for begin, end in spans], "summaryScore": score}


class Handler(BaseHTTPRequestHandler):
    """`POST /v1alpha1/comments:analyze`."""

    def do_POST(self) -> None:
        """Answer with scores, or with an error of Perspective's shape."""
        size = int(self.headers.get("Content-Length") or 0)
        if self.path.partition("?")[0] != "/v1alpha1/comments:analyze" or size > LARGEST:
            self.answer(404 if size <= LARGEST else 413, error(404 if size <= LARGEST else 413, "expected POST /v1alpha1/comments:analyze"))
            return
        try:
            request = json.loads(self.rfile.read(size))
            self.answer(200, analyze(request if isinstance(request, dict) else {}))
        except ValueError as fault:  # no JSON, or a wrong request
            self.answer(400, error(400, str(fault)))

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """Send a JSON object."""
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def error(code: int, message: str) -> dict[str, Any]:
    """An error as Google's APIs tell it."""
    return {"error": {"code": code, "message": message, "status": "INVALID_ARGUMENT" if code == 400 else "NOT_FOUND"}}


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8080)
    with ThreadingHTTPServer(("127.0.0.1", options.parse_args().port), Handler) as server:
        server.serve_forever()
