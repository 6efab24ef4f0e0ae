// Turns that meet an open run of their session, or start none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, host, until } from './agent.js';
import { pause, wakelog } from './support.js';

const limit = { timeout: 60_000 };

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

test('messages of one tick keep their order', limit, async (t) => {
  const { host: it, agent, place, answer } = await host(t);
  agent.mode = 'gate';
  const first = answer('first');
  await place.pids();
  const texts = Array.from({ length: 30 }, (_, i) => `${i}`);
  const turns = texts.map((text) => it.turn('chat', text));
  const others = Promise.all(turns.map((turn) => turn.finished()));
  await until(() => turns.every((turn) => turn.disposition === 'deferred'));
  place.write('go', '');
  await Promise.all([first, others]);
  assert.deepEqual(turns.find((turn) => turn.run).payloads, texts);
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
