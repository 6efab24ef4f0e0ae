"""What a call costs, as counts: of functions, of system calls, of threads."""

import sys
import threading

import pytest

import wakelog
from conftest import wake
from wakelog import _library


def frames(body):
    """How many functions of Python something calls."""
    names = []
    sys.setprofile(lambda frame, event, _: event == "call" and names.append(frame.f_code.co_name))
    try:
        body()
    finally:
        sys.setprofile(None)
    return names[1:]  # without `body`


@pytest.fixture
def asked(monkeypatch):
    """The functions of the library that are called, with the thread that calls them."""
    called, loaded = [], _library.library()

    def counted(name, function):
        def count(*arguments):
            called.append((name, threading.get_ident()))
            return function(*arguments)

        return count

    for name in _library._FUNCTIONS:
        monkeypatch.setattr(loaded, name, counted(name, getattr(loaded, name)))
    return called


def test_a_call_that_need_not_wait_asks_the_library_once_and_frees_what_it_gave(asked, tmp_path):
    with wakelog.Engine(tmp_path / "log", host=None) as engine:
        woken = wake(engine)
        for call in [
            lambda: engine.session(session="s"),
            lambda: engine.progress(attempt=woken.attempt, fence=woken.fence),
            lambda: engine.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0),
        ]:
            del asked[:]
            call()
            here = threading.get_ident()
            calls = ["wakelog_must_wait", "wakelog_call", "wakelog_free"]
            assert asked == [(name, here) for name in calls]


def test_a_check_is_one_call_without_json(asked, tmp_path):
    with wakelog.Engine(tmp_path / "log", host=None) as engine:
        fence = wake(engine).fence
        del asked[:]
        assert engine.check(session="s", fence=fence).ok
        here = threading.get_ident()
        assert asked == [("wakelog_must_wait", here), ("wakelog_check", here)]


def test_a_call_goes_through_few_functions_however_much_it_takes_and_gives(engine):
    fence = wake(engine).fence
    ended = dict(exit_code=1, stdout="x", stderr="y", session_id="id-1", turns=1)

    def finish():
        woken = wake(engine, "t")
        given = dict(ended, attempt=woken.attempt, fence=woken.fence)
        return frames(lambda: engine.finish(**given))

    for count, most in [
        (lambda: frames(lambda: engine.session(session="s")), 8),
        (lambda: frames(lambda: engine.check(session="s", fence=fence)), 6),
        (finish, 9),  # it looks whether its texts have to be cut
    ]:
        count()  # the first call writes the method
        assert len(count()) <= most


def test_a_lone_caller_of_a_server_writes_and_reads_itself(cli, tmp_path):
    with wakelog.Client.spawn(log=tmp_path / "log", host=None, wakelog=cli) as client:
        fence = wake(client).fence
        used, transport = [], client._transport

        def counted(name, function):
            return lambda *given: (used.append((name, threading.get_ident())), function(*given))[1]

        transport.send = counted("send", transport.send)
        transport.receive = counted("receive", transport.receive)
        for count in [
            lambda: frames(lambda: client.session(session="s")),
            lambda: frames(lambda: client.check(session="s", fence=fence)),
        ]:
            count()  # the first call writes the method
            del used[:]
            called = count()
            here = threading.get_ident()
            assert used == [("send", here), ("receive", here)]
            # Two of them are the counting, and none tells other threads, as there are none.
            assert len(called) <= 19 and "notify_all" not in called
