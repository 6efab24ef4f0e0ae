"""A connection to a server, apart from how bytes come and go."""

import pytest

import wakelog
from wakelog._wire import Reply, Wire

SAID = (
    b'{"jsonrpc":"2.0","id":1,"result":{"\xc3\xa4":[1]}}\n'
    b'{"jsonrpc":"2.0","method":"event","params":{"seq":7}}\n'
    b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}\n'
    b'{"jsonrpc":"2.0","id":3,"result":null}\n'
)


def asked(count):
    """A wire on which so much was asked."""
    wire, replies = Wire(), [Reply() for _ in range(count)]
    wire.is_followed = True
    lines = [wire.ask(b"hello", b"{}", reply) for reply in replies]
    assert lines[0] == b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{}}\n'
    return wire, replies


def test_lines_are_put_together_however_they_are_cut():
    for size in range(1, len(SAID) + 1):
        wire, [first, second, third] = asked(3)
        for start in range(0, len(SAID), size):
            wire.feed(SAID[start : start + size])
        assert first.take() == {"ä": [1]}
        # What the server could not read is answered without a number: it was the next in order.
        with pytest.raises(wakelog.InvalidParameter, match="no JSON"):
            second.take()
        assert third.has_come and third.take() is None
        assert list(wire.events) == [{"seq": 7}] and wire.end_reason is None


@pytest.mark.parametrize(
    "line",
    [b"", b"no", b"[]", b"{}", b'{"id":1}', b'{"id":[1],"result":1}', b'{"id":2,"result":1}'],
)
def test_what_is_no_reply_ends_the_connection_for_all(line):
    wire, [reply] = asked(1)
    wire.feed(line + b"\n")
    assert "is this `wakelog serve`?" in wire.end_reason and reply.has_come
    for lost in [reply.take, lambda: wire.ask(b"hello", b"{}", Reply())]:
        with pytest.raises(wakelog.Disconnected):
            lost()
