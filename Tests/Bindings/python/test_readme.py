"""The README's loop as it stands: without a CLI, with one that hangs, and with the real one."""

import os
import re
import stat
import sys
import time
from pathlib import Path

import pytest
import wakelog

README = Path(__file__).parents[3] / "README.md"


class Bot:
    """What the README's loop speaks with."""

    def __init__(self, workspace, *texts):
        self.workspace, self.texts, self.said, self.retried = str(workspace), texts, [], []

    def messages(self):
        for number, text in enumerate(self.texts):
            yield "chat", text, f"update-{text}-{number}"

    def send(self, chat, text):
        if text:
            self.said.append(text)

    def retry(self, payloads):
        self.retried += payloads


@pytest.fixture
def serve(tmp_path):
    """The README's loop; its limits may be others."""
    section = README.read_text().split("\n### Python\n")[1].split("\n##")[0]
    [program] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)

    def run(bot, **changes):
        text = program
        for name, value in changes.items():
            text = re.sub(rf"\b{name}=\d+", f"{name}={value}", text)
        scope = {}
        exec(compile(text, "README.md", "exec"), scope)
        scope["serve"](bot, tmp_path / "log")
        return bot

    return run


def last_run(tmp_path):
    with wakelog.Engine(tmp_path / "log", host=None, read_only=True) as engine:
        session = engine.session(session="chat")
        assert session.open_run is None and not session.pending
        return session


# The run stayed open, and every later message waited for it.
def test_without_a_cli_every_message_is_answered_by_an_error(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin/none")
    bot = serve(Bot(tmp_path, "one", "two"))
    assert len(bot.said) == 2 and all("could not be started" in text for text in bot.said)
    assert last_run(tmp_path).last_run.outcome == "failed"


def test_with_one_that_hangs_the_next_message_is_answered(serve, tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    claude = folder / "claude"
    claude.write_text("#!/bin/sh\nexec sleep 60\n")
    claude.chmod(claude.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    start = time.monotonic()
    bot = serve(Bot(tmp_path, "one", "two"), timeout=1)
    assert len(bot.said) == 2 and all("timedOut" in text for text in bot.said)
    assert time.monotonic() - start < 50
    assert last_run(tmp_path).last_run.outcome == "timedOut"


def test_with_the_real_one_a_conversation_goes_on(serve, tmp_path, monkeypatch):
    sys.path.insert(0, str(Path(__file__).parents[2] / "RealAgents"))
    import agents
    import provider_api

    binary = agents.find("claude")
    if binary is None:
        pytest.skip("Claude Code's wheel cannot be had")
    claude = agents.Claude(binary, provider_api.serve(), tmp_path / "claude")
    for name, value in claude.environment("ok").items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "claude").symlink_to(binary)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert serve(Bot(tmp_path, "one", "two")).said == ["ok", "ok"]
    session = last_run(tmp_path)
    assert session.last_run.via == "resume" and session.bound.session_id
    # The provider refuses: the message is answered by that, and the session stays.
    monkeypatch.setenv("ANTHROPIC_BASE_URL", claude.environment("unauthenticated")
                       ["ANTHROPIC_BASE_URL"])
    assert "authentication" in serve(Bot(tmp_path, "three")).said[-1]
    assert last_run(tmp_path).bound.session_id == session.bound.session_id
