// What is easily got wrong, and what is said then.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, host } from './agent.js';
import { engine, folder, wakelog } from './support.js';

const { Host, InvalidParameterError } = wakelog;

test('opening names what is wrong', async (t) => {
  const log = join(folder(t), 'log');
  const command = () => ['claude'];
  const right = { log, name: 'gateway', agent: 'ada', provider: 'claude', command };
  const cases = [
    [{ log: undefined }, 'log', /directory of a log/],
    [{ name: undefined }, 'name', /name of this process' host/],
    [{ name: null }, 'name', /name of this process' host/],
    [{ agent: undefined }, 'agent', /is missing/],
    [{ agent: '' }, 'agent', /must be a name/],
    [{ provider: undefined }, 'provider', /is missing/],
    [{ provider: 'cluade' }, 'provider', /did you mean 'claude'/],
    [{ command: undefined }, 'command', /`command` is missing.*or `run`/],
    [{ run: () => {} }, 'run', /exclude each other/],
    [{ command: 'claude -p hi' }, 'command', /must be a function, such as \(turn\) => \['claude'/],
    [{ command: ['claude'] }, 'command', /must be a function/],
    [{ workspace: 'srv/app' }, 'workspace', /absolute path, not "srv\/app"/],
    [{ workspace: { path: './x', kind: 'project' } }, 'workspace', /absolute path/],
    [{ workspace: { path: '/x', knid: 'home' } }, 'knid', /did you mean `kind`/],
    [{ lease: 0 }, 'lease', /whole number of seconds, from 1, not 0/],
    [{ lease: 1.5 }, 'lease', /whole number/],
    [{ timeout: '900' }, 'timeout', /number of seconds, from 0, not "900"/],
    [{ timeout: NaN }, 'timeout', /number of seconds/],
    [{ wait: -1 }, 'wait', /number of seconds/],
    [{ orphans: 'kill' }, 'orphans', /one of refuse, wait, end, not "kill"/],
    [{ endsRuns: 'yes' }, 'endsRuns', /true or false/],
    [{ worksapce: '/x' }, 'worksapce', /unknown to Host.open; did you mean `workspace`/],
    [{ host: 'gateway-1' }, 'host', /did you mean `name`/],
    [{ Timeout: 3 }, 'Timeout', /did you mean `timeout`/],
    [{ colour: 'red' }, 'colour', /use `log`, `name`/],
  ];
  for (const [wrong, field, message] of cases) {
    const error = await errorOf(Host.open({ ...right, ...wrong }));
    assert.ok(error instanceof InvalidParameterError, error.stack);
    assert.equal(error.field, field, error.message);
    assert.match(error.message, message);
  }
  await assert.rejects(Host.open(), InvalidParameterError);
  // None of them has left the log open.
  await (await Host.open(right)).close();
});

test('a turn names what is wrong, before it wakes', async (t) => {
  const { host: it, answer } = await host(t);
  const cases = [
    [{ sorce: 'timer' }, /`sorce` is unknown to turn; did you mean `source`/],
    [{ forcefresh: true }, /did you mean `forceFresh`/],
    [{ commnad: () => [] }, /did you mean `command`/],
    [{ payload: 'x' }, /`payload` is unknown/],
    [{ workspace: 'relative' }, /absolute path/],
    [{ command: () => ['x'], run: () => {} }, /exclude each other/],
    ['later', /takes an object/],
  ];
  for (const [wrong, message] of cases) {
    assert.throws(() => it.turn('chat', 'x', wrong), message);
  }
  assert.throws(() => it.turn('', 'x'), /key of a session/);
  assert.throws(() => it.turn('chat', 7), /`text` must be a string/);
  // What the engine knows better comes from it.
  await assert.rejects(answer('x', { source: 'mesage' }), {
    field: 'source', message: /must be one of timer, message, assignment, .*, not "mesage"/,
  });
  await assert.rejects(it.engine.session({ session: 'chat' }), { code: 'notFound' });
});

test('a call that is a string is refused, and says to give words', async (t) => {
  const { answer, session } = await host(t);
  const cases = [
    [() => 'claude -p hi', /gave a string; give an array of words/],
    [() => ({ command: 'claude -p hi' }), /gave a string; give an array of words/],
    [() => undefined, /gave no call/],
    [() => [], /an array of words/],
    [() => ['claude', 7], /`command\.1` must be a string, not 7/],
    [() => ({ command: ['claude'], env: {} }), /`env` is unknown.*did you mean `environment`/],
    [() => ({ command: ['claude'], cwd: '/' }), /did you mean `directory`/],
  ];
  for (const [command, message] of cases) {
    await assert.rejects(answer('x', { command }), { code: 'invalidParameter', message });
    assert.equal((await session()).openRun, null);
  }
  assert.throws(() => wakelog.command({ provider: 'claude', command: 'claude -p hi' }), {
    code: 'invalidParameter', field: 'command', message: /array of words/,
  });
});

test('a host is over an engine of this process', async (t) => {
  const log = await engine(t);
  const settings = { agent: 'ada', provider: 'claude', run: () => 'here' };
  await assert.rejects(Host.over({}, settings), /over an `Engine` of this process/);
  await assert.rejects(Host.over(log, { ...settings, log: 'x' }), /`log` is unknown to Host.over/);
  const one = await Host.over(log, settings);
  const two = await Host.over(log, { ...settings, agent: 'bob', run: () => 'there' });
  assert.equal(await one.turn('a', 'x').finished(), 'here');
  await one.close();
  await assert.rejects(one.turn('a', 'x').finished(), { code: 'busy' });
  assert.equal(await two.turn('b', 'x').finished(), 'there');
  assert.equal((await log.session({ session: 'b' })).agent, 'bob');
  await two.close();
  assert.equal((await log.hello()).protocol, 1);
});

test('reset and stop name what is wrong', async (t) => {
  const { host: it } = await host(t);
  await assert.rejects(it.stop(), { code: 'invalidParameter', field: 'session' });
  await assert.rejects(it.reset('chat', { becuase: 'x' }), /did you mean `because`/);
  await assert.rejects(it.reset('chat'), { code: 'notFound' });
  assert.equal(await it.stop('chat'), false);
});
