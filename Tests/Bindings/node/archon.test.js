import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArchonSessions } from '../../../Sources/Bindings/node/adapters/archon.js';
import { Claude, Orchestrator } from './hosts/archon.js';
import { engine, wakelog } from './support.js';

const lane = 'slack:C1/1700000000.1';
const open = { policy: 'archon' };

// After a restart the SDK knows no conversation any more, and each failing result's new id is
// stored in place of the old. https://github.com/coleam00/Archon/issues/1280
async function story(mode, sessions) {
  const client = new Claude();
  const host = new Orchestrator({ client, sessions });
  await host.handleMessage(lane, 'one', { mode });
  client.known.clear();
  const after = [];
  for (const prompt of ['two', 'three', 'four']) after.push(await host.handleMessage(lane, prompt, {
    mode,
  }));
  return { host, client, after };
}

for (const mode of ['stream', 'batch']) {
  test(`1280: by the host's own logic every message fails, in ${mode} mode`, async () => {
    const { client, after } = await story(mode, null);
    assert.deepEqual(after, ['failed', 'failed', 'failed']);
    assert.deepEqual(client.asked, [null, 'claude-1', 'claude-2', 'claude-3']);
  });

  test(`1280: with the adapter every message is answered, in ${mode} mode`, async (t) => {
    const log = await engine(t, open);
    const { host, client, after } = await story(mode, new ArchonSessions(log));
    assert.deepEqual(after, ['answered', 'answered', 'answered']);
    assert.deepEqual(client.asked, [null, 'claude-1', null, 'claude-3', 'claude-3']);
    assert.deepEqual(host.sent, ['about one', 'about two', 'about three', 'about four']);
    const session = await log.session({ session: lane });
    assert.deepEqual(session.condemned.map((one) => one.sessionId), ['claude-1']);
  });
}

test('the functions of db/sessions.ts, by the log', async (t) => {
  const sessions = new ArchonSessions(await engine(t, open));
  const client = new Claude();
  const turn = (query = (...words) => client.sendQuery(...words)) => sessions.turn(
    { conversationId: lane, agent: 'archon', provider: 'claude', prompt: 'x', cwd: '/srv/repo' }, query, () => {});
  assert.equal(await sessions.getActiveSession(lane), null);
  await sessions.transitionSession(lane, 'first-message');
  await turn();
  assert.deepEqual(await sessions.getActiveSession(lane), {
    conversation_id: lane, ai_assistant_type: 'claude', assistant_session_id: 'claude-1', generation: 1, active: true,
  });
  await sessions.transitionSession(lane, 'plan-to-execute');
  assert.equal(await sessions.getActiveSession(lane), null);
  await turn();
  // A reset while a turn is under way: what the turn reports comes too late.
  await assert.rejects(turn(async function* () {
    await sessions.deactivateSession(lane, 'reset-requested');
    yield { type: 'result', sessionId: 'claude-2', numTurns: 1 };
  }), wakelog.StaleFenceError);
  assert.equal(await sessions.getActiveSession(lane), null);
  await turn();
  // Unlike by parent_session_id, the chain crosses resets.
  assert.deepEqual((await sessions.getSessionChain(lane)).map((one) => [one.assistant_session_id, one.generation]), [
    ['claude-1', 1], ['claude-2', 2], ['claude-3', 3],
  ]);
});

test('a stop sequence is a success, a cold resume is a fallback, no result and a throw are failures', async (t) => {
  const log = await engine(t, open);
  const sessions = new ArchonSessions(log);
  const turn = (chunks) => sessions.turn(
    { conversationId: lane, agent: 'archon', provider: 'codex', prompt: 'x' }, async function* () { yield* chunks(); }, () => {});
  const stopped = await turn(() => [{
    type: 'result', sessionId: 'a', isError: true, errorSubtype: 'success', numTurns: 1,
  }]);
  assert.equal(stopped.outcome, 'succeeded');
  await turn(() => [{ type: 'result', sessionId: 'b', resumed: false, numTurns: 1 }]);
  const session = await log.session({ session: lane });
  assert.deepEqual([session.bound.sessionId, session.lastRun.via], ['b', 'fallback']);
  await turn(() => [{ type: 'result', resumed: false, numTurns: 1 }]);
  assert.equal((await log.session({ session: lane })).bound, null, 'a cold start without an id');
  await turn(() => [{ type: 'result', sessionId: 'b', numTurns: 1 }]);
  const none = await turn(() => []);
  assert.deepEqual([none.outcome, none.session.assistant_session_id], ['failed', 'b']);
  const thrown = await turn(() => { throw new Error('ClaudeApiResultError: overloaded_error'); });
  assert.deepEqual([thrown.outcome, thrown.failure.kind, thrown.error.name], [
    'failed', 'overloaded', 'Error',
  ]);
});
