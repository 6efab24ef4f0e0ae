"""The loop around an agent: whatever goes wrong, the run ends and the next turn is free."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from agent_cli import AgentCLI, lives
from conftest import eventually

import wakelog


@pytest.fixture
def cli(tmp_path):
    return AgentCLI(tmp_path)


@pytest.fixture
def host(cli, tmp_path):
    with opened(cli, tmp_path) as host:
        yield host


def opened(cli, tmp_path, **more):
    return wakelog.Host(
        tmp_path / "log", name="gateway-1", agent="main", provider="claude", command=cli.command,
        **more)


def answer(host, text="hi", session="chat", **more):
    with host.turn(session, text, **more) as turn:
        return [piece.text for piece in turn if piece.text]


def last_run(host):
    return host.engine.session(session="chat").last_run


def gone(cli):
    assert cli.pids
    eventually(lambda: not any(map(lives, cli.pids)))
    return True


def test_an_answer_comes_in_pieces_and_the_next_turn_resumes(cli, host):
    cli.does('say(resumed or "first", "you said " + asked)')
    with host.turn("chat", "hello") as turn:
        pieces = list(turn)
    assert [piece.kind for piece in pieces] == ["raw", "text", "usage"]
    assert str(pieces[1]) == "you said hello" and pieces[2].usage.input_tokens == 3
    assert turn.usage.output_tokens == 2
    assert turn.result.outcome == "succeeded" and turn.payloads == ["hello"]
    assert turn.session_id is None
    cli.does('say(resumed or "second", "again")')
    with host.turn("chat", "more") as turn:
        assert [str(piece) for piece in turn if piece.text] == ["again"]
        assert turn.session_id == "first"


# README's first loop left the run open here, and every later message waited for it.
def test_a_cli_that_is_not_there_wedges_nothing(cli, host):
    with pytest.raises(wakelog.RunFailed, match="could not be started") as failed:
        answer(host)
    assert failed.value.kind == "misconfigured" and failed.value.outcome == "failed"
    assert host.engine.session(session="chat").open_run is None
    cli.does('say("s", "here")')
    assert answer(host) == ["here"]


def test_a_cli_that_hangs_is_ended_in_time(cli, host):
    cli.does('child = subprocess.Popen(["sleep", "60"]); note(child.pid); time.sleep(60)')
    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host, timeout=1)
    assert failed.value.outcome == "timedOut"
    assert gone(cli)


def test_a_dead_session_falls_back_within_the_turn(cli, host):
    cli.does('say("gone", "one")')
    answer(host)
    cli.does(
        'if resumed: sys.exit("No conversation found with session ID: " + resumed)\n'
        'say("new", "two")')
    with host.turn("chat", "again") as turn:
        assert [piece.text for piece in turn if piece.text] == ["two"]
        assert turn.failure == "unknownSession"
    session = host.engine.session(session="chat")
    assert session.bound.session_id == "new"
    assert [one.session_id for one in session.condemned] == ["gone"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_of_the_host_ends_the_run_as_interrupted(cli, host, error):
    cli.does('begin("s"); note(); time.sleep(60)')
    with pytest.raises(error):
        with host.turn("chat", "x") as turn:
            for _ in turn:
                eventually(lambda: cli.pids)
                raise error
    assert gone(cli)
    assert last_run(host).outcome == "interrupted"


@pytest.mark.parametrize("is_scoped", [True, False])
def test_a_loop_that_is_left_cancels_the_run(cli, host, is_scoped):
    cli.does('begin("s"); note(); time.sleep(60)')

    def look(turn):
        for _ in turn:
            eventually(lambda: cli.pids)
            break

    if is_scoped:
        with host.turn("chat", "x") as turn:
            look(turn)
    else:
        look(host.turn("chat", "x"))
    assert gone(cli)
    assert last_run(host).outcome == "cancelled"


def test_a_turn_that_is_forgotten_does_not_stay_open(cli, host):
    host.turn("chat", "x")
    eventually(lambda: host.engine.session(session="chat").open_run is None)


def test_after_a_reset_nothing_more_is_handed_on(cli, host):
    cli.does('begin("s"); note(); wait_for_go(); say("s", "too late"); time.sleep(60)')
    pieces = []
    with pytest.raises(wakelog.StaleFence):
        with host.turn("chat", "x") as turn:
            for piece in turn:
                pieces.append(piece)
                eventually(lambda: cli.pids)
                host.engine.reset(session="chat")
                cli.go()
    assert len(pieces) == 1 and gone(cli)


def test_stop_ends_the_run_from_another_thread(cli, host):
    cli.does("note(); time.sleep(60)")
    stopping = threading.Timer(0, lambda: (eventually(lambda: cli.pids), host.stop("chat")))
    stopping.start()
    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host)
    assert failed.value.outcome == "cancelled" and gone(cli)
    stopping.join()
    assert not host.stop("chat")


def test_messages_that_come_meanwhile_are_answered_together(cli, host):
    cli.does('note()\nif asked == "one": wait_for_go()\nsay("s", asked)')
    answers = {}

    def ask(text):
        answers[text] = answer(host, text)

    threads = [threading.Thread(target=ask, args=[text]) for text in ("one", "two", "three")]
    threads[0].start()
    eventually(lambda: cli.pids)
    for thread in threads[1:]:
        thread.start()
    eventually(lambda: host.engine.session(session="chat").pending)
    time.sleep(0.3)
    cli.go()
    for thread in threads:
        thread.join()
    assert answers["one"] == ["one"]
    [both] = answers["two"] + answers["three"]
    assert set(both.split("\n\n")) == {"two", "three"}


def test_a_turn_may_give_up_waiting_and_the_message_stays(cli, host):
    cli.does('note()\nif asked == "one": wait_for_go()\nsay("s", asked)')
    first = threading.Thread(target=answer, args=[host, "one"])
    first.start()
    eventually(lambda: cli.pids)
    with host.turn("chat", "two", wait=0) as turn:
        assert list(turn) == [] and turn.disposition == "deferred"
    cli.go()
    first.join()
    assert answer(host, "three") == ["two\n\nthree"]


def test_a_message_that_comes_twice_is_answered_once(cli, host):
    cli.does('say("s", "here")')
    assert answer(host, key="update-7") == ["here"]
    with host.turn("chat", "hi", key="update-7") as turn:
        assert list(turn) == [] and turn.disposition == "duplicate"


def test_the_lease_is_renewed_while_the_host_is_busy(cli, host):
    cli.does('begin("s"); time.sleep(3); say("s", "here")')
    with host.turn("chat", "x", lease=1) as turn:
        for _ in turn:
            time.sleep(1.5)
    assert last_run(host).outcome == "succeeded"


def test_environment_input_and_directory_are_the_calls(cli, host, tmp_path):
    cli.does('say("s", " ".join([os.environ["NAME"], sys.stdin.read(), os.getcwd(),'
             ' os.environ.get("HOME", "none")]))')
    call = wakelog.AgentCall(
        cli.command(type("T", (), {"text": "x"}))["words"],
        environment={"NAME": "set", "HOME": None, "PATH": f"{cli.bin}:{os.environ['PATH']}"},
        input="given", directory=cli.bin)
    assert answer(host, command=lambda turn: call) == [f"set given {cli.bin} none"]


def test_a_paused_agent_refuses_and_says_so(cli, host):
    cli.does('say("s", "here")')
    answer(host)
    host.engine.pause(agent="main")
    with pytest.raises(wakelog.Refused, match="unpause"):
        answer(host)


def test_what_is_wrong_is_named_in_words(cli, host, tmp_path):
    with pytest.raises(wakelog.InvalidParameter, match="list of words"):
        answer(host, command=lambda turn: "claude -p hi")
    assert last_run(host).outcome == "interrupted"
    with pytest.raises(wakelog.InvalidParameter, match="list of words"):
        wakelog.command("claude", "claude -p hi")
    with pytest.raises(wakelog.TooLarge) as large:
        host.turn("chat", "x" * 70_000)
    assert large.value.field == "text"
    with pytest.raises(wakelog.InvalidParameter, match="absolute"):
        host.turn("chat", "x", workspace="srv")
    with pytest.raises(wakelog.InvalidParameter, match="message, assignment"):
        host.turn("chat", "x", source="mesage")
    with pytest.raises(wakelog.InvalidParameter, match="did you mean 'claude'"):
        wakelog.Host(tmp_path / "other", name="n", agent="a", provider="cluade",
                     command=cli.command)
    with pytest.raises(wakelog.InvalidParameter, match="`session_id`") as wrong:
        host.engine.probe(session="chat", session_id=5, exists=True)
    assert wrong.value.field == "session_id"
    with pytest.raises(wakelog.InvalidParameter, match="command"):
        wakelog.Host(tmp_path / "other", name="n", agent="a", provider="claude")
    assert host.engine.session(session="chat").open_run is None


def test_a_function_answers_in_a_clis_place(host):
    def run(turn):
        turn.report(session_id=turn.session_id or "new", entered=True)
        yield "you said "
        yield wakelog.Piece("text", turn.text)

    assert answer(host, "a", run=run) == ["you said ", "a"]
    assert host.engine.session(session="chat").bound.session_id == "new"

    class NoConversation(Exception):
        pass

    def lost(turn):
        if turn.session_id:
            raise NoConversation("No conversation found with session ID: new")
        yield f"fresh after {turn.failure}"

    assert answer(host, "b", run=lost) == ["fresh after unknownSession"]

    def limited(turn):
        error = RuntimeError("slow down")
        error.status_code = 429
        raise error
        yield

    with pytest.raises(wakelog.RunFailed) as failed:
        answer(host, "c", run=limited)
    assert failed.value.kind == "rateLimited"
    assert isinstance(failed.value.__cause__, RuntimeError)

    def says_how(turn):
        yield "no"
        turn.finish(outcome="failed", message="I will not", error_code="refusal",
                    usage={"input_tokens": 5})

    with pytest.raises(wakelog.RunFailed):
        answer(host, "d", run=says_how)
    run = host.engine.run(run=last_run(host).run)
    assert run.attempts[0].usage.input_tokens == 5


KILLED = """
import sys, wakelog
sys.path.insert(0, sys.argv[2])
from agent_cli import AgentCLI
from pathlib import Path
class Found(AgentCLI):
    def __init__(self, folder):
        self.folder, self.bin = folder, folder / "bin"
cli = Found(Path(sys.argv[1]))
host = wakelog.Host(cli.folder / "log", name="gateway-1", agent="main", provider="claude",
                    command=cli.command, lease=60)
with host.turn("chat", "to be answered") as turn:
    for piece in turn:
        pass
"""


def test_what_a_killed_host_left_is_found_and_ended(cli, tmp_path):
    cli.does('child = subprocess.Popen(["sleep", "60"], close_fds=False); note(child.pid);'
             ' begin("s"); time.sleep(60)')
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), os.path.dirname(__file__)])
    eventually(lambda: cli.pids)
    eventually(lambda: host_run(tmp_path))
    with pytest.raises(wakelog.Busy):
        opened(cli, tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    with opened(cli, tmp_path) as host:
        [run] = host.interrupted
        assert run.payloads == ["to be answered"] and run.session == "chat"
        # The CLI died with its host; what it had started is in the session still.
        assert run.alive
        with pytest.raises(wakelog.Busy):
            host.turn("chat", "x")
        assert run.end_orphan() and not run.alive
        assert gone(cli)
        cli.does('say("s", "here")')
        assert answer(host, "\n".join(run.payloads)) == ["here"]


def host_run(tmp_path):
    """Whether the host's run is open, as a reader sees it."""
    with wakelog.Engine(tmp_path / "log", host=None, read_only=True) as engine:
        return engine.session(session="chat").open_run is not None


def test_a_closed_host_ends_what_it_carries_out(cli, tmp_path):
    cli.does("note(); time.sleep(60)")
    host = opened(cli, tmp_path)
    failures = []

    def ask():
        try:
            answer(host)
        except (wakelog.RunFailed, wakelog.WakelogError) as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    eventually(lambda: cli.pids)
    host.close()
    thread.join()
    assert len(failures) == 1 and gone(cli)
    with opened(cli, tmp_path) as host:
        assert host.interrupted == [] and last_run(host).outcome == "interrupted"
