"""Agent CLIs: their calls, their output, their failures."""

import gc
import json

import pytest

import wakelog

UNKNOWN = "No conversation found with session ID: 00000000-0000-4000-8000-000000000000"


def test_every_provider_is_told_with_its_sources():
    found = {provider["name"]: provider for provider in wakelog.providers()}
    assert {"claude", "codex", "gemini", "opencode"} <= set(found)
    assert all(provider["sources"] for provider in found.values())


def test_a_call_resumes_or_begins():
    resumed = wakelog.command("claude", ["claude", "-p", "hi"], session_id="id-1")
    at = resumed.command.index("--resume")
    assert resumed.command[at + 1] == "id-1" and resumed.command[0] == "claude"
    assert resumed.session_id is None
    begun = wakelog.command("claude", ["claude", "-p", "hi"], new_id="id-2")
    assert begun.session_id == "id-2" and "id-2" in begun.command
    assert wakelog.command("claude", ["claude"]).command == ["claude"]


def test_a_provider_of_ones_own_is_a_document():
    document = {**wakelog.providers()[0], "name": "mine", "aliases": []}
    document["resume"] = ["--again", "{id}"]
    resumed = wakelog.command(document, ["mine"], session_id="x")
    assert resumed.command == ["mine", "--again", "x"]
    with wakelog.OutputReader(document) as reader:
        assert reader.end().session_id is None
    with pytest.raises(wakelog.InvalidParameter):
        wakelog.OutputReader({"name": "mine", "wrong": 1})


@pytest.mark.parametrize(
    "provider, words, error",
    [
        ("nobody", ["x"], wakelog.NotFound),
        (5, ["x"], wakelog.InvalidParameter),
        ("claude", [5], wakelog.InvalidParameter),
        ("claude", ["\ud800"], wakelog.InvalidParameter),
    ],
)
def test_a_wrong_call_is_an_error_that_names_it(provider, words, error):
    with pytest.raises(error) as wrong:
        wakelog.command(provider, words, session_id="x")
    assert wrong.value.field in ("provider", "command")


LINES = [
    {"type": "system", "subtype": "init", "session_id": "id-1"},
    {"type": "assistant", "message": {"model": "m", "content": [{"type": "text", "text": "ä"}]}},
    {
        "type": "result",
        "subtype": "success",
        "is_error": False,
        "num_turns": 2,
        "session_id": "id-1",
        "total_cost_usd": 0.25,
        "usage": {"input_tokens": 10, "output_tokens": 20},
    },
]


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_output_is_read_as_it_comes(size):
    output = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES).encode()
    with wakelog.OutputReader("claude") as reader:
        for start in range(0, len(output), size):
            said = reader.feed(output[start : start + size])
        said = reader.end()
    assert (said.session_id, said.entered, said.turns) == ("id-1", True, 2)
    assert said.usage == wakelog.Usage(10, 20, 250_000, total=["costMicros"])


def test_a_reader_refuses_what_it_cannot_read():
    for wrong in ["nobody", "a\0b", 5, None]:
        with pytest.raises((wakelog.NotFound, wakelog.InvalidParameter)):
            wakelog.OutputReader(wrong)
    reader = wakelog.OutputReader("claude")
    with pytest.raises(TypeError):
        reader.feed("text")
    assert reader.feed(b"\0\xff" * 1000).session_id is None
    reader.close()
    reader.close()
    with pytest.raises(wakelog.WakelogError):
        reader.feed(b"x")
    wakelog.OutputReader("claude").feed(b"{")
    gc.collect()


def test_failures_are_classified():
    found = wakelog.classify(provider="claude", exit_code=1, stderr=UNKNOWN)
    assert (found.kind, found.family) == ("unknownSession", "session") and found.because
    assert wakelog.classify(exit_code=0, stdout="done", turns=1).kind is None
    assert wakelog.classify(signal="SIGKILL", resuming=False).family == "infrastructure"
    assert wakelog.classify(error_code="ECONNRESET", exit_code=1).kind == "network"
    with pytest.raises(wakelog.InvalidParameter) as wrong:
        wakelog.classify(exit_code="one")
    assert wrong.value.field == "exit_code"
