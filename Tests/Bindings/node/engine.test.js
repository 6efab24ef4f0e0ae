import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { engine, folder, packageFolder, wake, wakelog } from './support.js';

const { Engine } = wakelog;

test('a run is woken, fails to resume, falls back and is found again after opening', async (t) => {
  const log = await engine(t);
  const first = await log.wake(wake('s', { resume: 'dead' }));
  assert.equal(first.disposition, 'started');
  assert.equal(first.plan.sessionId, 'dead');
  const failed = await log.finish({
    attempt: first.attempt, fence: first.fence, exitCode: 1, turns: 0,
    stderr: 'No conversation found with session ID: dead',
  });
  assert.equal(failed.failure.family, 'session');
  assert.equal(failed.settled, false);
  assert.equal(failed.next.plan.mode, 'fresh');
  const done = await log.finish({
    attempt: failed.next.attempt, fence: first.fence, exitCode: 0, turns: 3, sessionId: 'new',
  });
  assert.equal(done.settled, true);
  await log.close();

  const again = await Engine.open({ log: log.log, host: 'test' });
  const session = await again.session({ session: 's' });
  assert.equal(session.bound.sessionId, 'new');
  assert.deepEqual(session.condemned.map((entry) => entry.sessionId), ['dead']);
  assert.equal(session.lastRun.via, 'fallback');
  await again.close();
});

test('the sync calls give what the others give', async (t) => {
  const log = await engine(t);
  const started = log.wakeSync(wake('s'));
  assert.deepEqual(Object.keys(started), Object.keys(await log.wake(wake('t'))));
  const { attempt, fence } = started;
  assert.deepEqual(log.progressSync({ attempt, fence, entered: true, sessionId: 'x' }), {
    leaseUntil: null,
  });
  assert.deepEqual(log.checkSync({ session: 's', fence }), { ok: true });
  assert.equal(
    log.finishSync({ attempt, fence, exitCode: 0, turns: 1 }).session.bound.sessionId, 'x'
  );
  assert.throws(() => log.checkSync({ session: 's', fence }), wakelog.StaleFenceError);
  assert.equal(log.callSync('session', { session: 's' }).status, 'idle');
});

test('every method that the engine has is there', async (t) => {
  const log = await engine(t);
  const refusal = await log.call('none').catch((error) => error);
  assert.ok(refusal instanceof wakelog.UnknownMethodError);
  const names = refusal.message.match(/the methods are (.*)$/)[1].split(', ');
  assert.ok(names.length > 20);
  for (const name of names) assert.equal(typeof log[name], 'function', name);
});

test('errors have a class, a code, and name the field or the cursor', async (t) => {
  const log = await engine(t);
  const { attempt, fence } = await log.wake(wake('s'));
  const cases = [
    [() => log.wake({ session: 's' }), 'InvalidParameterError', 'invalidParameter', 'agent'],
    [() => log.call('nothing'), 'UnknownMethodError', 'unknownMethod'],
    [() => log.check({ session: 's', fence: 'stale' }), 'StaleFenceError', 'staleFence'],
    [() => log.session({ session: 'none' }), 'NotFoundError', 'notFound', 'session'],
    [() => log.flush({ session: 's', fence, from: 4, to: 5 }), 'ConflictError', 'conflict'],
    [() => log.wake(wake('x'.repeat(2000))), 'TooLargeError', 'tooLarge', 'session'],
    [
      () => log.repair({
        session: 's', expect: {}, set: { sessionId: 'x' }, by: 'me', why: 'test',
      }),
      'BusyError', 'busy',
    ],
  ];
  for (const [call, name, code, field] of cases) {
    const error = await call().then(() => assert.fail(`${name} expected`), (reason) => reason);
    assert.ok(error instanceof wakelog[name], `${name}, not ${error.name}: ${error.message}`);
    assert.ok(error instanceof wakelog.WakelogError && error instanceof Error);
    assert.equal(error.code, code);
    if (field) assert.equal(error.field, field);
    assert.ok(error.message.length > 10);
  }
  const cursor = await log.flush({ session: 's', fence, from: 4, to: 5 }).catch((error) => error);
  assert.equal(cursor.cursor, 0);
  assert.equal(attempt > 0, true);
});

test('a page is awaited, and all pages are iterated over', async (t) => {
  const log = await engine(t);
  await Promise.all(Array.from({ length: 25 }, (_, i) => log.wake(wake(`s${i}`, {
    agent: `a${i}`,
  }))));
  const page = await log.sessions({ limit: 10 });
  assert.equal(page.items.length, 10);
  const all = async (pages) => {
    const found = [];
    for await (const item of pages) found.push(item);
    return found;
  };
  assert.equal(new Set((await all(log.sessions({ limit: 10 }))).map((s) => s.key)).size, 25);
  assert.equal((await all(log.agents({ limit: 7 }))).length, 25);
  const events = await all(log.events({ limit: 9 }));
  assert.equal(events.length, (await log.hello()).events);
  assert.deepEqual(events.map((e) => e.seq), events.map((_, i) => i + 1));
  await assert.rejects(async () => all(log.events({ limit: -1 })), {
    code: 'invalidParameter', field: 'limit',
  });
});

test('hundreds of promises share commits, and block neither the loop nor the thread pool', async (t) => {
  const log = await engine(t);
  const { readFile } = await import('node:fs/promises');
  const one = performance.now();
  for (let i = 0; i < 20; i += 1) await log.wake(wake(`alone${i}`));
  const alone = (performance.now() - one) / 20;
  let turns = 0;
  const turning = setInterval(() => { turns += 1; }, 1);
  const begun = performance.now();
  const calls = Promise.all(Array.from({ length: 800 }, (_, i) => log.wake(wake(`k${i}`))));
  await Promise.all(Array.from({ length: 8 }, () => readFile(import.meta.filename ?? new URL(
    import.meta.url
  ))));
  await calls;
  const each = (performance.now() - begun) / 800;
  clearInterval(turning);
  assert.ok(turns > 1, 'the loop turned meanwhile');
  assert.ok(each < alone / 2, `${each} ms each together, ${alone} ms alone`);
});

test('two engines on two logs are two; the same log twice is refused', async (t) => {
  const [one, two] = [await engine(t), await engine(t)];
  await one.wake(wake('s'));
  await assert.rejects(two.session({ session: 's' }), { code: 'notFound' });
  await assert.rejects(Engine.open({ log: one.log, host: 'other' }), { code: 'busy' });
  assert.throws(() => Engine.openSync({ log: one.log, host: 'other' }), wakelog.BusyError);
});

test('opening asks for the host, takes a policy, and names what is wrong', async (t) => {
  const log = join(folder(t), 'log');
  await assert.rejects(Engine.open({ log }), { code: 'invalidParameter', field: 'host' });
  await assert.rejects(Engine.open({ host: 'h' }), { code: 'invalidParameter', field: 'log' });
  await assert.rejects(Engine.open(), { code: 'invalidParameter', field: 'log' });
  await assert.rejects(Engine.open({ log, host: 'h', policy: 'no such' }), wakelog.WakelogError);
  await assert.rejects(Engine.open({ log, host: 'h', speed: 11 }), wakelog.WakelogError);
  await assert.rejects(Engine.open({ log, host: 'h', writerWaitSeconds: -1 }), {
    code: 'invalidParameter', field: 'options.writerWaitSeconds',
  });
  const shared = join(folder(t), 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  await assert.rejects(Engine.open({ log: shared, host: null }), wakelog.WakelogError);
  const trusting = { log: shared, host: null, trustsFolder: true, writerWaitSeconds: 0.5 };
  await (await Engine.open(trusting)).close();
  const opened = await Engine.open({ log, host: null, policy: 'paperclip' });
  assert.equal((await opened.hello()).policy, 'paperclip');
  assert.equal((await opened.wake(wake('s'))).disposition, 'started');
  await opened.close();
  const reading = await Engine.open({ log, host: null, readOnly: true });
  await assert.rejects(reading.wake(wake('t')), { code: 'readOnly' });
  await reading.close();
});

test('require and import give the same classes', () => {
  const required = createRequire(import.meta.url)(join(packageFolder, 'index.cjs'));
  assert.deepEqual(Object.keys(required).sort(), Object.keys(wakelog).sort());
  for (const name of Object.keys(required)) assert.equal(required[name], wakelog[name]);
});

test('no child inherits the log', async (t) => {
  // A program that the host started inherited `data.mdb` open for writing.
  const log = await engine(t);
  await log.wake(wake('s'));
  const list = spawnSync('sh', ['-c', 'for f in /proc/self/fd/*; do readlink $f || true; done']);
  assert.equal(list.status, 0);
  assert.match(list.stdout.toString(), /pipe:|\/dev\/|socket:/);
  assert.equal(list.stdout.toString().includes(log.log), false);
});
