import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaperclipSessions, sessionKey } from '../../../Sources/Bindings/node/adapters/paperclip.js';
import { Heartbeat, geminiLocal, opencodeLocal } from './hosts/paperclip.js';
import { client, engine, tool } from './support.js';

const minting = (prefix) => { let count = 0; return () => `${prefix}-${count += 1}`; };
const open = { policy: 'paperclip' };

// The Gemini CLI deletes the session that an hourly heartbeat resumes; its text is not in the
// adapter's list. https://github.com/paperclipai/paperclip/issues/6608
async function story6608(sessions) {
  const store = { sessions: new Set(), calls: [], mint: minting('gemini') };
  const host = new Heartbeat({
    adapters: { gemini_local: geminiLocal(store, { retries: sessions === null }) }, sessions,
  });
  const agent = { id: 'ada', companyId: 'acme', adapterType: 'gemini_local' };
  const beat = () => host.executeRun({
    agent, invocationSource: 'timer',
    context: { wakeReason: 'heartbeat_timer', wakeSource: 'timer', taskKey: 'T-7' },
    workspace: { cwd: '/srv/acme', source: 'project_primary' },
  });
  await beat();
  await beat();
  store.sessions.clear();
  for (let count = 0; count < 5; count += 1) await beat();
  return { host, store, deadResumes: store.calls.filter((id) => id === 'gemini-1').length - 1 };
}

test('6608: by the host\'s own logic the dead id is offered on every heartbeat, and the agent is blamed', async () => {
  const { host, deadResumes } = await story6608(null);
  assert.equal(deadResumes, 5);
  assert.deepEqual(host.runs.slice(2).map((run) => run.status), Array(5).fill('failed'));
  assert.equal(host.agentRuntimeState.get('ada').agentStatus, 'error');
});

for (const [kind, log] of [['engine', engine], ['client', client]]) {
  test(`6608: with the adapter (${kind}) it is offered once, and the run succeeds`, { skip: kind === 'client' && !tool }, async (t) => {
    const sessions = new PaperclipSessions(await log(t, open));
    const { host, store, deadResumes } = await story6608(sessions);
    assert.equal(deadResumes, 1);
    assert.deepEqual(host.runs.map((run) => run.status), Array(7).fill('succeeded'));
    assert.deepEqual(store.calls, [null, 'gemini-1', 'gemini-1', null, ...Array(4).fill(
      'gemini-2'
    )]);
    assert.deepEqual(host.runs[2].session, {
      taskKey: 'T-7', sessionParamsJson: { sessionId: 'gemini-2' }, sessionDisplayId: 'gemini-2', lastError: null,
    });
    assert.deepEqual(await sessions.runtimeState('ada'), {
      agentStatus: 'idle', lastRunStatus: 'succeeded', lastError: null, replaceable: false,
    });
  });
}

// A session made in the project is resumed by timer wakes in the agent's home; the first fix then
// resumed past the reset of an assignment. https://github.com/paperclipai/paperclip/pull/1907
async function story1907(sessions, bypassesReset) {
  const store = { sessions: new Map(), calls: [], mint: minting('ses') };
  const host = new Heartbeat({
    adapters: { opencode_local: opencodeLocal(store) }, sessions, bypassesReset,
  });
  const agent = { id: 'ada', companyId: 'acme', adapterType: 'opencode_local' };
  const project = { cwd: '/srv/app', source: 'project_primary' };
  const home = { cwd: '/home/ada', source: 'agent_home' };
  const run = (invocationSource, wakeReason, workspace) => host.executeRun({
    agent, invocationSource, workspace, context: { wakeReason, issueId: 'I-31' },
  });
  await run('assignment', 'issue_assigned', project);
  await run('automation', 'issue_commented', project);
  await run('timer', 'heartbeat_timer', home);
  await run('timer', 'heartbeat_timer', home);
  await run('assignment', 'issue_assigned', project);
  return { host, store };
}

test('1907: by the host\'s own logic the session is resumed in a directory that is not its own', async () => {
  const { host, store } = await story1907(null, false);
  assert.deepEqual(store.calls[2], { sessionId: 'ses-1', cwd: '/home/ada' });
  assert.deepEqual(host.runs.map((run) => run.status), [
    'succeeded', 'succeeded', 'failed', 'failed', 'succeeded',
  ]);
});

test('1907: by its first fix a reset is undone', async () => {
  const { store } = await story1907(null, true);
  assert.equal(store.calls.at(-1).sessionId, 'ses-1');
});

test('1907: with the adapter the session stays in its project, and the assignment starts fresh', async (t) => {
  const { host, store } = await story1907(new PaperclipSessions(await engine(t, open)), true);
  assert.deepEqual(store.calls, [
    { sessionId: null, cwd: '/srv/app' }, { sessionId: 'ses-1', cwd: '/srv/app' },
    { sessionId: 'ses-1', cwd: '/srv/app' }, { sessionId: 'ses-1', cwd: '/srv/app' },
    { sessionId: null, cwd: '/srv/app' },
  ]);
  assert.deepEqual(host.runs.map((run) => run.status), Array(5).fill('succeeded'));
});

test('a wake beside a run, its promotion, a reset under it, and an adapter that throws', async (t) => {
  const log = await engine(t, open);
  const sessions = new PaperclipSessions(log);
  const agent = { id: 'ada', companyId: 'acme', adapterType: 'claude_local' };
  const begin = (more) => sessions.begin({
    agent, taskKey: 'T', invocationSource: 'on_demand', context: {}, ...more,
  });
  const begun = await begin();
  assert.equal((await begin({ invocationSource: 'timer' })).wakeupStatus, 'coalesced');
  assert.equal(
    (await begin({ context: { forceFreshSession: true } })).wakeupStatus, 'deferred_issue_execution'
  );
  const done = await sessions.execute(begun, () => ({
    exitCode: 0, sessionParams: { sessionId: 'x' }, resultJson: { num_turns: 1 },
  }));
  assert.equal(done.promoteDeferred, true);
  const promoted = await sessions.promote(agent, 'T');
  assert.equal(promoted.plan.mode, 'fresh', 'what was demanded of the merged wake holds');
  await sessions.resetRuntimeSession('ada');
  await assert.rejects(
    sessions.execute(promoted, () => ({ exitCode: 0, sessionParams: { sessionId: 'y' } })),
    { code: 'staleFence' }
  );
  const session = await log.session({ session: sessionKey(agent, 'T') });
  assert.equal(session.bound, null);
  const thrown = await sessions.execute(await begin(), () => { throw Object.assign(
    new Error('no such file'), { code: 'ENOENT' }
  ); });
  assert.deepEqual([thrown.status, thrown.error.code, thrown.adapterResult], [
    'failed', 'ENOENT', undefined,
  ]);
});
