// The real `claude`, without login: `export WAKELOG_CLAUDE="$(bash .ci/claude)"`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engine, folder, wake, wakelog } from './support.js';

const claude = process.env.WAKELOG_CLAUDE;
const skip = claude ? false : 'WAKELOG_CLAUDE names no claude: see .ci/claude';
const unknown = '11111111-2222-4333-8444-555555555555';

/** Runs it as a plan says; gives the facts for `finish`. */
async function run(plan, place, format) {
  const words = [claude, '-p', 'hi', '--output-format', format];
  if (format === 'stream-json') words.push('--verbose');
  const call = wakelog.command({
    provider: 'claude', command: words, sessionId: plan.sessionId, newId: plan.sessionId ? null : randomUUID(),
  });
  mkdirSync(join(place, 'home'), { recursive: true });
  const child = spawn(call.command[0], call.command.slice(1), {
    cwd: place, env: { HOME: join(place, 'home'), PATH: process.env.PATH }, stdio: [
      'ignore', 'pipe', 'pipe',
    ],
  });
  const reader = new wakelog.OutputReader('claude');
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => { reader.feed(piece); stdout += piece; });
  child.stderr.on('data', (piece) => { stderr += piece; });
  const [exitCode] = await once(child, 'close');
  const said = reader.end();
  return {
    words: call.command, exitCode, stdout, stderr, sessionId: said.sessionId ?? call.sessionId,
    turns: said.turns,
  };
}

for (const format of ['text', 'stream-json']) {
  test(`${format}: an id unknown to it is condemned, the fallback fails for lack of login`, { skip, timeout: 120_000 }, async (t) => {
    const log = await engine(t);
    const place = folder(t);
    const woken = await log.wake(wake('s', { resume: unknown, workspace: {
      path: place, kind: 'project',
    } }));
    const { words, ...first } = await run(woken.plan, place, format);
    assert.equal(words[2], unknown);
    const failed = await log.finish({ attempt: woken.attempt, fence: woken.fence, ...first });
    assert.deepEqual([failed.failure.kind, failed.failure.family, failed.settled], [
      'unknownSession', 'session', false,
    ]);
    assert.deepEqual([failed.next.plan.mode, failed.next.plan.workspace.path], ['fresh', place]);

    const { words: _, ...second } = await run(failed.next.plan, place, format);
    const ended = await log.finish({ attempt: failed.next.attempt, fence: woken.fence, ...second });
    assert.deepEqual([ended.failure.kind, ended.failure.family, ended.settled], [
      'authentication', 'configuration', true,
    ]);
    assert.equal(ended.session.bound, null, 'an id that was never entered is not kept');
    assert.deepEqual(ended.session.condemned.map((one) => [one.sessionId, one.because]), [[
      unknown, 'unknownSession',
    ]]);
    const agent = await log.agent({ agent: 'ada' });
    assert.deepEqual([agent.failures.agent, agent.failures.configuration, agent.replaceable], [
      0, 1, false,
    ]);

    // Asked for again, it is not offered.
    const again = await log.wake(wake('s', { resume: unknown }));
    assert.deepEqual(again.plan.considered.map((one) => one.verdict), ['condemned']);
  });
}

test('an id that is none, and two runs at once of one key', { skip, timeout: 120_000 }, async (t) => {
  const log = await engine(t);
  const place = folder(t);
  const woken = await log.wake(wake('s', { resume: 'not-an-id' }));
  const other = await log.wake(wake('s', { source: 'timer' }));
  assert.deepEqual([other.disposition, other.run], ['coalesced', woken.run]);
  const { words: _, ...facts } = await run(woken.plan, place, 'text');
  const failed = await log.finish({ attempt: woken.attempt, fence: woken.fence, ...facts });
  assert.equal(failed.failure.family, 'session', JSON.stringify(facts));
  assert.equal(failed.next.plan.mode, 'fresh');
});
