// A CLI that printed 2 MiB had its `finish` refused as too large: its run stayed open, and every
// later wake of the key was coalesced into it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { engine, client, packageFolder, server, wake, wakelog } from './support.js';

const { cutTexts } = createRequire(import.meta.url)(join(packageFolder, 'lib', 'texts.cjs'));

const limit = 64 << 10;
const mark = /\n… ([0-9,]+) bytes cut …\n/;

/** A client of a socket. */
async function connected(test) {
  const { path } = await server(test);
  const made = await wakelog.Client.connect(path);
  test.after(() => made.close());
  return made;
}

/** What a program may print. */
const printed = [
  ['2 MiB', `the start${'x'.repeat(2 << 20)}the end`],
  ['2 MiB of bytes', Buffer.from(`the start${'x'.repeat(2 << 20)}the end`)],
  ['one byte less than the limit', 'x'.repeat(limit - 1)],
  ['as much as the limit', 'x'.repeat(limit)],
  ['one byte more than the limit', `the start${'x'.repeat(limit - 15)}the end`],
  ...['é', '€', '😀'].flatMap((character) => [0, 1, 2, 3].map((shift) => [
    `${character} on the cut, ${shift}`,
    `the start${'x'.repeat(shift)}${character.repeat(600_000)}the end`,
  ])),
  ['half a surrogate pair', `the start\ud83dthe end`],
  ['halves of surrogate pairs', `the start${'\udc00'.repeat(1 << 20)}the end`],
  ['bytes that are no text', new Uint8Array(1 << 20).fill(0xff)],
  ['control characters', '\u0001'.repeat(1 << 20)],
];

for (const [kind, open] of [['engine', engine], ['client', client], ['socket', connected]]) {
  test(`${kind}: whatever a program prints, its run ends and the next wake works`, async (t) => {
    const log = await open(t);
    for (const [what, text] of printed) {
      const { attempt, fence } = await log.wake(wake('s'));
      assert.notEqual(attempt, null, what);
      const done = await log.finish({
        attempt, fence, exitCode: 1, turns: 1, stdout: text, stderr: text, message: text,
      });
      assert.equal(done.settled, true, what);
    }
  });

  test(`${kind}: an error at either end of much output is classified`, async (t) => {
    const log = await open(t);
    const noise = 'all is well so far, step by step\n'.repeat(70_000);
    const error = 'No conversation found with session ID: gone\n';
    for (const stderr of [noise + error, error + noise]) {
      const { attempt, fence } = await log.wake(wake('s', { resume: 'gone' }));
      const end = await log.finish({ attempt, fence, exitCode: 1, turns: 0, stderr });
      assert.equal(end.failure.kind, 'unknownSession');
      await log.reset({ session: 's' });
    }
  });
}

test('what is kept are both ends, with a mark between them that says how much is missing', () => {
  for (const length of [limit + 1, 2 << 20]) {
    const text = `the start${'x'.repeat(length - 16)}the end`;
    const { stdout } = cutTexts({ stdout: text });
    assert.ok(stdout.startsWith('the start') && stdout.endsWith('the end'));
    const size = Buffer.byteLength(stdout);
    assert.ok(size <= limit && size > limit - 80, `${size}`);
    const [whole, number] = mark.exec(stdout);
    assert.equal(Number(number.replaceAll(',', '')) + size - Buffer.byteLength(whole), length);
    assert.deepEqual(cutTexts({ stdout }), { stdout });
  }
  for (const [what, text] of printed) {
    const { stdout } = cutTexts({ stdout: text });
    const size = Buffer.byteLength(stdout);
    assert.ok(size <= limit, what);
    assert.equal(/\p{Surrogate}/u.test(stdout), false, what);
    if (/on the cut/.test(what)) assert.ok(size > limit - 80 && !stdout.includes('\ufffd'), what);
  }
  const long = 'x'.repeat(1 << 20);
  const shared = cutTexts({ message: 'short', stderr: long, stdout: long, exitCode: 1 });
  assert.equal(shared.message, 'short');
  assert.equal(shared.exitCode, 1);
  for (const text of [shared.stderr, shared.stdout]) assert.ok(text.length > 32_600, text.length);
  const empty = { exitCode: 1, stdout: null };
  assert.equal(cutTexts(empty), empty);
});

test('the sync calls and the classifier cut as well', async (t) => {
  const log = await engine(t);
  const { attempt, fence } = log.wakeSync(wake('s'));
  const stderr = `${'x'.repeat(2 << 20)}\nNo conversation found with session ID: gone\n`;
  assert.equal(log.finishSync({ attempt, fence, exitCode: 1, turns: 0, stderr }).settled, true);
  const facts = { provider: 'claude', exitCode: 1, turns: 0, stderr: Buffer.from(stderr) };
  assert.equal(wakelog.classify(facts).kind, 'unknownSession');
});
