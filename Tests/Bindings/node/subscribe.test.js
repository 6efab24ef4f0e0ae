import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, engine, pause, tool, wake, wakelog } from './support.js';

for (const [kind, open] of [['engine', engine], ['client', client]]) {
  test(`${kind}: events come in order and without gaps, those there and those to come`, async (t) => {
    const log = await open(t);
    await log.wake(wake('first'));
    const seen = [];
    const reading = (async () => {
      for await (const event of log.subscribe()) {
        seen.push(event.seq);
        if (event.session === 'last') return;
      }
    })();
    for (let i = 0; i < 50; i += 1) {
      await log.wake(wake(`s${i}`));
      if (i % 10 === 0) await pause(5);
    }
    await log.wake(wake('last'));
    await reading;
    assert.ok(seen.length > 200);
    assert.deepEqual(seen, seen.map((_, i) => i + 1));
  });

  test(`${kind}: several subscribe from where they like`, async (t) => {
    const log = await open(t);
    for (let i = 0; i < 5; i += 1) await log.wake(wake(`s${i}`));
    const first = async (from) => {
      for await (const event of log.subscribe({ from })) return event.seq;
    };
    assert.deepEqual(await Promise.all([1, 2, 7, 3].map(first)), [1, 2, 7, 3]);
    await assert.rejects(first('x'), { code: 'invalidParameter', field: 'from' });
    await assert.rejects(first(NaN), { code: 'invalidParameter', field: 'from' });
  });

  test(`${kind}: a signal ends it, before, within and while it waits`, async (t) => {
    const log = await open(t);
    await log.wake(wake('s'));
    const read = async (signal, each = () => {}) => {
      for await (const event of log.subscribe({ signal })) each(event);
    };
    await assert.rejects(read(AbortSignal.abort()), { name: 'AbortError' });
    const within = new AbortController();
    let count = 0;
    await assert.rejects(
      read(within.signal, () => { count += 1; within.abort(new Error('enough')); }), /enough/
    );
    assert.equal(count, 1);
    const waiting = new AbortController();
    const end = assert.rejects(read(waiting.signal), { name: 'AbortError' });
    await pause(100);
    waiting.abort();
    await end;
    assert.equal((await log.hello()).protocol, 1);
  });

  test(`${kind}: closing ends it without an error`, async (t) => {
    const log = await open(t);
    let count = 0;
    const reading = (async () => { for await (const event of log.subscribe()) count += event.seq > 0; })();
    await pause(100);
    await log.close();
    await reading;
    assert.ok(count >= 1);
  });
}

test('an engine tells of what another process appends', async (t) => {
  const log = await engine(t);
  const other = await wakelog.Client.spawn({ log: log.log, host: 'other', tool });
  t.after(() => other.close());
  const kinds = [];
  const reading = (async () => {
    for await (const event of log.subscribe()) {
      kinds.push(event.kind);
      if (event.kind === 'attempt.started') return;
    }
  })();
  await pause(50);
  await other.wake(wake('theirs'));
  await reading;
  assert.equal(kinds.filter((kind) => kind === 'host.started').length, 2);
});
