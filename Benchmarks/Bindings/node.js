// What a call costs through the Node binding, and through a server over stdio.
//
//   node Benchmarks/Bindings/node.js [--quick] [--log DIRECTORY]
//
// One JSON object a line: what, the median and the 99th percentile in microseconds, and how many.
// A call that writes waits for the disk; what it costs over that shows against the same call of the
// same run in Swift or C, and on a log in /dev/shm, where a commit costs next to nothing.

import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(root, 'Sources', 'Bindings', 'node');
const { Engine, Client } = await import(join(folder, 'index.js'));
const native = createRequire(import.meta.url)(join(folder, 'lib', 'native.cjs')).load();
const tool = process.env.WAKELOG_CLI ?? join(root, '.build/release/wakelog');

const rounds = process.argv.includes('--quick') ? 500 : 5000;
const given = process.argv.indexOf('--log');
const place = mkdtempSync(join(given > 0 ? process.argv[given + 1] : tmpdir(), 'wakelog-bench-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

function report(what, times) {
  times.sort((one, other) => one - other);
  const at = (share) => Number(times[Math.floor((times.length - 1) * share)].toFixed(3));
  console.log(JSON.stringify({ what, median: at(0.5), p99: at(0.99), count: times.length }));
}

/** Times of `body`, in microseconds each; the first tenth warms up. */
async function time(what, body, count = rounds) {
  const times = [];
  for (let i = -count / 10; i < count; i += 1) {
    const begun = process.hrtime.bigint();
    const made = body(i);
    if (made instanceof Promise) await made;
    const taken = Number(process.hrtime.bigint() - begun) / 1000;
    if (i >= 0) times.push(taken);
  }
  report(what, times);
}

const wake = (session) => ({ session, agent: 'ada', provider: 'claude', source: 'message' });
const end = ({ attempt, fence }) => ({ attempt, fence, exitCode: 0, turns: 1, sessionId: 'x' });

await time('noop of the addon, 1,000 each', () => {
  for (let i = 0; i < 1000; i += 1) native.noop();
});

const engine = await Engine.open({ log: join(place, 'engine'), host: 'bench' });
const checked = { session: 'checked', fence: engine.wakeSync(wake('checked')).fence };
await time('check, sync: no commit', () => engine.checkSync(checked));
await time('check, awaited: no commit', () => engine.check(checked));
await time('session, sync: no commit', () => engine.callSync('session', { session: 'checked' }));
await time('wake, sync: a commit', (i) => { engine.wakeSync(wake(`s${i}`)); });
await time('wake and finish, sync: two commits', (i) => {
  engine.finishSync(end(engine.wakeSync(wake(`f${i}`))));
});
await time('wake, awaited: a commit', (i) => engine.wake(wake(`a${i}`)));
await time('wake and finish, awaited: two commits', async (i) => {
  await engine.finish(end(await engine.wake(wake(`g${i}`))));
});
const together = (i) => Promise.all(
  Array.from({ length: 256 }, (_, one) => engine.wake(wake(`t${i}-${one}`))));
await time('256 wakes awaited together, all of them', together, Math.ceil(rounds / 100));
await engine.close();

if (existsSync(tool)) {
  const client = await Client.spawn({ log: join(place, 'client'), host: 'bench', tool });
  const { fence } = await client.wake(wake('checked'));
  await time('check, stdio: no commit', () => client.check({ session: 'checked', fence }));
  await time('wake, stdio: a commit', (i) => client.wake(wake(`s${i}`)));
  await time('wake and finish, stdio: two commits', async (i) => {
    await client.finish(end(await client.wake(wake(`g${i}`))));
  });
  await client.close();
} else {
  console.log('SKIPPED: stdio; build the tool: swift build -c release --product wakelog');
}
