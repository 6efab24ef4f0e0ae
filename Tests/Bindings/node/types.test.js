// The declarations, by the compiler of TypeScript (Debian's node-typescript, or any `tsc`).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, packageFolder, wakelog } from './support.js';

const hasCompiler = spawnSync('tsc', ['--version']).status === 0;
const skip = hasCompiler ? false : 'no tsc: apt-get install node-typescript';

/** A project that has the package installed; compiles and gives the exit and the complaints. */
function compile(t, files) {
  const place = folder(t);
  mkdirSync(join(place, 'node_modules'));
  symlinkSync(packageFolder, join(place, 'node_modules', 'wakelog'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      module: 'node16', moduleResolution: 'node16', target: 'es2022', lib: ['es2022', 'dom'],
      strict: true, noEmit: true, types: [], preserveSymlinks: true, exactOptionalPropertyTypes: true,
    },
    files: Object.keys(files),
  }));
  const { status, stdout } = spawnSync('tsc', ['-p', place], { encoding: 'utf8' });
  return { status, stdout };
}

test('programs that use all of it compile, as modules and as CommonJS', { skip }, (t) => {
  const [usage, hosts, adapters] = ['usage.ts', 'hosts.ts', 'adapters.ts'].map(
    (name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
  const { status, stdout } = compile(t, {
    'usage.ts': usage, 'usage.cts': usage, 'hosts.ts': hosts, 'hosts.cts': hosts, 'adapters.ts': adapters,
  });
  assert.equal(status, 0, stdout);
});

test('mistakes do not', { skip }, (t) => {
  const wrong = [
    "engine.wake({ session: 's', agent: 'a', provider: 'p' });",
    "engine.wake({ session: 's', agent: 'a', provider: 'p', source: 'whim' });",
    "engine.wake({ session: 's', agent: 'a', provider: 'p', source: 'timer', colour: 'red' });",
    'engine.finish({ attempt: 1 });',
    'engine.why({});',
    'Engine.open({ log: "x" });',
    'Client.spawn({ log: "x", host: null, readOnly: true });',
    'const id: string = (await engine.session({ session: "s" })).bound.sessionId;',
    'const fence: string = (await engine.wake({ session: "s", agent: "a", provider: "p", source: "timer" })).fence;',
    'engine.none();',
    "await Host.over(engine, { agent: 'a', provider: 'p' });",
    "await Host.over(engine, { agent: 'a', provider: 'p', command: () => [], run: () => [] });",
    "await Host.over(engine, { agent: 'a', provider: 'p', command: () => 'claude -p hi' });",
    "await Host.over(engine, { agent: 'a', provider: 'p', command: 'claude -p hi' });",
    "await Host.over(engine, { agent: 'a', provider: 'p', run: () => [], timout: 3 });",
    "await Host.open({ log: 'x', agent: 'a', provider: 'p', run: () => [] });",
    "host.turn('chat', 'x', { source: 'mesage' });",
    "host.turn('chat', 'x', { sorce: 'message' });",
    "for await (const piece of host.turn('chat', 'x')) { const text: string = piece.text; }",
    "await host.turn('chat', 'x').finish({ exitcode: 1 });",
  ];
  const head = "import { Engine, Client, Host } from 'wakelog'; declare const host: Host;\nconst engine = await Engine.open({ log: 'x', host: null });\n";
  const files = Object.fromEntries(wrong.map((line, i) => [`wrong${i}.ts`, head + line]));
  const { stdout } = compile(t, files);
  wrong.forEach((line, i) => assert.match(stdout, new RegExp(`wrong${i}\\.ts\\(3,`), line));
});

test('no declaration is of any type, and none is missing', () => {
  for (const name of readdirSync(packageFolder, { recursive: true })) {
    if (!/\.d\.c?ts$/.test(name)) continue;
    const text = readFileSync(join(packageFolder, name), 'utf8').replace(
      /\/\*[^]*?\*\/|\/\/.*/g, ''
    );
    assert.doesNotMatch(text, /\bany\b/, name);
  }
  const methods = readFileSync(join(packageFolder, 'types/methods.d.cts'), 'utf8')
    + readFileSync(join(packageFolder, 'types/host.d.cts'), 'utf8')
    + readFileSync(join(packageFolder, 'index.d.cts'), 'utf8');
  const own = (prototype) => Object.getOwnPropertyNames(prototype).filter(
    (name) => name !== 'constructor' && name !== 'send'
  );
  const { Engine, Client, Host } = wakelog;
  const names = [Host.prototype, Engine.prototype, Client.prototype, Object.getPrototypeOf(Engine.prototype)].flatMap(own);
  assert.ok(names.length > 30);
  for (const name of names) assert.match(methods, new RegExp(`\\b${name}\\(`), name);
  for (const name of Object.keys(wakelog)) assert.match(
    methods, new RegExp(`(class|function) ${name}\\b`), name
  );
});
