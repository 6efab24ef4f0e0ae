import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { client, folder, pause, server, tool, wake, wakelog } from './support.js';

const { Client } = wakelog;

test('calls are pipelined, and each gets its own answer', async (t) => {
  const log = await client(t);
  const calls = Array.from({ length: 500 }, (_, i) => (i % 5 === 4
    ? log.session({ session: `none${i}` }).catch((error) => error.code)
    : log.wake(wake(`s${i}`)).then(() => log.session({ session: `s${i}` })).then((s) => s.key)));
  const answers = await Promise.all(calls);
  answers.forEach((answer, i) => assert.equal(answer, i % 5 === 4 ? 'notFound' : `s${i}`));
});

test('64 connections at once, each with its own order', async (t) => {
  const { path } = await server(t, ['--host', 'gateway']);
  const clients = await Promise.all(Array.from({ length: 64 }, () => Client.connect(path)));
  t.after(() => Promise.all(clients.map((one) => one.close())));
  await Promise.all(clients.map(async (one, i) => {
    for (let turn = 0; turn < 5; turn += 1) {
      const woken = await one.wake(wake(`k${i}`));
      assert.equal(woken.disposition, 'started');
      const { attempt, fence } = woken;
      await one.finish({ attempt, fence, exitCode: 0, turns: 1, sessionId: `id${i}` });
    }
  }));
  const session = await clients[0].session({ session: 'k63' });
  assert.deepEqual([session.counters.runs, session.bound.sessionId], [5, 'id63']);
});

test('a slow subscriber is slowed, not cut; calls beside it are answered', async (t) => {
  const { path, child } = await server(t);
  const one = await Client.connect(path);
  t.after(() => one.close());
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(Array.from({ length: 200 }, (_, i) => one.wake(
      wake(`${round}/${i}`, { reason: `${round}/${i}`.padEnd(900, 'x') }))));
  }
  const last = (await one.hello()).events;
  const written = () => Number(
    readFileSync(`/proc/${child.pid}/io`, 'utf8').match(/wchar: (\d+)/)[1]);
  const before = written();
  let next = 1;
  for await (const event of one.subscribe()) {
    assert.equal(event.seq, next);
    next += 1;
    if (event.seq === 1) {
      // Within the loop, with everything else waiting to be read.
      await pause(500);
      assert.equal((await one.session({ session: '0/0' })).key, '0/0');
      assert.ok(written() - before < 2 << 20, `${written() - before} bytes were sent ahead`);
    }
    if (event.seq === last) break;
  }
  assert.equal(next, last + 1);
  assert.ok(written() - before > 5 << 20, `${written() - before} bytes are not many`);
});

test('a server that dies rejects all calls and says how it ended', async (t) => {
  const { path, child } = await server(t);
  const one = await Client.connect(path);
  await one.wake(wake('s'));
  child.kill('SIGSTOP');
  const calls = Array.from({ length: 50 }, (_, i) => one.wake(wake(`s${i}`)));
  const events = (async () => { for await (const event of one.subscribe()) assert.ok(event); })();
  const all = Promise.allSettled([...calls, events]);
  await pause(50);
  child.kill('SIGKILL');
  for (const end of await all) {
    assert.equal(end.status, 'rejected');
    assert.ok(end.reason instanceof wakelog.DisconnectedError, String(end.reason));
  }
  await assert.rejects(one.hello(), { code: 'disconnected' });
  await one.close();
});

test('a child that cannot serve says why', async (t) => {
  const log = join(folder(t), 'log');
  const spawned = (options) => Client.spawn({ log, host: 'h', tool, ...options });
  await assert.rejects(spawned({ tool: '/no/such/tool' }), {
    code: 'disconnected', message: /cannot be started/,
  });
  await assert.rejects(spawned({ policy: 'nonesuch' }), {
    code: 'disconnected', message: /nonesuch/,
  });
  await assert.rejects(spawned({ log: '/proc/none/log' }), { code: 'disconnected' });
  await assert.rejects(spawned({ host: undefined }), { code: 'invalidParameter', field: 'host' });
  await assert.rejects(spawned({ log: '' }), { code: 'invalidParameter', field: 'log' });
  await assert.rejects(Client.connect(join(log, 'none')), {
    code: 'disconnected', message: /no server answers/,
  });
  await assert.rejects(Client.connect(), { code: 'invalidParameter', field: 'path' });
});

test('a policy is adopted by name and as a document; the clock may be given', async (t) => {
  const named = await client(t, { policy: 'paperclip' });
  assert.equal((await named.hello()).policy, 'paperclip');
  const given = await client(t, {
    policy: { name: 'mine', reset: { dailyAtHour: 4 } }, givenClock: true,
  });
  assert.equal((await given.policy()).policy.reset.dailyAtHour, 4);
  await given.wake(wake('s', { at: new Date('2040-01-01T00:00:00Z') }));
  assert.match((await given.session({ session: 's' })).key, /s/);
  await assert.rejects(client(t, { policy: { name: 'mine', nonsense: 1 } }), {
    code: 'invalidParameter',
  });
});

test('closing answers what was asked before, refuses what comes after', async (t) => {
  const log = await client(t);
  const calls = Array.from({ length: 100 }, (_, i) => log.wake(wake(`s${i}`)));
  const closed = log.close();
  await assert.rejects(log.hello(), { code: 'busy' });
  for (const woken of await Promise.all(calls)) assert.equal(woken.disposition, 'started');
  await closed;
  await log.close();
});

test('a server that speaks another language is an error, not a crash', async (t) => {
  const path = join(folder(t), 'socket');
  const strange = net.createServer((socket) => socket.on('data', () => socket.write(
    'HTTP/1.1 400\n'
  )));
  await new Promise((done) => strange.listen(path, done));
  t.after(() => strange.close());
  const one = await Client.connect(path);
  await assert.rejects(one.hello(), wakelog.WakelogError);
  await one.close();
});
