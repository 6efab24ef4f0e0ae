"""What a program printed, cut to what is kept of it before any limit on a call applies.

The engine's `ProgramText` says why, and cuts the same way: what goes out from here is not cut
again. Of a long text only its ends are copied.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, Dict, Mapping, NamedTuple, Optional, Union

__all__ = ["Printed", "cut_texts"]

#: What a program printed: of any length. Bytes are read as UTF-8, and replaced where they are none.
Printed = Union[str, bytes, bytearray, memoryview]

#: The most bytes of UTF-8 that the texts of one call have together, marks included.
_limit = 64 << 10
#: Room for a mark, out of the first quarter.
_mark_length = 64
#: In the order in which they share what is left.
_names = ("message", "stderr", "stdout")
_surrogate = re.compile("[\ud800-\udfff]")
_block = 1 << 20


def cut_texts(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters with the texts of a program cut, so that together they keep to the limit. What is
    no text is left for the engine to refuse."""
    total = 0
    for name in _names:
        text = params.get(name)
        if text is None:
            continue
        if type(text) is not str or not text.isascii():
            return _fitted(params)
        total += len(text)
    return params if total <= _limit else _fitted(params)


def _fitted(params: Mapping[str, Any]) -> Mapping[str, Any]:
    texts = {name: params[name] for name in _names if _is_text(params.get(name))}
    sizes = {name: _size(text) for name, text in texts.items()}
    shares, room = {}, _limit
    for left, name in zip(range(len(sizes), 0, -1), sorted(sizes, key=lambda one: sizes[one])):
        shares[name] = min(sizes[name], room // left)
        room -= shares[name]
    return {**params, **{name: _cut(texts[name], sizes[name], shares[name]) for name in texts}}


class _End(NamedTuple):
    """The first or the last of a text."""

    text: str
    #: How many bytes of the text it stands for.
    size: int


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, bytes, bytearray, memoryview))


def _cut(text: Any, size: int, limit: int) -> str:
    if size <= limit:
        return _valid(text) if isinstance(text, str) else _decoded(text)
    if not isinstance(text, str) and memoryview(text).nbytes <= _limit:
        text = _decoded(text)
    head_length = limit // 4 - _mark_length
    tail_length = limit - limit // 4
    if isinstance(text, str):
        # No character has less than a byte.
        first = _start(_valid(text[:head_length]).encode(), head_length)
        last = _end(_valid(text[-tail_length:]).encode(), tail_length)
    else:
        given = memoryview(text).cast("B")
        first = _start(bytes(given[:head_length]), head_length)
        last = _end(bytes(given[-tail_length:]), tail_length)
    missing = size - first.size - last.size
    return f"{first.text}\n… {missing:,} bytes cut …\n{last.text}"


def _start(piece: bytes, length: int) -> _End:
    """The first bytes, without a character that is not all there."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(piece[:length])
    size = min(len(piece), length) - len(decoder.getstate()[0])
    kept = text.encode()
    if len(kept) <= length:
        return _End(text, size)
    shorter = codecs.getincrementaldecoder("utf-8")().decode(kept[:length])
    return _End(shorter, size - len(kept) + len(shorter.encode()))


def _end(piece: bytes, length: int) -> _End:
    """The last bytes, without a character that is not all there."""
    piece = _without_continuation(piece[-length:])
    text = piece.decode(errors="replace")
    kept = text.encode()
    if len(kept) <= length:
        return _End(text, len(piece))
    shorter = _without_continuation(kept[-length:])
    return _End(shorter.decode(), len(piece) - len(kept) + len(shorter))


def _without_continuation(piece: bytes) -> bytes:
    start = 0
    while start < min(3, len(piece)) and piece[start] & 0xC0 == 0x80:
        start += 1
    return piece[start:]


def _size(text: Any) -> int:
    """How many bytes of UTF-8 a text has, in blocks where that is to be counted."""
    if not isinstance(text, str):
        size = memoryview(text).nbytes
        # Bytes that are no UTF-8 are longer as text; beyond the limit they are cut in any case.
        return size if size > _limit else len(_decoded(text).encode())
    if text.isascii():
        return len(text)
    starts = range(0, len(text), _block)
    return sum(len(text[at : at + _block].encode("utf-8", "surrogatepass")) for at in starts)


def _valid(text: str) -> str:
    """A text without halves of surrogate pairs, which are no characters."""
    return text if text.isascii() else _surrogate.sub("\ufffd", text)


def _decoded(text: Any) -> str:
    return str(bytes(text), "utf-8", "replace")
