// What a call costs through the Node package: waiting, awaited, and over the pipes of a server.
// See Suite+Bindings.swift for what is asked.
//
//   node Sources/Bindings/node/build.mjs && swift build -c release --product wakelog
//   swift run -c release wakelog-bench --only bindings --binding 'node Benchmarks/Bindings/node.js'

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(root, 'Sources', 'Bindings', 'node');
const { Engine, Client } = await import(join(folder, 'index.js'));
const native = createRequire(import.meta.url)(join(folder, 'lib', 'native.cjs')).load();
const tool = process.env.WAKELOG_CLI ?? join(root, '.build/release/wakelog');

const [directory, words] = process.argv.slice(2);
const count = Number(words);
const wake = { session: 's', agent: 'a', provider: 'claude', source: 'message' };
const end = ({ attempt, fence }) => ({ attempt, fence, exitCode: 0, turns: 1, sessionId: 'id-1' });

function report(binding, call, begun, made) {
  const microseconds = Number(process.hrtime.bigint() - begun) / 1000 / made;
  console.log(JSON.stringify({ binding, call, microseconds }));
}

function waiting(call, body, made = count) {
  for (let i = 0; i <= made / 10; i += 1) body();
  const begun = process.hrtime.bigint();
  for (let i = 0; i < made; i += 1) body();
  report('Node, waiting', call, begun, made);
}

async function awaited(binding, call, body) {
  for (let i = 0; i <= count / 10; i += 1) await body();
  const begun = process.hrtime.bigint();
  for (let i = 0; i < count; i += 1) await body();
  report(binding, call, begun, count);
}

async function all(binding, log, checked) {
  await awaited(binding, 'run', async () => { await log.finish(end(await log.wake(wake))); });
  await awaited(binding, 'session', () => log.session({ session: 's' }));
  await awaited(binding, 'check', () => log.check(checked));
}

const engine = await Engine.open({ log: directory, host: 'bench' });
const { fence } = engine.wakeSync({ ...wake, session: 'checked' });
const checked = { session: 'checked', fence };
waiting('run', () => { engine.finishSync(end(engine.wakeSync(wake))); });
waiting('session', () => engine.callSync('session', { session: 's' }));
waiting('check', () => engine.checkSync(checked));
waiting('noop', () => native.noop(), count * 10);
await all('Node, awaited', engine, checked);
await engine.close();

const client = await Client.spawn({ log: directory, host: null, tool });
await all('Node, stdio', client, checked);
await client.close();
