import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engine, client, wake, wakelog } from './support.js';

const cyclic = {};
cyclic.self = cyclic;

/** What a caller may give by mistake, and the field that the error names. */
const mistakes = [
  ['a number for text', wake(7), 'session'],
  ['an object for text', wake({}), 'session'],
  ['a list for text', wake(['s']), 'session'],
  ['text for a boolean', wake('s', { forceFresh: 'yes' }), 'forceFresh'],
  ['a number for an object', wake('s', { workspace: 1 }), 'workspace'],
  ['an unknown word', wake('s', { source: 'whim' }), 'source'],
  ['an unknown parameter', wake('s', { colour: 'red' }), 'colour'],
  ['half a surrogate pair', wake('s\ud83d'), 'session'],
  [
    'half a surrogate pair, deeper', wake('s', { workspace: { path: '\udc00', kind: 'home' } }),
    'workspace.path',
  ],
  ['a BigInt', wake('s', { epoch: 1n }), 'epoch'],
  ['a function', wake('s', { reason: () => 'x' }), 'reason'],
  ['a symbol', wake('s', { reason: Symbol('x') }), 'reason'],
  ['not a number', wake('s', { lease: NaN }), 'lease'],
  ['infinity', wake('s', { lease: Infinity }), 'lease'],
  ['a fraction', wake('s', { lease: 1.5 }), 'lease'],
  ['a negative number', wake('s', { lease: -1 }), 'lease'],
  ['something cyclic', wake('s', { fingerprint: cyclic }), /^fingerprint\.self\.self/],
  ['a getter that throws', { get reason() { throw new Error('from the getter'); } }],
  ['a toJSON that throws', wake('s', { reason: { toJSON() { throw new Error('from toJSON'); } } })],
  ['a toJSON that gives a BigInt', wake('s', { reason: { toJSON: () => 1n } }), 'params'],
  ['a list for parameters', [], 'params'],
  ['text for parameters', 'session', 'params'],
  ['a time that is none', wake('s', { at: 'noon' }), 'at'],
  ['an invalid date', wake('s', { at: new Date(NaN) }), 'at'],
];

for (const [kind, open] of [['engine', engine], ['client', client]]) {
  test(`${kind}: what cannot be a parameter is rejected, and nothing else happens`, async (t) => {
    const log = await open(t);
    const before = (await log.hello()).events;
    for (const [what, params, field] of mistakes) {
      const error = await log.wake(params).then(() => null, (reason) => reason);
      assert.ok(error instanceof Error, `${what} was taken`);
      if (field) {
        if (field instanceof RegExp) assert.match(error.field, field);
        else assert.equal(error.field, field, `${what}: ${error.message}`);
        assert.ok(error instanceof wakelog.InvalidParameterError, what);
      }
    }
    assert.equal((await log.hello()).events, before);
  });

  test(`${kind}: long text is cut or refused, never fatal`, async (t) => {
    const log = await open(t);
    const { attempt, fence } = await log.wake(wake('s'));
    const long = 'ä'.repeat(300_000);
    await assert.rejects(log.wake(wake(long)), { code: 'tooLarge' });
    await assert.rejects(log.wake(wake('t', { reason: 'x'.repeat(40_000_000) })), {
      code: 'tooLarge',
    });
    await assert.rejects(log.call('x'.repeat(100_000)), wakelog.WakelogError);
    const done = await log.finish({ attempt, fence, exitCode: 0, turns: 1, stdout: long });
    assert.equal(done.outcome, 'succeeded');
  });

  test(`${kind}: methods are named by strings`, async (t) => {
    const log = await open(t);
    for (const method of [undefined, null, 1, {}, Symbol('wake')]) {
      await assert.rejects(log.call(method), TypeError);
    }
    for (const method of ['', 'toString', '__proto__', 'a\0b', '\ud800']) {
      await assert.rejects(log.call(method), Error, method);
    }
    assert.equal((await log.hello()).protocol, 1);
  });
}

test('the sync calls throw for the same', async (t) => {
  const log = await engine(t);
  for (const [what, params] of mistakes) {
    assert.throws(() => log.wakeSync(params), Error, what);
  }
});

/** The addon takes short texts into memory of its own, and ASCII back without decoding it. */
test('texts of any length and any characters arrive whole, there and back', async (t) => {
  const log = await engine(t);
  for (const character of ['a', 'ä', '€', '😀']) {
    const size = Buffer.byteLength(character);
    for (let bytes = 430; bytes < 520; bytes += 1) {
      const key = 'x'.repeat(bytes % size) + character.repeat(Math.floor(bytes / size));
      log.wakeSync(wake(key));
      assert.equal(log.callSync('session', { session: key }).key, key);
      assert.equal((await log.session({ session: key })).key, key);
    }
  }
});
