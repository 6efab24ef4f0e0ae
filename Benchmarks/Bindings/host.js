// What a host's turn costs beside a bare wake and finish of the same engine, in Node.
//
//   node Benchmarks/Bindings/host.js [DIRECTORY [TURNS]]
//
// Rounds of both take turns, so that a disk that gets slower does so for both; the median round
// counts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { Host } = await import(join(root, 'Sources', 'Bindings', 'node', 'index.js'));

const [directory = tmpdir(), words = '2000'] = process.argv.slice(2);
const rounds = 10;
const count = Math.ceil(Number(words) / rounds);
const place = mkdtempSync(join(directory, 'wakelog-bench-'));
const host = await Host.open({
  log: join(place, 'log'), name: 'bench', agent: 'ada', provider: 'claude',
  run: async function* () {},
});

const bodies = {
  async bare(session) {
    const { attempt, fence } = await host.engine.wake({
      session, agent: 'ada', provider: 'claude', source: 'message', payload: 'x', lease: 60,
    });
    await host.engine.finish({ attempt, fence, outcome: 'succeeded' });
  },
  turn: (session) => host.turn(session, 'x').finished(),
};

async function alone(body, session) {
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) await body(session);
  return (performance.now() - begun) * 1000 / count;
}

async function together(body, session) {
  const begun = performance.now();
  const one = async (name) => { for (let i = 0; i < count / 50; i += 1) await body(name); };
  await Promise.all(Array.from({ length: 50 }, (_, i) => one(`${session}-${i}`)));
  return (performance.now() - begun) * 1000 / count;
}

const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];

try {
  for (const [name, round] of [['one at a time', alone], ['50 at a time', together]]) {
    const times = { bare: [], turn: [] };
    for (const body of Object.keys(bodies)) await round(bodies[body], `${body} ${name}`);
    for (let i = 0; i < rounds; i += 1) {
      for (const body of i % 2 ? ['bare', 'turn'] : ['turn', 'bare']) {
        times[body].push(await round(bodies[body], `${body} ${name}`));
      }
    }
    const [bare, turn] = [median(times.bare), median(times.turn)];
    console.log(`${name}: wake and finish ${bare.toFixed(0)} µs, turn ${turn.toFixed(0)} µs, `
      + `ratio ${(turn / bare).toFixed(2)}`);
  }
} finally {
  await host.close();
  rmSync(place, { recursive: true });
}
