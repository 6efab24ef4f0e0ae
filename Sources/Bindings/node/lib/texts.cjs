'use strict';

// The engine's `ProgramText` says why, and cuts the same way: what goes out from here is not cut
// again. Of a long text only its ends are copied.

/** The most bytes of UTF-8 that the texts of one call have together, marks included. */
const limit = 64 << 10;
/** Room for a mark, out of the first quarter. */
const markLength = 64;
/** In the order in which they share what is left. */
const names = ['message', 'stderr', 'stdout'];

const isText = (value) => typeof value === 'string' || value instanceof Uint8Array;
const sizeOf = (text) => typeof text === 'string' ? Buffer.byteLength(text) : text.byteLength;

/**
 * The parameters of a call with the texts of a program cut, so that together they keep to the
 * limit: programs print as much as they like, and what they print is not always UTF-8. What is no
 * text is left for the engine to refuse.
 */
function cutTexts(params) {
  if (params === null || typeof params !== 'object' || Array.isArray(params)) return params;
  const given = names.flatMap((name) => {
    const text = params[name];
    return isText(text) ? [{ name, text, size: sizeOf(text) }] : [];
  });
  if (given.length === 0) return params;
  const cut = { ...params };
  let room = limit;
  given.sort((one, other) => one.size - other.size).forEach(({ name, text, size }, index) => {
    const share = Math.min(size, Math.floor(room / (given.length - index)));
    room -= share;
    cut[name] = cutText(text, size, share);
  });
  return cut;
}

function cutText(text, size, most) {
  if (size <= most) {
    const whole = decoded(bytesOf(text));
    const length = Buffer.byteLength(whole); // longer than it was where it is no UTF-8
    return length <= most ? whole : cutText(whole, length, most);
  }
  const headLength = Math.floor(most / 4) - markLength;
  const tailLength = most - Math.floor(most / 4);
  // No character has less than a byte. One more, lest half of a pair is taken for none: it is
  // beyond the length in any case.
  const first = start(bytesOf(text.slice(0, headLength + 1)), headLength);
  const last = end(bytesOf(text.slice(-tailLength - 1)), tailLength);
  const missing = String(size - first.size - last.size).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${first.text}\n… ${missing} bytes cut …\n${last.text}`;
}

/** The first bytes, without a character that is not all there. */
function start(piece, length) {
  const bytes = withoutBegun(piece.subarray(0, length));
  const text = decoded(bytes);
  const kept = Buffer.from(text);
  if (kept.length <= length) return { text, size: bytes.length };
  const shorter = withoutBegun(kept.subarray(0, length));
  return { text: decoded(shorter), size: bytes.length - kept.length + shorter.length };
}

/** The last bytes, without a character that is not all there. */
function end(piece, length) {
  const bytes = withoutContinuation(piece.subarray(-length));
  const text = decoded(bytes);
  const kept = Buffer.from(text);
  if (kept.length <= length) return { text, size: bytes.length };
  const shorter = withoutContinuation(kept.subarray(-length));
  return { text: decoded(shorter), size: bytes.length - kept.length + shorter.length };
}

/** UTF-8 of a string, whose halves of surrogate pairs become U+FFFD, or the bytes given. */
function bytesOf(text) {
  return typeof text === 'string'
    ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
}

const decoded = (bytes) => bytes.toString('utf8');

function withoutBegun(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
}

function withoutContinuation(bytes) {
  let begin = 0;
  while (begin < Math.min(3, bytes.length) && (bytes[begin] & 0xc0) === 0x80) begin += 1;
  return bytes.subarray(begin);
}

module.exports = { cutTexts };
