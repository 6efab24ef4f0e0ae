// A turn with a CLI: what comes of it, and what is left when it goes wrong.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, host, lives, until } from './agent.js';
import { pause, wakelog } from './support.js';

const { RunFailedError, StaleFenceError } = wakelog;
const limit = { timeout: 60_000 };

test('an answer comes piece by piece, and the next turn resumes', limit, async (t) => {
  const { host: it, place, session } = await host(t);
  const kinds = [];
  const turn = it.turn('chat', 'hello');
  assert.deepEqual([turn.session, turn.text, turn.disposition, turn.run], [
    'chat', 'hello', null, null,
  ]);
  for await (const piece of turn) {
    assert.equal(turn.disposition, 'started');
    kinds.push(piece.kind);
    if (piece.kind === 'text') assert.equal(piece.text, 'you said hello');
  }
  assert.deepEqual(kinds, ['raw', 'text', 'usage']);
  assert.equal(turn.result.outcome, 'succeeded');
  assert.deepEqual([turn.payloads, turn.failure, turn.sessionId], [['hello'], null, null]);
  assert.ok(turn.run > 0 && turn.attempt > 0 && turn.fence && turn.plan.mode === 'fresh');
  const { bound } = await session();
  assert.equal(await it.turn('chat', 'more').finished(), 'you said more');
  assert.deepEqual(place.read('calls').trim().split('\n'), [
    'none hello', `${bound.sessionId} more`,
  ]);
});

test('a CLI that is not there fails the run and wedges nothing', limit, async (t) => {
  const { host: it, answer, session } = await host(t);
  const command = () => ({ command: ['claude', '-p', 'x'], environment: { PATH: '/nowhere' } });
  const error = await errorOf(answer('hello', { command }));
  assert.ok(error instanceof RunFailedError && error instanceof wakelog.WakelogError);
  assert.deepEqual([error.name, error.code, error.kind, error.family, error.outcome], [
    'RunFailedError', 'runFailed', 'misconfigured', 'configuration', 'failed',
  ]);
  assert.equal(error.result.settled, true);
  assert.match(error.message, /claude could not be started: no such program/);
  assert.equal((await session()).openRun, null);
  const turn = it.turn('chat', 'hello', { command, check: false });
  assert.equal(await turn.finished(), '');
  assert.deepEqual([turn.failure, turn.result.outcome], ['misconfigured', 'failed']);
  assert.equal(await answer('hello'), 'you said hello');
});

test('what a CLI exits with is the failure', limit, async (t) => {
  const { agent, answer } = await host(t);
  agent.mode = 'exit';
  for (const code of [1, 2, 42, 127, 143]) {
    agent.environment.CODE = String(code);
    const error = await errorOf(answer('x'));
    assert.ok(error instanceof RunFailedError, `${code}: ${error.message}`);
    assert.equal(error.outcome, code === 143 ? 'interrupted' : 'failed');
  }
});

for (const mode of ['hang', 'silent', 'grandchild', 'stubborn']) {
  test(`a CLI that takes too long is ended with all of it: ${mode}`, limit, async (t) => {
    const { agent, answer, session, expectGone } = await host(t, { timeout: 0.5 });
    agent.mode = mode;
    const error = await errorOf(answer('x'));
    assert.deepEqual([error.name, error.outcome, error.kind], [
      'RunFailedError', 'timedOut', 'timeout',
    ]);
    await expectGone();
    assert.equal((await session()).openRun, null);
    agent.mode = '';
    assert.equal(await answer('y'), 'you said y');
  });
}

test('a dead session falls back within the turn', limit, async (t) => {
  const { host: it, agent, answer, call, session, lastRun } = await host(t);
  await answer('one');
  const { sessionId } = (await session()).bound;
  agent.mode = 'dead';
  const failures = [];
  const turn = it.turn('chat', 'two', {
    command: (attempt) => {
      failures.push([attempt.sessionId, attempt.failure]);
      return call(attempt);
    },
  });
  assert.equal(await turn.finished(), 'you said two');
  assert.deepEqual(failures, [[sessionId, null], [null, 'unknownSession']]);
  const after = await session();
  assert.deepEqual(after.condemned.map((one) => one.sessionId), [sessionId]);
  assert.notEqual(after.bound.sessionId, sessionId);
  assert.equal((await lastRun()).via, 'fallback');
});

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

test('the last pieces come though the run has ended with them', limit, async (t) => {
  const { host: it, agent } = await host(t);
  agent.mode = 'unfinished';
  const texts = [];
  for await (const piece of it.turn('chat', 'x', { check: false })) {
    if (piece.kind === 'text') texts.push(piece.text);
    await pause(20);
  }
  assert.deepEqual(texts, ['a', 'b']);
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

test('messages that come meanwhile are answered together, once', limit, async (t) => {
  const { host: it, agent, place, answer, session } = await host(t);
  agent.mode = 'gate';
  const first = answer('one');
  await place.pids();
  const [two, three] = ['two', 'three'].map((text) => it.turn('chat', text));
  const others = [two, three].map((turn) => turn.finished());
  await until(async () => (await session()).pending && three.disposition === 'deferred');
  await pause(200);
  place.write('go', '');
  assert.equal(await first, 'you said one');
  const answers = await Promise.all(others);
  assert.deepEqual(answers.filter((text) => text !== ''), ['you said two++three']);
  assert.deepEqual([two, three].map((turn) => turn.disposition).sort(), ['merged', 'started']);
  const started = two.disposition === 'started' ? two : three;
  assert.deepEqual([started.payloads, started.text], [['two', 'three'], 'two\n\nthree']);
});

test('a turn that does not want to wait gives up', limit, async (t) => {
  const { host: it, agent, place, answer, session } = await host(t);
  agent.mode = 'gate';
  const first = answer('one');
  await place.pids();
  const turn = it.turn('chat', 'two', { wait: 0 });
  assert.equal(await turn.finished(), '');
  assert.deepEqual([turn.disposition, turn.run, turn.result], ['deferred', null, null]);
  // Nor one that is left.
  const controller = new AbortController();
  const left = errorOf(it.turn('chat', 'three', { signal: controller.signal }).finished());
  await pause(100);
  controller.abort();
  assert.equal((await left).name, 'AbortError');
  place.write('go', '');
  assert.equal(await first, 'you said one');
  assert.equal((await session()).pending, true, 'the wake stays');
});

test('a message that comes twice is answered once', limit, async (t) => {
  const { host: it, answer } = await host(t);
  assert.equal(await answer('x', { key: 'update-7' }), 'you said x');
  const again = it.turn('chat', 'x', { key: 'update-7' });
  assert.equal(await again.finished(), '');
  assert.equal(again.disposition, 'duplicate');
});

test('coalesced and refused wakes', limit, async (t) => {
  const { host: it, agent, place, answer } = await host(t);
  agent.mode = 'gate';
  const first = answer('one');
  await place.pids();
  const timer = it.turn('chat', null, { source: 'timer' });
  assert.equal(await timer.finished(), '');
  assert.equal(timer.disposition, 'coalesced');
  place.write('go', '');
  await first;
  await it.engine.pause({ agent: 'ada' });
  const refused = it.turn('chat', 'x');
  const error = await errorOf(refused.finished());
  assert.ok(error instanceof wakelog.RefusedError);
  assert.deepEqual([error.code, error.because, refused.disposition, refused.because], [
    'refused', 'paused', 'refused', 'paused',
  ]);
  let isCalled = false;
  await assert.rejects(it.turn('chat', 'x', {}, () => { isCalled = true; }), { code: 'refused' });
  assert.equal(isCalled, false);
});

test('the lease is renewed while the host is busy elsewhere', limit, async (t) => {
  const { host: it, lastRun } = await host(t, { lease: 1 });
  for await (const piece of it.turn('chat', 'x')) {
    if (piece.kind === 'raw') await pause(2500);
  }
  assert.equal((await lastRun()).outcome, 'succeeded');
});

test('much output is read at the pace of the loop', limit, async (t) => {
  const { agent, answer } = await host(t);
  agent.mode = 'huge';
  assert.equal((await answer('x')).length, 100 * 20_000);
});

test('environment, input and directory are the call\'s', limit, async (t) => {
  const { place, answer } = await host(t);
  mkdirSync(join(place.path, 'inner'));
  const command = async () => ({
    command: ['claude', '-p', '--output-format', 'stream-json', '--verbose'],
    environment: { ...place.environment('input'), NAME: 'set', HOME: null },
    input: 'given', directory: join(place.path, 'inner'),
  });
  assert.equal(await answer('x', { command }), 'set given none inner');
  assert.equal(
    await answer('x', { command, workspace: { path: place.path, kind: 'home' } }),
    'set given none inner');
});

test('text that is no JSON comes as it is printed', limit, async (t) => {
  const { answer } = await host(t);
  const command = () => ['bash', '-c', 'printf "gr\\303"; sleep 0.2; printf "\\274n"'];
  assert.equal(await answer('x', { provider: 'mine', command }), 'grün');
});

test('an exception of `command`, or a call that is refused, ends the run', limit, async (t) => {
  const { answer, session, lastRun } = await host(t);
  const mine = new Error('mine');
  for (const command of [() => { throw mine; }, async () => { throw mine; }]) {
    assert.equal(await errorOf(answer('x', { command })), mine);
    assert.equal((await lastRun()).outcome, 'interrupted');
  }
  const error = await errorOf(answer('x', { command: () => ['sh', '-c', 'claude -p x'] }));
  assert.deepEqual([error.code, error.field], ['invalidParameter', 'command']);
  assert.equal((await session()).openRun, null);
  assert.equal(await answer('y'), 'you said y');
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

test('turns that nobody begins wake nobody', limit, async (t) => {
  const { host: it } = await host(t);
  it.turn('chat', 'x');
  const stopped = it.turn('chat', 'y');
  await stopped.stop();
  assert.equal(await stopped.finished(), '');
  await it.turn('chat', 'z').close();
  await assert.rejects(it.engine.session({ session: 'chat' }), { code: 'notFound' });
  const begun = it.turn('chat', 'x');
  assert.equal(await begun.begin(), begun);
  assert.deepEqual([begun.disposition, begun.run > 0], ['started', true]);
  await begun.check();
  await begun.close();
  assert.equal((await it.engine.session({ session: 'chat' })).lastRun.outcome, 'interrupted');
  await assert.rejects(begun.check(), { code: 'staleFence' });
});

test('two hundred turns at once', limit, async (t) => {
  const { host: it } = await host(t);
  let turns = 0;
  const turning = setInterval(() => { turns += 1; }, 5);
  const texts = await Promise.all(Array.from(
    { length: 200 }, (_, i) => it.turn(`s${i}`, `${i}`).finished()));
  clearInterval(turning);
  assert.deepEqual(texts, Array.from({ length: 200 }, (_, i) => `you said ${i}`));
  assert.ok(turns > 10, `the loop turned ${turns} times meanwhile`);
});
