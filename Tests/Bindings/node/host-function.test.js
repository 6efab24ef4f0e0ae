// Agents that are spoken to through a library instead of a CLI.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, host, until } from './agent.js';
import { pause, wakelog } from './support.js';

const limit = { timeout: 60_000 };

test('what a function says comes, and its session is kept', limit, async (t) => {
  const asked = [];
  const { host: it, answer, session } = await host(t, {
    async *run(turn) {
      asked.push([turn.text, turn.sessionId]);
      await turn.report({ sessionId: turn.sessionId ?? 'new', entered: true });
      yield 'you said ';
      yield { kind: 'tool', name: 'look', input: null };
      yield { kind: 'text', text: turn.text };
    },
  });
  const pieces = [];
  for await (const piece of it.turn('chat', 'a')) pieces.push(piece);
  assert.deepEqual(pieces, [
    { kind: 'text', text: 'you said ' }, { kind: 'tool', name: 'look', input: null },
    { kind: 'text', text: 'a' },
  ]);
  assert.equal(await answer('b'), 'you said b');
  assert.deepEqual(asked, [['a', null], ['b', 'new']]);
  assert.equal((await session()).bound.sessionId, 'new');
});

test('a function may give an iterable, a promise of one, a text, or nothing', limit, async (t) => {
  const { answer } = await host(t, { run: () => 'text' });
  assert.equal(await answer('x'), 'text');
  for (const [run, text] of [
    [async () => 'later', 'later'], [() => ['a', 'b'], 'ab'], [async () => {}, ''],
    [function* run() { yield 'c'; }, 'c'], [async () => ReadableStream.from(['d', 'e']), 'de'],
  ]) {
    if (text === 'de' && !ReadableStream.from) continue;
    assert.equal(await answer('x', { run }), text);
  }
  const error = await errorOf(answer('x', { async *run() { yield { text: 'no kind' }; } }));
  assert.match(error.message, /`piece` must be a string, or an object whose `kind` is text/);
});

test('what it says of the end is kept', limit, async (t) => {
  const { host: it, answer, session } = await host(t, {
    async *run(turn) {
      yield 'x';
      await turn.finish({ sessionId: 'mine', turns: 3, usage: { inputTokens: 5 } });
    },
  });
  await answer('x');
  const { bound, lastRun } = await session();
  assert.equal(bound.sessionId, 'mine');
  const { attempts } = await it.engine.run({ run: lastRun.run });
  assert.equal(attempts[0].usage.inputTokens, 5);
  const failed = await errorOf(answer('x', {
    async *run(turn) { await turn.finish({ message: 'overloaded_error', status: 529 }); },
  }));
  assert.deepEqual([failed.kind, failed.outcome], ['overloaded', 'failed']);
});

test('what it throws is the failure', limit, async (t) => {
  const { answer, session } = await host(t, { run: () => {} });
  class Overloaded extends Error {
    name = 'Overloaded';
    statusCode = 529;
  }
  const cases = [
    [new TypeError('bah'), 'TypeError: bah', null],
    [new Overloaded('later'), 'Overloaded: later', 'overloaded'],
    [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'Error: reset', 'network'],
    [Object.assign(new Error('odd'), { code: 7, status: 'x', statusCode: 1e9 }), ': odd', null],
    ['a string', 'a string', null],
    [undefined, 'undefined', null],
  ];
  for (const [thrown, said, kind] of cases) {
    const error = await errorOf(answer('x', { async *run() { yield 'a'; throw thrown; } }));
    assert.ok(error instanceof wakelog.RunFailedError, error.stack);
    assert.ok(error.message.endsWith(said), error.message);
    assert.equal(error.cause, thrown);
    if (kind) assert.equal(error.kind, kind);
    assert.equal((await session()).openRun, null);
  }
});

test('a session that is gone falls back within the turn', limit, async (t) => {
  const { answer, session, lastRun } = await host(t, {
    async *run(turn) { await turn.report({ sessionId: 'lost', entered: true }); },
  });
  await answer('a');
  const text = await answer('b', {
    async *run(turn) {
      if (turn.sessionId) {
        throw new Error(`No conversation found with session ID: ${turn.sessionId}`);
      }
      yield `fresh after ${turn.failure}`;
    },
  });
  assert.equal(text, 'fresh after unknownSession');
  assert.deepEqual((await session()).condemned.map((one) => one.sessionId), ['lost']);
  assert.equal((await lastRun()).via, 'fallback');
});

test('a function that takes too long is left', limit, async (t) => {
  let signal;
  const { answer, session } = await host(t, {
    timeout: 0.2,
    async *run(turn) {
      signal = turn.signal;
      yield 'begun';
      await new Promise(() => {});
    },
  });
  const error = await errorOf(answer('x'));
  assert.deepEqual([error.outcome, error.cause.name, signal.reason.name], [
    'timedOut', 'TimeoutError', 'TimeoutError',
  ]);
  assert.equal((await session()).openRun, null);
});

test('its signal says that the turn is ended, by whichever way', limit, async (t) => {
  let signal;
  const { host: it, lastRun } = await host(t, {
    async *run(turn) {
      signal = turn.signal;
      yield 'begun';
      await new Promise(() => {});
    },
  });
  let controller;
  const ways = {
    cancelled: [() => it.stop('chat'), (turn) => turn.stop(), () => controller.abort()],
    interrupted: [(turn) => turn.close()],
    superseded: [() => it.reset('chat')],
  };
  for (const [outcome, ends] of Object.entries(ways)) {
    for (const end of ends) {
      signal = undefined;
      controller = new AbortController();
      const turn = it.turn('chat', 'x', { signal: controller.signal });
      const ended = turn.finished().catch((error) => error);
      await until(() => signal);
      await end(turn);
      assert.ok(await ended !== undefined, outcome);
      await until(() => signal.aborted);
      assert.equal((await lastRun()).outcome, outcome);
    }
  }
});

test('a generator that is left runs its `finally`', limit, async (t) => {
  let ends = 0;
  const { host: it } = await host(t, {
    async *run() {
      try { yield 'a'; yield 'b'; } finally { ends += 1; }
    },
  });
  for await (const _ of it.turn('chat', 'x')) break;
  await until(() => ends === 1);
});

test('it notices that its run is another\'s though it says nothing', limit, async (t) => {
  let signal;
  const { host: it, answer } = await host(t, {
    lease: 1,
    async *run(turn) {
      signal = turn.signal;
      yield 'begun';
      await new Promise(() => {});
    },
  });
  const error = errorOf(answer('x'));
  await until(() => signal);
  await it.engine.reset({ session: 'chat' });
  assert.ok(await error instanceof wakelog.StaleFenceError);
  assert.equal(signal.aborted, true);
});

test('its lease is renewed while it takes its time', limit, async (t) => {
  const { answer } = await host(t, {
    lease: 1, async *run() { await pause(2500); yield 'at last'; },
  });
  assert.equal(await answer('x'), 'at last');
});

test('report and finish are for functions, and check their words', limit, async (t) => {
  const { host: it, answer } = await host(t);
  await assert.rejects(it.turn('chat', 'x').report({ entered: true }), { code: 'conflict' });
  const command = async (turn) => {
    await turn.finish({ outcome: 'succeeded' });
  };
  await assert.rejects(answer('x', { command }), { code: 'conflict' });
  const cases = [
    [(turn) => turn.finish({ exitcode: 1 }), /unknown to finish; did you mean `exitCode`/],
    [(turn) => turn.finish({ signal: 'SIGFOO' }), /`signal` must be the name of a signal/],
    [(turn) => turn.report({ sessionID: 'x' }), /did you mean `sessionId`/],
  ];
  for (const [wrong, message] of cases) {
    const error = await errorOf(answer('x', { run: async (turn) => { await wrong(turn); } }));
    assert.match(error.cause.message, message);
  }
  // What only the engine knows of comes from it, and ends the run.
  const error = await errorOf(answer('x', { run: (turn) => turn.finish({ turns: 'many' }) }));
  assert.deepEqual([error.code, error.field], ['invalidParameter', 'turns']);
  assert.equal((await it.engine.session({ session: 'chat' })).openRun, null);
});

test('two hundred functions at once', limit, async (t) => {
  const { host: it } = await host(t, {
    async *run(turn) { await pause(50); yield turn.text; },
  });
  const texts = await Promise.all(Array.from(
    { length: 200 }, (_, i) => it.turn(`s${i}`, `${i}`).finished()));
  assert.deepEqual(texts, Array.from({ length: 200 }, (_, i) => `${i}`));
});
