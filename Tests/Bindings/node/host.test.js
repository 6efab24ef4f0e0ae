// A turn with a CLI: what comes of it, and what is left when the CLI goes wrong.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, host } from './agent.js';
import { pause, wakelog } from './support.js';

const { RunFailedError } = wakelog;
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

test('a CLI of one\'s own is described by a document', limit, async (t) => {
  const { host: it, session } = await host(t);
  const provider = {
    name: 'mine', resume: ['--thread', '{id}'],
    output: [{ when: { type: 'done' }, sessionId: 'thread', entered: 'turns', turns: 'turns' }],
  };
  const done = '{"type":"done","thread":"t-1","turns":1}';
  const command = (turn) => ['sh', '-c', `echo "$*" >&2; echo '${done}'`, '{session}', turn.text];
  for (const expected of [null, 't-1']) {
    const turn = it.turn('chat', 'x', { provider, command });
    await turn.finished();
    assert.equal(turn.sessionId, expected);
  }
  assert.equal((await session()).bound.sessionId, 't-1');
});
