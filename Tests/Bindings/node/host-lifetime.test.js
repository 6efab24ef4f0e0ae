// Hosts that end, or are ended, while a turn is under way.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorOf, host, lives, place, until } from './agent.js';
import { packageFolder, pause, runNode, wakelog } from './support.js';

const { Host, BusyError } = wakelog;
const limit = { timeout: 60_000 };

/** A host in a process of its own: `host`, and `settings` to open it with. */
const opening = `
  const { Host } = await import(process.env.WAKELOG_PACKAGE);
  const [path, mode, more] = process.argv.slice(1);
  const settings = {
    log: path + '/log', name: 'gateway', agent: 'ada', provider: 'claude',
    command: (turn) => ({
      command: ['claude', '-p', turn.text, '--output-format', 'stream-json', '--verbose'],
      environment: {
        PATH: path + ':' + process.env.PATH, PLACE: path, MODE: mode, TEXT: turn.text },
    }),
    ...JSON.parse(more ?? '{}'),
  };
  const host = await Host.open(settings);
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
`;

const settingsOf = (where) => ({
  log: where.log, name: 'gateway', agent: 'ada', provider: 'claude',
  command: (turn) => ({
    command: ['claude', '-p', turn.text, '--output-format', 'stream-json', '--verbose'],
    environment: where.environment('', turn.text),
  }),
});

/** The same, once it has heard from its CLI. */
async function start(t, words) {
  const source = `
    for await (const _ of host.turn('chat', 'first')) console.log('begun');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', opening + source, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WAKELOG_PACKAGE: join(packageFolder, 'index.js') },
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('a host that is killed leaves its runs to the next process of it', limit, async (t) => {
  const where = place(t);
  const child = await start(t, [where.path, 'grandchild']);
  const [cli, grandchild] = await where.pids();
  const error = await errorOf(Host.open(settingsOf(where)));
  assert.ok(error instanceof BusyError, 'its name is taken while it lives');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await until(() => !lives(cli));
  assert.ok(lives(grandchild), 'what the CLI started is not its child');

  const next = await Host.open(settingsOf(where));
  t.after(() => next.close());
  assert.equal(next.interrupted.length, 1);
  const [run] = next.interrupted;
  assert.deepEqual([run.session, run.agent, run.provider, run.payloads], [
    'chat', 'ada', 'claude', ['first'],
  ]);
  assert.ok(run.run > 0 && run.pid > 0 && !Number.isNaN(Date.parse(run.startedAt)));
  assert.equal(await run.isAlive(), true);
  // Nothing is started beside it.
  const refused = await errorOf(next.turn('chat', 'second').finished());
  assert.deepEqual([refused.code, refused.field], ['busy', 'orphans']);
  assert.equal(await run.endOrphan(), true);
  assert.equal(await run.isAlive(), false);
  assert.ok(!lives(grandchild));
  assert.equal(await next.turn('chat', run.payloads[0]).finished(), 'you said first');
});

test('a turn may end the orphans itself', limit, async (t) => {
  const where = place(t);
  const child = await start(t, [where.path, 'grandchild']);
  const pids = await where.pids();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await Host.open({ ...settingsOf(where), orphans: 'end' });
  t.after(() => next.close());
  assert.equal(await next.turn('chat', 'second').finished(), 'you said second');
  assert.ok(!pids.some(lives));
});

/** What a program does while its CLI hangs, and how its process ends. */
const exits = {
  'exits': ['process.exit(3)', 3],
  'throws': ['setTimeout(() => { throw new Error("mine"); })', 1],
  'is ended by SIGTERM': ['process.kill(process.pid, "SIGTERM")', null],
};

for (const [name, [source, code]] of Object.entries(exits)) {
  test(`the CLI dies with a process that ${name}`, limit, async (t) => {
    const where = place(t);
    const run = await runNode(`${opening}
      for await (const piece of host.turn('chat', 'first')) { ${source}; await pause(500); }
    `, { words: [where.path, 'hang'] });
    assert.equal(run.code, code, run.errors);
    const pids = await where.pids();
    await until(() => !pids.some(lives));
    const next = await Host.open(settingsOf(where));
    t.after(() => next.close());
    assert.deepEqual(next.interrupted.map((one) => one.payloads), [['first']]);
    assert.equal(await next.turn('chat', 'again').finished(), 'you said again');
  });
}

test('a process does not end while a turn is iterated over', limit, async (t) => {
  const where = place(t);
  const run = await runNode(`${opening}
    host.turn('chat', 'first').finished().then((text) => console.log(text));
  `, { words: [where.path, 'slow'] });
  assert.deepEqual([run.code, run.output], [0, 'you said first\n'], run.errors);
});

test('a process that has nothing left to do ends its runs', limit, async (t) => {
  const where = place(t);
  const run = await runNode(`${opening}
    globalThis.iterator = host.turn('chat', 'first')[Symbol.asyncIterator]();
    await iterator.next();
  `, { words: [where.path, 'hang'] });
  assert.equal(run.code, 0, run.errors);
  const pids = await where.pids();
  await until(() => !pids.some(lives));
  const next = await Host.open(settingsOf(where));
  t.after(() => next.close());
  assert.deepEqual(next.interrupted, []);
  const { lastRun } = await next.engine.session({ session: 'chat' });
  assert.equal(lastRun.outcome, 'interrupted');
});

test('closing ends every turn, and its CLI', limit, async (t) => {
  const { host: it, agent, place: where, expectGone } = await host(t);
  agent.mode = 'grandchild';
  const waiting = errorOf(it.turn('chat', 'x').finished());
  const iterator = it.turn('other', 'x', {
    async *run() { yield 'a'; yield 'b'; },
  })[Symbol.asyncIterator]();
  await iterator.next();
  const deferred = it.turn('chat', 'y');
  const late = deferred.finished();
  await until(() => deferred.disposition === 'deferred');
  await where.pids();
  await Promise.all([it.close(), it.close()]);
  assert.equal((await waiting).outcome, 'interrupted');
  await expectGone();
  assert.equal((await errorOf(iterator.next())).outcome, 'interrupted');
  assert.equal(await late, '');
  assert.equal((await errorOf(it.turn('chat', 'z').finished())).code, 'busy');
  const log = await wakelog.Engine.open({ log: where.log, host: 'gateway' });
  t.after(() => log.close());
  for (const session of ['chat', 'other']) {
    assert.equal((await log.session({ session })).lastRun.outcome, 'interrupted');
  }
});

test('a host that is closed right after a turn has begun', limit, async (t) => {
  for (let i = 0; i < 10; i += 1) {
    const { host: it, place: where } = await host(t);
    const turn = it.turn('chat', 'x');
    const ended = turn.finished().catch((error) => error);
    if (i % 2) await pause(i);
    await it.close();
    await ended;
    const log = await wakelog.Engine.open({ log: where.log, host: 'gateway' });
    assert.deepEqual((await log.sessions()).items.filter((one) => one.openRun), []);
    await log.close();
  }
});

test('an engine that is closed under its host ends the turns', limit, async (t) => {
  const { host: it, agent, place: where, expectGone } = await host(t);
  agent.mode = 'hang';
  const ended = errorOf(it.turn('chat', 'x').finished());
  await where.pids();
  await it.engine.close();
  // What the turn asks for next may meet a log that is closed already.
  const error = await ended;
  assert.ok(error.outcome === 'interrupted' || error.code === 'busy', error.stack);
  await expectGone();
  await it.close();
});

test('a host that ends no runs leaves them to the next process of it', limit, async (t) => {
  const { host: it, agent, place: where } = await host(t, { endsRuns: false });
  agent.mode = 'hang';
  const left = errorOf(it.turn('chat', 'first').finished());
  const pids = await where.pids();
  await it.close();
  assert.equal((await left).code, 'busy');
  assert.ok(pids.every(lives));
  const next = await Host.open(settingsOf(where));
  t.after(() => next.close());
  assert.deepEqual(next.interrupted.map((run) => run.payloads), [['first']]);
  assert.equal(await next.interrupted[0].endOrphan(), true);
  assert.ok(!pids.some(lives));
});

test('a turn that nobody can reach any more is ended', limit, async (t) => {
  const where = place(t);
  const run = await runNode(`${opening}
    await (async () => {
      await host.turn('chat', 'first')[Symbol.asyncIterator]().next();
      await host.turn('other', 'first', { run: async function* () { yield 'a'; yield 'b'; },
      })[Symbol.asyncIterator]().next();
    })();
    const outcome = async (session) =>
      (await host.engine.session({ session })).lastRun?.outcome;
    for (let tries = 0; tries < 200; tries += 1) {
      gc();
      await pause(20);
      if (await outcome('chat') && await outcome('other')) break;
    }
    console.log(await outcome('chat'), await outcome('other'));
    await host.close();
  `, { words: [where.path, 'hang'], flags: ['--expose-gc'] });
  assert.equal(run.output, 'interrupted interrupted\n', run.errors);
});

test('a worker that ends takes its turns along', limit, async (t) => {
  const where = place(t);
  const run = await runNode(`
    const { Worker } = await import('node:worker_threads');
    const [path] = process.argv.slice(1);
    const worker = new Worker(\`(async () => {
      const { Host } = await import(process.env.WAKELOG_PACKAGE);
      const { workerData: path, parentPort } = require('node:worker_threads');
      const host = await Host.open({
        log: path + '/log', name: 'gateway', agent: 'ada', provider: 'claude',
        command: () => ({
          command: ['claude', '-p', '--output-format', 'stream-json', '--verbose'],
          environment: { PATH: path + ':' + process.env.PATH, PLACE: path, MODE: 'hang' } }),
      });
      for await (const _ of host.turn('chat', 'first')) parentPort.postMessage('begun');
    })()\`, { eval: true, workerData: path, execArgv: [] });
    await new Promise((done) => worker.once('message', done));
    await worker.terminate();
    console.log('still here');
  `, { words: [where.path] });
  assert.equal(run.output, 'still here\n', run.errors);
  const pids = await where.pids();
  await until(() => !pids.some(lives));
  const log = await wakelog.Engine.open({ log: where.log, host: null });
  t.after(() => log.close());
  assert.equal((await log.session({ session: 'chat' })).lastRun.outcome, 'interrupted');
});

test('await using', { skip: Symbol.asyncDispose ? false : 'no Symbol.asyncDispose' }, async (t) => {
  const { host: it, agent, expectGone } = await host(t);
  agent.mode = 'hang';
  const turn = it.turn('chat', 'x');
  await turn[Symbol.asyncIterator]().next();
  await turn[Symbol.asyncDispose]();
  await expectGone();
  await it[Symbol.asyncDispose]();
  await assert.rejects(it.engine.hello(), { code: 'busy' });
});
