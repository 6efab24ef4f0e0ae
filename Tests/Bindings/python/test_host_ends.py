"""How CLIs end, and hosts: killed, interrupted, forked; nothing stays open and nothing lives on."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from agent_cli import AgentCLI, lives
from conftest import eventually

import wakelog
from wakelog import _patience


@pytest.fixture
def cli(tmp_path):
    return AgentCLI(tmp_path)


@pytest.fixture
def host(cli, tmp_path):
    with wakelog.Host(
        tmp_path / "log", name="gateway-1", agent="main", provider="claude", command=cli.command
    ) as host:
        yield host


def answer(host, text="hi", session="chat", **more):
    with host.turn(session, text, **more) as turn:
        return [piece.text for piece in turn if piece.text]


def gone(cli):
    assert cli.pids
    eventually(lambda: not any(map(lives, cli.pids)))
    return True


@pytest.mark.parametrize("do, said", [
    ("sys.exit(3)", ""),
    ('sys.exit("API Error: 429 rate_limit_error")', "(rateLimited): API Error: 429"),
    ("os.kill(os.getpid(), 9)", ""),
])
def test_a_cli_that_fails_is_told_of_and_the_next_turn_is_free(cli, host, do, said):
    cli.does(do)
    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host)
    assert failed.value.outcome == "failed" and failed.value.kind
    assert said in failed.value.message
    assert host.engine.session(session="chat").open_run is None
    cli.does('say("s", "here")')
    assert answer(host) == ["here"]


def test_output_may_be_of_any_size(cli, host):
    cli.does('print("not JSON", "y" * 5_000_000)\n'
             'for _ in range(3): print("e" * 1_000_000, file=sys.stderr)\n'
             'say("s", "x" * 3_000_000)')
    [text] = answer(host)
    assert text == "x" * 3_000_000
    cli.does('print("e" * 3_000_000, file=sys.stderr); sys.exit("the last word")')
    with pytest.raises(wakelog.RunFailed, match="the last word"):
        answer(host)


def test_one_that_will_not_end_is_killed_with_what_it_started(cli, host):
    cli.does('signal.signal(signal.SIGTERM, signal.SIG_IGN)\n'
             'child = subprocess.Popen(["sh", "-c", "trap : TERM; sleep 60; sleep 60"])\n'
             'note(child.pid); begin("s"); time.sleep(60)')
    start = time.monotonic()
    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host, timeout=1)
    assert failed.value.outcome == "timedOut" and failed.value.kind == "timeout"
    assert time.monotonic() - start < 20 and gone(cli)


def test_what_outlives_its_cli_does_not_keep_the_turn(cli, host):
    cli.does('child = subprocess.Popen(["sleep", "60"]); note(child.pid); say("s", "here")')
    start = time.monotonic()
    assert answer(host) == ["here"] and time.monotonic() - start < 10
    for pid in cli.pids:
        if lives(pid):
            os.kill(pid, signal.SIGKILL)


PROGRAM = """
import sys, wakelog
sys.path.insert(0, sys.argv[2])
from agent_cli import AgentCLI
from pathlib import Path
cli = AgentCLI(Path(sys.argv[1]))
host = wakelog.Host(cli.folder / "log", name="gateway-1", agent="main", provider="claude",
                    command=cli.command, lease=60)
"""


def started(tmp_path, program):
    """A host of its own process, whose Ctrl-C is its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + program, str(tmp_path), os.path.dirname(__file__)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ctrl_c_ends_the_run_and_its_cli_at_once(cli, tmp_path):
    cli.does('note(); begin("s"); time.sleep(60)')
    process = started(tmp_path, """
try:
    with host.turn("chat", "hi") as turn:
        for piece in turn:
            print(piece.kind, flush=True)
except KeyboardInterrupt:
    session = host.engine.session(session="chat")
    print(session.open_run, session.last_run.outcome, flush=True)
""")
    assert process.stdout.readline() == "raw\n"
    time.sleep(0.3)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    said, complaint = process.communicate(timeout=20)
    assert said == "None interrupted\n", complaint
    assert time.monotonic() - start < 10 and gone(cli)


def test_ctrl_c_while_a_turn_waits_leaves_the_message(cli, tmp_path):
    cli.does("note(); time.sleep(60)")
    process = started(tmp_path, """
import threading
def first():
    try:
        list(host.turn("chat", "one"))
    except wakelog.WakelogError:
        pass
threading.Thread(target=first, daemon=True).start()
while not cli.pids: pass
try:
    with host.turn("chat", "two") as turn:
        print(turn.disposition, flush=True)
        list(turn)
except KeyboardInterrupt:
    session = host.engine.session(session="chat")
    print(bool(session.open_run), bool(session.pending), flush=True)
    host.close()
""")
    assert process.stdout.readline() == "deferred\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said, complaint = process.communicate(timeout=20)
    assert said == "True True\n", complaint
    assert gone(cli)


# Who was interrupted while the session was woken knew of no turn, and its run stayed open.
@pytest.mark.parametrize("must_wait", [False, True])
def test_ctrl_c_while_a_session_is_woken_leaves_nothing_open(host, must_wait, monkeypatch):
    monkeypatch.setattr(wakelog.Engine, "must_wait", must_wait)
    are_first, decode = [True], _patience.decode

    def interrupted(text):
        # The library has done its work, and Python sees the signal.
        if are_first:
            are_first.pop()
            raise KeyboardInterrupt
        return decode(text)

    monkeypatch.setattr(_patience, "decode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        host.turn("chat", "hi")
    session = host.engine.session
    eventually(lambda: session(session="chat").open_run is None)
    assert session(session="chat").last_run.outcome == "interrupted"


class Alarm(BaseException):
    """As Ctrl-C, at any moment."""


def test_signals_at_any_moment_leave_nothing_open(host):
    def ring(number, frame):
        raise Alarm

    def run(turn):
        yield "a"
        yield "b"

    def talk(session):
        for _ in range(50):
            with host.turn(session, "hi", run=run) as turn:
                list(turn)

    before = signal.signal(signal.SIGALRM, ring)
    rung, seed = 0, random.Random(7)
    try:
        for number in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, seed.uniform(0.0001, 0.006))
                talk(f"s{number}")
            except Alarm:
                rung += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rung > 250
    eventually(lambda: not [one for one in host.engine.sessions() if one.open_run])


def test_a_killed_host_takes_its_cli_with_it(cli, tmp_path):
    cli.does('note(); begin("s"); time.sleep(60)')
    process = started(tmp_path, 'for piece in host.turn("chat", "hi"): print(piece, flush=True)')
    process.stdout.readline()
    eventually(lambda: cli.pids)
    process.kill()
    process.communicate()
    assert gone(cli)
    with wakelog.Host(tmp_path / "log", name="gateway-1", agent="main", provider="claude",
                      command=cli.command) as host:
        [run] = host.interrupted
        assert run.payloads == ["hi"] and not run.alive and run.end_orphan()
        cli.does('say(resumed or "new", asked)')
        assert answer(host, run.payloads[0], run.session) == ["hi"]


def test_an_orphan_is_ended_where_that_is_asked_for(cli, tmp_path):
    cli.does('child = subprocess.Popen(["sleep", "60"], close_fds=False); note(child.pid);'
             ' begin("s"); time.sleep(60)')
    process = started(tmp_path, 'for piece in host.turn("chat", "hi"): print(piece, flush=True)')
    process.stdout.readline()
    eventually(lambda: cli.pids)
    process.kill()
    process.communicate()
    with wakelog.Host(tmp_path / "log", name="gateway-1", agent="main", provider="claude",
                      command=cli.command) as host:
        with pytest.raises(wakelog.Busy) as refused:
            host.turn("chat", "x", orphans="wait", wait=0.2)
        assert refused.value.field == "orphans"
        cli.does('say("s", "here")')
        assert answer(host, "x", orphans="end") == ["here"] and gone(cli)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_leaves_its_parents_turns_alone(cli, host):
    cli.does('note(); begin("s"); wait_for_go(); say("s", "here")')
    with host.turn("chat", "hi") as turn:
        pieces = iter(turn)
        next(pieces)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with pytest.raises(wakelog.Busy):
                    host.turn("other", "hi")
                turn.close()
                pieces.close()
                del pieces, turn
                status = 0
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert all(map(lives, cli.pids))
        cli.go()
        assert [piece.text for piece in pieces if piece.text] == ["here"]
    assert turn.result.outcome == "succeeded"


def test_many_threads_have_turns_at_a_time(cli, host):
    cli.does('say("s-" + asked, "you said " + asked)')
    answers = {}

    def ask(number):
        answers[number] = answer(host, str(number), f"s{number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [f"you said {number}"] for number in range(16)}


def test_the_real_one_resumes_and_is_told_by_its_failure(host, tmp_path):
    sys.path.insert(0, str(Path(__file__).parents[2] / "RealAgents"))
    import agents
    import provider_api

    binary = agents.find("claude")
    if binary is None:
        pytest.skip("Claude Code's wheel cannot be had")
    claude = agents.Claude(binary, provider_api.serve(), tmp_path / "claude")

    def command(how):
        return lambda turn: wakelog.AgentCall(
            [binary, "-p", turn.text, "--output-format", "stream-json", "--verbose"],
            environment=claude.environment(how), directory=claude.folder)

    with host.turn("chat", "hi", command=command("ok")) as turn:
        assert [piece.text for piece in turn if piece.text] == ["ok"]
        assert turn.session_id is None and turn.usage.input_tokens is not None
    bound = host.engine.session(session="chat").bound.session_id
    with host.turn("chat", "again", command=command("ok")) as turn:
        assert [piece.text for piece in turn if piece.text] == ["ok"]
        assert turn.session_id == bound
    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host, command=command("unauthenticated"))
    assert failed.value.kind == "authentication"
