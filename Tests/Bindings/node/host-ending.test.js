// Turns that are ended before the agent is done: by whom, and what is left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, host, lives, until } from './agent.js';
import { wakelog } from './support.js';

const { StaleFenceError } = wakelog;
const limit = { timeout: 60_000 };

test('break ends the run as cancelled, and the CLI is gone by then', limit, async (t) => {
  const { host: it, agent, place, lastRun } = await host(t);
  agent.mode = 'hang';
  const turn = it.turn('chat', 'x');
  let pids;
  for await (const piece of turn) {
    assert.equal(piece.kind, 'raw');
    pids = await place.pids();
    assert.ok(pids.every(lives));
    break;
  }
  assert.ok(!pids.some(lives));
  assert.equal((await lastRun()).outcome, 'cancelled');
  assert.equal(turn.result.outcome, 'cancelled');
  for await (const piece of turn) assert.fail(piece);
});

test('an exception in the loop ends the run, and passes on', limit, async (t) => {
  const { host: it, agent, expectGone, lastRun } = await host(t);
  agent.mode = 'grandchild';
  const mine = new Error('mine');
  assert.equal(await errorOf((async () => {
    for await (const _ of it.turn('chat', 'x')) throw mine;
  })()), mine);
  await expectGone();
  // No loop can tell it from a break: a scope can.
  assert.equal((await lastRun()).outcome, 'cancelled');
});

test('a scope ends the run as its function ends', limit, async (t) => {
  const { host: it, agent, place, expectGone, lastRun } = await host(t);
  const text = await it.turn('chat', 'x', {}, async (turn) => turn.finished());
  assert.equal(text, 'you said x');
  agent.mode = 'hang';
  const mine = new Error('mine');
  assert.equal(await errorOf(it.turn('chat', 'x', {}, async (turn) => {
    for await (const _ of turn) { await place.pids(); throw mine; }
  })), mine);
  await expectGone();
  assert.equal((await lastRun()).outcome, 'interrupted');
  assert.equal(await it.turn('chat', 'x', async (turn) => {
    for await (const _ of turn) break;
    return 7;
  }), 7);
  await expectGone();
  assert.equal((await lastRun()).outcome, 'cancelled');
  await assert.rejects(it.turn('chat', 'x', { sorce: 'timer' }, async () => {}), {
    code: 'invalidParameter',
  });
});

test('throw of the iterator ends the run as interrupted', limit, async (t) => {
  const { host: it, agent, expectGone, lastRun } = await host(t);
  agent.mode = 'hang';
  const iterator = it.turn('chat', 'x')[Symbol.asyncIterator]();
  await iterator.next();
  const mine = new Error('mine');
  assert.equal(await errorOf(iterator.throw(mine)), mine);
  await expectGone();
  assert.equal((await lastRun()).outcome, 'interrupted');
  assert.deepEqual(await iterator.next(), { value: undefined, done: true });
});

test('return while a piece is waited for does not wait for it', limit, async (t) => {
  const { host: it, agent, place, expectGone, lastRun } = await host(t);
  agent.mode = 'silent';
  const iterator = it.turn('chat', 'x')[Symbol.asyncIterator]();
  const next = iterator.next();
  await place.pids();
  await iterator.return();
  assert.deepEqual(await next, { value: undefined, done: true });
  await expectGone();
  assert.equal((await lastRun()).outcome, 'cancelled');
});

test('after a reset nothing more is handed on, and the CLI is ended', limit, async (t) => {
  for (const reset of [
    (it) => it.reset('chat', { because: 'new' }),
    // As another process would: nobody tells the turn.
    (it) => it.engine.reset({ session: 'chat' }),
  ]) {
    const { host: it, agent, place, session, expectGone, answer } = await host(t);
    agent.mode = 'gate';
    const pieces = [];
    const error = await errorOf((async () => {
      for await (const piece of it.turn('chat', 'x')) {
        pieces.push(piece.kind);
        await place.pids();
        await reset(it);
        place.write('go', '');
      }
    })());
    assert.ok(error instanceof StaleFenceError, error.stack);
    assert.deepEqual(pieces, ['raw']);
    await expectGone();
    assert.equal((await session()).openRun, null);
    assert.equal(await answer('y'), 'you said y');
  }
});

test('pieces that came together are not handed on after a reset', limit, async (t) => {
  const { host: it, agent, expectGone } = await host(t);
  agent.mode = 'burst';
  const pieces = [];
  const error = await errorOf((async () => {
    for await (const piece of it.turn('chat', 'x')) {
      pieces.push(piece);
      await it.engine.reset({ session: 'chat' });
    }
  })());
  assert.ok(error instanceof StaleFenceError, error.stack);
  assert.equal(pieces.length, 1);
  await expectGone();
});

test('stop ends the run as cancelled, by the turn and by the host', limit, async (t) => {
  for (const stop of [(it) => it.stop('chat'), (it, turn) => turn.stop()]) {
    const { host: it, agent, answer, place, lastRun } = await host(t);
    agent.mode = 'silent';
    const turn = it.turn('chat', 'x');
    const error = errorOf(turn.finished());
    const pids = await place.pids();
    await stop(it, turn);
    assert.ok(!pids.some(lives), 'gone by then');
    assert.deepEqual([(await error).name, (await error).outcome], ['RunFailedError', 'cancelled']);
    assert.equal((await lastRun()).outcome, 'cancelled');
    assert.equal(await it.stop('chat'), false);
    agent.mode = '';
    assert.equal(await answer('y'), 'you said y');
  }
});

test('stop from within the loop', limit, async (t) => {
  const { host: it, agent, expectGone } = await host(t);
  agent.mode = 'burst';
  const turn = it.turn('chat', 'x');
  let count = 0;
  const error = await errorOf((async () => {
    for await (const _ of turn) { count += 1; await turn.stop(); }
  })());
  assert.equal(error.outcome, 'cancelled');
  assert.equal(count, 1);
  await expectGone();
});

test('a signal ends the run as cancelled, and its reason is thrown', limit, async (t) => {
  const { host: it, agent, place, expectGone, lastRun, answer } = await host(t);
  agent.mode = 'hang';
  const controller = new AbortController();
  const error = errorOf(it.turn('chat', 'x', { signal: controller.signal }).finished());
  await place.pids();
  controller.abort();
  assert.equal((await error).name, 'AbortError');
  await expectGone();
  assert.equal((await lastRun()).outcome, 'cancelled');
  const { counters } = await it.engine.session({ session: 'chat' });
  assert.equal((await errorOf(answer('y', { signal: controller.signal }))).name, 'AbortError');
  assert.deepEqual((await it.engine.session({ session: 'chat' })).counters, counters, 'no wake');
  agent.mode = '';
  const other = new AbortController();
  assert.equal(await answer('z', { signal: other.signal }), 'you said z');
  other.abort();
});

test('a `command` that never comes is left when the turn is stopped', limit, async (t) => {
  const { host: it, answer } = await host(t);
  let signal;
  const error = errorOf(answer('x', {
    command: (turn) => { signal = turn.signal; return new Promise(() => {}); },
  }));
  await until(() => signal);
  assert.equal(await it.stop('chat'), true);
  assert.equal((await error).outcome, 'cancelled');
  assert.equal(signal.aborted, true);
});
