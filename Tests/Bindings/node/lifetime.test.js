// What ends while something else goes on. Each case is a process of its own, so that a crash shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { engine, folder, runNode, wake, wakelog } from './support.js';

const opening = `
  import { Worker } from 'node:worker_threads';
  const wakelog = await import(process.env.WAKELOG_PACKAGE);
  const wake = (session) => ({ session, agent: 'a', provider: 'claude', source: 'message' });
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const work = (source, log) => new Worker(
    \`(async () => { const wakelog = await import(process.env.WAKELOG_PACKAGE);
      const { workerData: log, parentPort } = require('node:worker_threads');
      const wake = (session) => ({ session, agent: 'a', provider: 'claude', source: 'message' });
      \${source} })()\`, { eval: true, workerData: log, execArgv: [] });
  const ended = (worker) => new Promise((done, fail) => { worker.on('error', fail); worker.on('exit', done); });
  const log = process.argv[1];
`;

/** A program, and what it is to write. */
const programs = {
  'ends by itself while an engine is open, once calls are answered': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    engine.wake(wake('s')).then((woken) => console.log(woken.disposition));
  `, 'started\n'],

  'exits while calls are under way': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    for (let i = 0; i < 500; i += 1) engine.wake(wake('s' + i));
    console.log('exits');
    process.exit(7);
  `, 'exits\n', 7],

  'throws while calls are under way': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    for (let i = 0; i < 500; i += 1) engine.wake(wake('s' + i)).then(() => { throw new Error('mine'); });
  `, '', 1],

  'closes while calls are under way: each is answered or refused': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    const calls = Array.from({ length: 500 }, (_, i) => engine.wake(wake('s' + i)));
    const closed = engine.close();
    const late = engine.hello().catch((error) => error.code);
    const ends = await Promise.allSettled(calls);
    await closed;
    console.log(ends.filter((end) => end.status === 'fulfilled').length, await late);
  `, '500 busy\n'],

  'calls after closing, by all ways': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    await Promise.all([engine.close(), engine.close()]);
    const codes = [];
    await engine.hello().catch((error) => codes.push(error.code));
    try { engine.wakeSync(wake('s')); } catch (error) { codes.push(error.code); }
    for await (const event of engine.subscribe()) codes.push(event);
    await engine.close();
    console.log(codes.join());
  `, 'busy,busy\n'],

  'an engine that nobody holds is closed': [`
    let engine = await wakelog.Engine.open({ log, host: 'h' });
    const call = engine.wake(wake('s'));
    engine = undefined;
    await call;
    let again;
    for (let tries = 0; tries < 100 && !again; tries += 1) {
      gc();
      await pause(10);
      again = await wakelog.Engine.open({ log, host: 'h' }).catch((error) => {
        if (error.code !== 'busy') throw error;
      });
    }
    console.log((await again.session({ session: 's' })).key);
  `, 's\n'],

  'an engine that nobody holds is kept while it is subscribed to': [`
    const events = (await wakelog.Engine.open({ log, host: 'h' })).subscribe();
    await events.next();
    const next = events.next();
    for (let i = 0; i < 20; i += 1) { gc(); await pause(10); }
    const refused = await wakelog.Engine.open({ log, host: 'h' }).catch((error) => error.code);
    console.log(refused);
    process.exit(0);
  `, 'busy\n'],

  'workers have engines of their own; one log is open once in the process': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    const workers = Array.from({ length: 4 }, (_, i) => work(\`
      const refused = await wakelog.Engine.open({ log, host: 'w' }).catch((error) => error.code);
      const engine = await wakelog.Engine.open({ log: log + ${'${i}'}, host: 'w' });
      await Promise.all(Array.from({ length: 50 }, (_, i) => engine.wake(wake('s' + i))));
      await engine.close();
      if (refused !== 'busy') throw new Error(refused);
    \`.replace('\${i}', i), log));
    console.log((await Promise.all(workers.map(ended))).join());
    console.log((await engine.hello()).protocol);
  `, '0,0,0,0\n1\n'],

  'a worker ends with an engine open and calls under way': [`
    for (let i = 0; i < 5; i += 1) {
      const worker = work(\`
        const engine = await wakelog.Engine.open({ log, host: 'w' });
        (async () => { for await (const event of engine.subscribe()); })();
        for (let i = 0; ; i += 1) {
          for (let j = 0; j < 100; j += 1) engine.wake(wake('s' + i + '-' + j));
          parentPort.postMessage(i);
          await new Promise((done) => setImmediate(done));
        }
      \`, log);
      await new Promise((done) => worker.on('message', (number) => { if (number > 2) done(); }));
      await worker.terminate();
    }
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    console.log((await engine.sessions({ limit: 1 })).items.length);
  `, '1\n'],

  'a worker ends while its log is opened': [`
    for (let i = 0; i < 20; i += 1) {
      const worker = work('wakelog.Engine.open({ log, host: "w" }); parentPort.postMessage(1);', log);
      await new Promise((done) => worker.on('message', done));
      await worker.terminate();
    }
    await pause(300);
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    console.log((await engine.hello()).protocol);
  `, '1\n'],

  'a worker is the only one that loaded the addon, and is gone': [`
    for (let i = 0; i < 3; i += 1) {
      await ended(work('const e = await wakelog.Engine.open({ log, host: "w" }); await e.wake(wake("s"));', log));
      await pause(50);
    }
    console.log('still here');
  `, 'still here\n'],

  'an exception in a subscriber is the subscriber\'s': [`
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    try {
      for await (const event of engine.subscribe()) throw new Error('mine ' + event.seq);
    } catch (error) { console.log(error.message); }
    console.log((await engine.hello()).protocol);
  `, 'mine 1\n1\n'],
};

for (const [name, [source, output, code = 0]] of Object.entries(programs)) {
  test(`a process ${name}`, { timeout: 60_000 }, async (t) => {
    const log = join(folder(t), 'log');
    const run = await runNode(opening + source, { words: [log], flags: ['--expose-gc'] });
    assert.equal(run.signal, null, run.errors);
    assert.equal(run.output, output, run.errors);
    assert.equal(run.code, code, run.errors);
  });
}

test('calls cut off by an exit were carried out wholly or not at all', { timeout: 60_000 }, async (t) => {
  const log = join(folder(t), 'log');
  await runNode(`${opening}
    const engine = await wakelog.Engine.open({ log, host: 'h' });
    for (let i = 0; i < 500; i += 1) engine.wake(wake('s' + i));
    await engine.hello();
    process.exit(0);
  `, { words: [log] });
  const after = await wakelog.Engine.open({ log, host: null });
  t.after(() => after.close());
  let count = 0;
  for await (const session of after.sessions()) {
    assert.deepEqual([session.counters.wakes, session.status], [1, 'running']);
    count += 1;
  }
  assert.ok(count > 0 && count <= 500, `${count}`);
});

test('a log whose files are removed under the engine is an error at most', async (t) => {
  const { rmSync } = await import('node:fs');
  const log = await engine(t);
  await log.wake(wake('s'));
  rmSync(log.log, { recursive: true });
  for (let i = 0; i < 20; i += 1) await log.wake(wake(`s${i}`)).catch((error) => assert.ok(error.code));
  await log.close();
});
