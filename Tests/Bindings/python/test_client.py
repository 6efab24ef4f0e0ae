"""The engine in a process of its own, over pipes and over its socket."""

import asyncio
import os
import signal
import stat
import sys
import threading
import time

import pytest

import wakelog
from conftest import eventually, run_python, wake


def children_of(process_id):
    path = f"/proc/{process_id}/task/{process_id}/children"
    with open(path) as file:
        return [int(word) for word in file.read().split()]


@pytest.fixture
def client(cli, tmp_path):
    with wakelog.Client.spawn(log=tmp_path / "log", host="test", wakelog=cli) as client:
        yield client


def test_what_is_spawned_is_as_it_was_asked_for(cli, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"name": "mine", "version": 1}')
    with wakelog.Client.spawn(
        log=tmp_path / "log", host=None, policy=policy, given_clock=True, wakelog=cli
    ) as client:
        assert client.hello().policy == "mine"
        woken = wake(client, at="2100-01-01T00:00:00Z")
        assert client.run(run=woken.run).host is None
    with pytest.raises(TypeError):
        wakelog.Client.spawn(log=tmp_path / "log", wakelog=cli)


def test_the_server_ends_with_its_client(cli, tmp_path):
    before = children_of(os.getpid())
    client = wakelog.Client.spawn(log=tmp_path / "log", host="h", wakelog=cli)
    assert len(children_of(os.getpid())) == len(before) + 1
    client.close()
    assert children_of(os.getpid()) == before


def test_a_program_that_is_not_there_is_named(tmp_path):
    with pytest.raises(wakelog.NotFound) as missing:
        wakelog.Client.spawn(log=tmp_path, host=None, wakelog=tmp_path / "nothing")
    assert missing.value.field == "wakelog" and "nothing" in missing.value.message
    with pytest.raises(wakelog.NotFound):
        wakelog.Client.spawn(log="a\0b", host=None)
    with pytest.raises(wakelog.Disconnected) as nobody:
        wakelog.Client.connect(tmp_path / "socket")
    assert "wakelog serve --socket" in nobody.value.message
    with pytest.raises(wakelog.Disconnected):
        wakelog.Client.connect(tmp_path / ("x" * 200))


def test_a_server_that_cannot_begin_says_why(cli, tmp_path):
    (tmp_path / "data.mdb").write_bytes(b"no log" * 4096)
    with pytest.raises(wakelog.Disconnected) as ended:
        wakelog.Client.spawn(log=tmp_path, host=None, wakelog=cli)
    assert "status 3" in ended.value.message and str(tmp_path) in ended.value.message


@pytest.mark.parametrize(
    "program",
    [
        "print('hello')",
        "print('[1]')",
        "print('{}')",
        """print('{"id":1}')""",
        """print('{"id":[1],"result":1}')""",
        """print('{"id":1,"error":"x"}')""",
        "input()",
    ],
)
def test_a_program_that_is_no_server_is_told_apart(tmp_path, program):
    path = tmp_path / "program"
    path.write_text(f"#!{sys.executable}\n{program}\nimport sys; sys.stdin.read()\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    if program == "input()":
        path.write_text(f"#!{sys.executable}\n{program}\n")  # takes one request and leaves
    with pytest.raises(wakelog.Disconnected):
        wakelog.Client.spawn(log=tmp_path, host=None, wakelog=path)


def test_a_server_that_dies_fails_what_is_under_way_and_what_follows(cli, tmp_path):
    client = wakelog.Client.spawn(log=tmp_path / "log", host="h", wakelog=cli)
    first = wake(client, key="k")
    [server] = children_of(os.getpid())
    lost = []

    def live(number):
        try:
            for turn in range(1_000_000):
                wake(client, f"{number}/{turn}")
        except wakelog.WakelogError as error:
            lost.append(error)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    os.kill(server, signal.SIGKILL)
    for thread in threads:
        thread.join(10)
    assert [type(error) for error in lost] == [wakelog.Disconnected] * 8
    assert "status -9" in lost[0].message
    with pytest.raises(wakelog.Disconnected):
        client.hello()
    client.close()
    # With its key the call whose answer was lost is known again.
    with wakelog.Client.spawn(log=tmp_path / "log", host=None, wakelog=cli) as again:
        assert wake(again, key="k").run == first.run


def test_a_subscriber_is_told_that_the_server_died(client):
    wake(client)
    events = client.subscribe()
    next(events)
    [server] = children_of(os.getpid())
    os.kill(server, signal.SIGKILL)
    with pytest.raises(wakelog.Disconnected):
        list(events)


def test_threads_share_a_client(client):
    failures = []

    def live(number):
        try:
            for turn in range(20):
                woken = wake(client, f"s{number}", reason=f"{number}/{turn}")
                run = client.run(run=woken.run)
                assert (run.session, run.reason) == (f"s{number}", f"{number}/{turn}")
                with pytest.raises(wakelog.NotFound):
                    client.session(session="nobody")
                client.finish(attempt=woken.attempt, fence=woken.fence, exit_code=0, turns=1)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [session.counters.runs for session in client.sessions()] == [20] * 16


def test_sixty_four_connections_are_served_at_a_time(server):
    clients = [wakelog.Client.connect(server) for _ in range(64)]
    subscribed = [client.subscribe() for client in clients[:8]]
    failures = []

    def live(number):
        try:
            for turn in range(5):
                woken = wake(clients[number], f"s{number}")
                clients[number].finish(attempt=woken.attempt, fence=woken.fence, exit_code=0)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(session.counters.runs == 5 for session in clients[0].sessions())
    last = clients[63].session(session="s63").head
    for events in subscribed:
        assert [next(events).seq for _ in range(last)] == list(range(1, last + 1))
    for client in clients:
        client.close()


def test_a_slow_subscriber_is_slowed_and_misses_nothing(server):
    """What it does not read waits at the server, not in memory."""
    writer = wakelog.Client.connect(server)
    slow = wakelog.Client.connect(server)
    events = slow.subscribe()
    for number in range(600):
        wake(writer, f"s{number}", reason="x" * 300)
    last = writer.session(session="s599").head
    seen, held = [], 0
    while len(seen) < last // 2:
        seen.append(next(events).seq)
        held = max(held, len(slow._wire.events))
    # As many as one read has, of 64 KiB at most.
    assert held < last // 4, (held, last)
    # A call on the same connection reads on until its answer is there.
    assert slow.session(session="s0").status == "running"
    seen += [next(events).seq for _ in range(last - len(seen))]
    assert seen == list(range(1, last + 1))
    writer.close()
    slow.close()


def test_a_second_subscription_is_refused_and_the_first_goes_on(client):
    wake(client)
    events = client.subscribe()
    assert next(events).seq == 1
    with pytest.raises(wakelog.Conflict):
        client.subscribe()
    assert next(events).seq == 2
    events.close()
    for number in range(20):
        wake(client, f"s{number}")
    assert len(client._wire.events) == 0


def test_a_wrong_subscription_is_refused(client):
    with pytest.raises(wakelog.InvalidParameter):
        client.subscribe(from_=-1)
    assert client.hello().protocol == 1


def test_closing_answers_what_is_under_way(cli, tmp_path):
    for attempt in range(10):
        client = wakelog.Client.spawn(log=tmp_path / f"{attempt}", host="h", wakelog=cli)
        ended, refused, started = [], [], threading.Barrier(5)

        def live(number):
            started.wait()
            try:
                for turn in range(10_000):
                    ended.append(wake(client, f"{number}/{turn}").run)
            except wakelog.Busy as busy:
                refused.append(busy)

        threads = [threading.Thread(target=live, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        started.wait()
        client.close()
        for thread in threads:
            thread.join()
        assert len(refused) == 4
        with wakelog.Engine(tmp_path / f"{attempt}", host=None, read_only=True) as engine:
            assert len(list(engine.sessions())) == len(ended)


@pytest.mark.parametrize("way", ["socket", "pipes"])
def test_closing_does_not_wait_for_a_long_subscription(request, cli, tmp_path, way):
    with wakelog.Engine(tmp_path / "log", host=None) as engine:

        async def fill():
            many = wakelog.aio.Engine(engine)
            await asyncio.gather(*[wake(many, f"s{number}") for number in range(3_000)])

        asyncio.run(fill())
        total = sum(len(str(event.json)) for event in engine.events())
    if way == "socket":
        client = wakelog.Client.connect(request.getfixturevalue("server"))
    else:
        client = wakelog.Client.spawn(log=tmp_path / "log", host=None, wakelog=cli)
    next(client.subscribe())
    read, receive = [], client._transport.receive
    client._transport.receive = lambda: (read.append(receive()), read[-1])[1]
    client.close()
    assert sum(map(len, read)) < total / 2


def test_the_child_of_a_fork_is_refused(client, tmp_path):
    child = os.fork()
    if child == 0:
        try:
            client.hello()
        except wakelog.Busy:
            client.close()
            os._exit(7)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 7 << 8
    assert wake(client).disposition == "started"


def test_a_program_that_ends_leaves_no_server(cli, tmp_path):
    code = """
import sys, wakelog
client = wakelog.Client.spawn(log=sys.argv[1], host="h", wakelog=sys.argv[2])
client.wake(session="s", agent="a", provider="p", source="manual")
print(open("/proc/self/task/%d/children" % __import__("os").getpid()).read())
"""
    ended = run_python(code, tmp_path / "log", cli)
    assert ended.returncode == 0, ended.stderr
    server = int(ended.stdout)
    eventually(lambda: not os.path.exists(f"/proc/{server}") or is_gone(server))


def is_gone(process_id):
    """A zombie is gone, and only not yet buried."""
    with open(f"/proc/{process_id}/stat") as file:
        return file.read().split()[2] == "Z"


def test_a_client_needs_no_library(cli, tmp_path):
    code = """
import sys, wakelog
with wakelog.Client.spawn(log=sys.argv[1], host=None, wakelog=sys.argv[2]) as client:
    print(client.hello().protocol)
"""
    environment = dict(os.environ, WAKELOG_LIBRARY=str(tmp_path / "none.so"))
    ended = run_python(code, tmp_path / "log", cli, env=environment)
    assert ended.stdout == "1\n", ended.stderr
