"""The openai engines against a server that misbehaves: retries, limits, forms, counting, and the key kept secret."""

from __future__ import annotations

import base64
import logging
import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("httpx2")
pytest.importorskip("jsonschema")

from bad_server import Seen, said, serving

from anyedit.engines.openai.chat import Chat
from anyedit.engines.openai.pictures import Pictures
from anyedit.engines.roles import Instructed, PairToJudge, Prompt, Scene, Written
from anyedit.engines.toolbox import tools
from anyedit.errors import EngineDown, EngineError, RecipeError
from anyedit.records import pixels_of, png

KEY = "sk-very-secret-0123456789"
COLOUR = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer", "minimum": 1}},
    "required": ["colour", "count"],
    "additionalProperties": False,
}


def chat(url: str, **settings: Any) -> Chat:
    return Chat(model="m", base_url=url, wait=0.001, timeout=5, **settings)


def text(answer: Any) -> str:
    assert isinstance(answer, Written), answer
    return answer.text


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with serving(lambda n, _: (status, "busy") if n < 2 else said("hello")) as server:
        engine = chat(server.url, retries=2)
        assert text(engine.write([Prompt("x")])[0]) == "hello"
    used = engine.meter.total
    assert (used.requests, used.retries) == (3, 2)


def test_retries_end_and_the_item_alone_fails_with_the_reason() -> None:
    def plan(number: int, request: Seen) -> Any:
        return (500, "broken disk") if "bad" in str(request.body) else said("fine")

    with serving(plan) as server:
        engine = chat(server.url, retries=1)
        good, bad, also_good = engine.write([Prompt("a"), Prompt("bad"), Prompt("b")])
    assert text(good) == text(also_good) == "fine"
    assert isinstance(bad, EngineError)
    assert "2 tries" in str(bad) and "status 500: broken disk" in str(bad)


def test_slow_answers_are_given_up() -> None:
    with serving(lambda n, _: said("late"), slow=0.5) as server:
        engine = Chat(model="m", base_url=server.url, wait=0.001, timeout=0.05, retries=1)
        (answer,) = engine.write([Prompt("x")])
    assert isinstance(answer, EngineError) and "no answer within 0.05 s" in str(answer)
    assert engine.meter.total.requests == 2


@pytest.mark.parametrize("junk", ["not json at all", "[1]", '{"half": '])
def test_answers_that_are_no_json_object_are_tried_again(junk: str) -> None:
    with serving(lambda n, _: (200, junk) if n == 0 else said("hello")) as server:
        assert text(chat(server.url).write([Prompt("x")])[0]) == "hello"
        assert len(server.seen) == 2


def test_an_answer_without_message_is_an_item_error() -> None:
    with serving(lambda n, _: (200, {"choices": []})) as server:
        (answer,) = chat(server.url).write([Prompt("x")])
    assert isinstance(answer, EngineError) and "holds no message" in str(answer)


def test_no_more_requests_at_once_than_allowed_and_answers_in_order() -> None:
    def plan(number: int, request: Seen) -> Any:
        return said(request.body["messages"][0]["content"])

    with serving(plan, slow=0.02) as server:
        answers = chat(server.url, concurrency=3).write([Prompt(str(n)) for n in range(12)])
    assert [text(answer) for answer in answers] == [str(n) for n in range(12)]
    assert 2 <= server.busiest <= 3


def test_a_form_is_asked_for_by_schema_checked_here_and_asked_again_with_the_reason() -> None:
    answers = [
        "no idea",
        '{"colour": "green", "count": 1}',
        'Sure:\n```json\n{"colour": "red", "count": 2}\n```',
    ]
    with serving(lambda n, _: said(answers[n])) as server:
        engine = chat(server.url, tries=3)
        (answer,) = engine.write([Prompt("which?", schema=COLOUR)])
    assert isinstance(answer, Written) and answer.value == {"colour": "red", "count": 2}
    first, second, third = (request.body for request in server.seen)
    assert first["response_format"]["json_schema"]["schema"]["required"] == ["colour", "count"]
    assert "no JSON object" in second["messages"][-1]["content"]
    assert "'green' is not one of" in third["messages"][-1]["content"]
    assert first["seed"] != second["seed"]  # or a server that keeps to seeds would say the same again
    assert engine.meter.total.rejected_answers == 2


def test_a_form_that_never_comes_is_given_up_with_its_reason() -> None:
    with serving(lambda n, _: said('{"colour": "red", "count": 0}')) as server:
        (answer,) = chat(server.url, tries=2, structured="words").write([Prompt("which?", schema=COLOUR)])
        assert "JSON schema" in server.seen[0].body["messages"][0]["content"]
        assert "response_format" not in server.seen[0].body
    assert isinstance(answer, EngineError)
    assert "2 tries" in str(answer) and "count: 0 is less than the minimum of 1" in str(answer)


def test_what_a_model_writes_is_never_evaluated(tmp_path: Any) -> None:
    trap = tmp_path / "trap"
    attack = f"{{'colour': __import__('pathlib').Path({str(trap)!r}).write_text('x'), 'count': 1}}"
    with serving(lambda n, _: said(attack)) as server:
        (answer,) = chat(server.url, tries=1).write([Prompt("which?", schema=COLOUR)])
    assert isinstance(answer, EngineError) and not trap.exists()


def test_tokens_and_cost_are_counted() -> None:
    with serving(lambda n, _: said("x", (1000, 200))) as server:
        engine = chat(server.url, input_price=2.0, output_price=10.0)
        engine.write([Prompt("a"), Prompt("b")])
    used = engine.meter.total
    assert (used.input_tokens, used.output_tokens) == (2000, 400)
    assert used.cost == pytest.approx(2 * (1000 * 2.0 + 200 * 10.0) / 1e6)


def test_the_key_is_sent_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    caplog.set_level(logging.DEBUG)

    def repeats_it(number: int, request: Seen) -> Any:
        return (500 if number == 0 else 400), f"you sent {request.headers['authorization']}"

    with serving(repeats_it) as server:
        engine = chat(server.url, key="MY_KEY")
        (answer,) = engine.write([Prompt("x")])
        assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert isinstance(answer, EngineError) and "[key]" in str(answer)
    shown = [str(answer), repr(answer), repr(engine), engine.version, caplog.text, str(engine.meter.total)]
    assert all(KEY not in text for text in shown)
    assert KEY.encode() not in pickle.dumps(engine)


def test_a_wrong_key_stops_the_build_and_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    with serving(lambda n, _: (401, f"bad key {KEY}")) as server:
        with pytest.raises(EngineDown, match="the key in the environment variable MY_KEY") as caught:
            chat(server.url, key="MY_KEY").write([Prompt("x")])
        assert len(server.seen) == 1  # not tried again
    assert KEY not in str(caught.value)


def test_nobody_there_stops_the_build() -> None:
    with pytest.raises(EngineDown, match="ConnectError"):
        Chat(model="m", base_url="http://127.0.0.1:9/v1", wait=0.001, retries=1).write([Prompt("x")])


@pytest.mark.parametrize(
    ("settings", "said_"),
    [
        ({"model": "m", "key": KEY}, "names the environment variable"),
        ({}, "needs 'model'"),
        ({"model": "m", "base_url": "http://me:pw@host/v1"}, "holds a name or password"),
        ({"model": "m", "base_url": "host/v1"}, "no http"),
        ({"model": "m", "api_key": KEY}, "has no setting 'api_key'"),
    ],
)
def test_mistakes_in_a_recipe(settings: dict[str, Any], said_: str) -> None:
    with pytest.raises(RecipeError, match=said_) as caught:
        _ = tools({"write": {"engine": "openai", **settings}}).write
    assert KEY not in str(caught.value)


def test_pictures_go_along_and_a_judgement_comes_back() -> None:
    answer = '{"said": "it is red", "follows": 9, "keeps": 8.5, "looks": 10, "rewritten": ""}'
    picture = np.full((8, 12, 3), 90, np.uint8)
    with serving(lambda n, _: said(answer)) as server:
        (judged,) = chat(server.url).judge([PairToJudge(picture, picture // 2, "Make it red")])
    parts = server.seen[0].body["messages"][-1]["content"]
    assert not isinstance(judged, EngineError)
    assert (judged.follows, judged.keeps, judged.looks, judged.said) == (0.9, 0.85, 1.0, "it is red")
    sent = [pixels_of(base64.b64decode(p["image_url"]["url"].split(",")[1])) for p in parts[:2]]
    assert np.array_equal(sent[0], picture) and np.array_equal(sent[1], picture // 2)
    assert "Make it red" in parts[2]["text"]


def test_answers_about_pictures_are_short() -> None:
    with serving(lambda n, _: said(["Yes, it is.", "A red mug."][n])) as server:
        engine = chat(server.url, concurrency=1)
        picture = np.zeros((4, 4, 3), np.uint8)
        assert engine.answer([picture, picture], ["Is it red?", "What is it?"]) == ["yes", "a red mug"]


def test_a_picture_is_edited_in_a_size_that_the_server_has_and_comes_back_aligned() -> None:
    rows, columns = np.mgrid[:60, :100]
    picture = np.stack([columns * 2, rows * 4, np.full_like(rows, 90)], -1).astype(np.uint8)

    def gives_back(number: int, request: Seen) -> Any:
        start = request.body.index(b"\x89PNG")
        sent = request.body[start : request.body.index(b"IEND", start) + 8]
        assert pixels_of(sent).shape == (1024, 1536, 3)
        return 200, {"data": [{"b64_json": base64.b64encode(sent).decode()}]}

    with serving(gives_back) as server:
        engine = Pictures(model="m", base_url=server.url, picture_price=0.04)
        (made,) = engine.follow([Instructed(picture, "Make it red", mask=rows > 30)])
        body = server.seen[0].body
        assert server.seen[0].path == "/v1/images/edits"
        assert b"Make it red" in body and body.count(b"\x89PNG") == 2  # the mask goes along
    assert not isinstance(made, EngineError) and made.shape == picture.shape
    assert np.abs(made.astype(int) - picture).max() <= 3
    assert engine.meter.total.pictures == 1 and engine.meter.total.cost == pytest.approx(0.04)


def test_a_picture_is_made_of_the_asked_size() -> None:
    made = base64.b64encode(png(np.full((32, 48, 3), 7, np.uint8))).decode()
    with serving(
        lambda n, _: (200, {"data": [{"b64_json": made}]} if n else {"data": [{"url": "http://x"}]})
    ) as server:
        engine = Pictures(model="m", base_url=server.url, extra={"quality": "low"}, concurrency=1)
        address, picture = engine.generate([Scene("a mug", (40, 20)), Scene("a mug", (40, 20))])
        assert server.seen[0].body["size"] == "1536x1024" and server.seen[0].body["quality"] == "low"
    assert isinstance(address, EngineError) and "response_format" in str(address)
    assert isinstance(picture, np.ndarray) and picture.shape == (20, 40, 3) and (picture == 7).all()
