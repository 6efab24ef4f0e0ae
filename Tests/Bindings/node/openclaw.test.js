import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenClawSessions } from '../../../Sources/Bindings/node/adapters/openclaw.js';
import { FailoverError, Gateway, claudeCli } from './hosts/openclaw.js';
import { engine, wakelog } from './support.js';

const key = 'agent:main:telegram:direct:42';
const open = { policy: 'openclaw', host: null };

// An update took the transcripts away; every message then hangs for five minutes in the resume of a
// session that is gone. https://github.com/openclaw/openclaw/issues/77011
async function story(sessions, hasTranscript) {
  const cli = claudeCli();
  const host = new Gateway({ cli, sessions });
  const reply = () => host.reply(key, { hasTranscript: hasTranscript?.(cli) });
  await reply();
  await reply();
  cli.transcripts.clear();
  const after = [];
  for (let count = 0; count < 4; count += 1) after.push((await reply()).status);
  return { host, cli, after };
}

test('77011: by the host\'s own logic every message waits five minutes, and fails', async () => {
  const { host, after } = await story(null);
  assert.deepEqual(after, Array(4).fill('failed'));
  assert.equal(host.minutesWaited, 20);
});

test('77011: with the adapter and its probe no message waits', async (t) => {
  const log = await engine(t, open);
  const { host, cli, after } = await story(
    new OpenClawSessions(log), (cli) => (id) => cli.transcripts.has(id)
  );
  assert.deepEqual(after, Array(4).fill('done'));
  assert.equal(host.minutesWaited, 0);
  assert.deepEqual(cli.calls, [null, 'cli-1', null, 'cli-3', 'cli-3', 'cli-3']);
  const { condemned } = await log.session({ session: key });
  assert.deepEqual(condemned.map((one) => [one.sessionId, one.because]), [[
    'cli-1', 'missingTranscript',
  ]]);
});

test('77011: on a path without the probe, two hangs are enough', async (t) => {
  const { host, after } = await story(new OpenClawSessions(await engine(t, open)));
  assert.deepEqual(after, ['failed', 'done', 'done', 'done']);
  assert.equal(host.minutesWaited, 10);
});

// Cron rows that run a shell command were registered as sessions to be resumed.
// https://github.com/openclaw/openclaw/pull/77104
test('77104: by the host\'s own logic a shell-only cron job leaves a session that never was', async () => {
  const host = new Gateway({ cli: claudeCli() });
  await host.cronShell('backup', () => 'ok');
  assert.equal(await host.resumable('agent:main:cron:backup'), 'cron-backup');
  assert.equal((await host.reply('agent:main:cron:backup', { trigger: 'cron' })).status, 'failed');
});

test('77104: with the adapter it leaves none, and one that is there stays', async (t) => {
  const host = new Gateway({ cli: claudeCli(), sessions: new OpenClawSessions(await engine(
    t, open
  )) });
  assert.equal(await host.cronShell('backup', () => 'ok'), 'succeeded');
  assert.equal(await host.resumable('agent:main:cron:backup'), null);
  assert.equal((await host.reply('agent:main:cron:backup', { trigger: 'cron' })).status, 'done');
  assert.equal(await host.resumable('agent:main:cron:backup'), 'cli-1');
  await host.cronShell('backup', () => 'ok');
  assert.equal(await host.resumable('agent:main:cron:backup'), 'cli-1');
});

test('77011: half an update is not swapped in, and a gateway that starts on it is told so', async (t) => {
  const log = await engine(t, open);
  const sessions = new OpenClawSessions(log);
  await sessions.start('gateway', '2026.5.1');
  const done = [];
  const half = await sessions.update('gateway', '2026.5.2', {
    stage: () => done.push('stage'), verify: () => { throw new Error('chunk missing'); }, swap: () => done.push('swap'),
  });
  assert.deepEqual([half.swapped, half.use, done], [false, '2026.5.1', ['stage']]);
  await assert.rejects(sessions.start('gateway', '2026.5.2'), {
    code: 'conflict', message: /2026\.5\.1/,
  });
  const whole = await sessions.update('gateway', '2026.5.3', {
    stage: () => {}, verify: () => {}, swap: () => done.push('swap'),
  });
  assert.deepEqual([whole.swapped, whole.use], [true, '2026.5.3']);
  await sessions.start('gateway', '2026.5.3');
});

test('a reset, by whichever path, is not undone; a login that expired is no lost session', async (t) => {
  const log = await engine(t, open);
  const sessions = new OpenClawSessions(log);
  const begin = (more) => sessions.begin({
    sessionKey: key, agentId: 'main', provider: 'claude-cli', trigger: 'user', ...more,
  });
  const ok = (id) => () => ({ text: 'hi', cliSessionId: id, exitCode: 0, numTurns: 1 });
  await sessions.runAgentAttempt(await begin(), ok('one'));
  const expired = await sessions.runAgentAttempt(await begin(), () => {
    throw new FailoverError('OAuth session expired and could not be refreshed', 'session_expired', {
      status: 401,
    });
  });
  assert.equal(expired.failure.family, 'configuration');
  assert.equal(expired.binding.sessionId, 'one');
  const slow = await sessions.runAgentAttempt(await begin(), () => {
    throw new FailoverError('terminated', 'timeout', { numTurns: 2 });
  });
  assert.deepEqual([slow.outcome, slow.failure.kind], ['timedOut', 'timeout']);
  const running = await begin();
  assert.deepEqual(running.reuse, { sessionId: 'one', reuse: 'reusable' });
  assert.equal(await sessions.reset(key, 'reset'), null);
  await assert.rejects(sessions.runAgentAttempt(running, ok('one')), wakelog.StaleFenceError);
  const fresh = await begin();
  assert.equal(fresh.plan.mode, 'fresh');
  const thrown = await sessions.runAgentAttempt(fresh, () => { throw new TypeError(
    'a bug of the host'
  ); });
  assert.deepEqual([thrown.outcome, thrown.error.name, thrown.result], [
    'failed', 'TypeError', undefined,
  ]);
  const drifted = await begin({ resetTrigger: '/new' });
  assert.equal(drifted.plan.mode, 'fresh');
});
