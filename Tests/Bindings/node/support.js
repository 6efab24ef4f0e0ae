// What the tests share.

import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const packageFolder = join(root, 'Sources', 'Bindings', 'node');
export const wakelog = await import(join(packageFolder, 'index.js'));

/** The `wakelog` tool: named by the environment, or as built here. */
export const tool = [
  process.env.WAKELOG_CLI, join(root, '.build/release/wakelog'), join(root, '.build/debug/wakelog'),
].find((path) => path && existsSync(path));

/** A directory that is gone when the test ends. */
export function folder(test) {
  const path = mkdtempSync(join(tmpdir(), 'wakelog-node-'));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** An engine on a log of its own, closed when the test ends. */
export async function engine(test, options = {}) {
  const log = join(folder(test), 'log');
  const opened = await wakelog.Engine.open({ log, host: 'test', ...options });
  test.after(() => opened.close().catch(() => {}));
  return Object.assign(opened, { log });
}

/** A client of a server of its own, over stdio. */
export async function client(test, options = {}) {
  const log = join(folder(test), 'log');
  const made = await wakelog.Client.spawn({ log, host: 'test', tool, ...options });
  test.after(() => made.close());
  return Object.assign(made, { log });
}

/** A server on a socket; gives the path and the child. */
export async function server(test, words = []) {
  const place = folder(test);
  const path = join(place, 'socket');
  const child = spawn(tool, ['serve', '--log', join(place, 'log'), '--socket', path, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  test.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  for (let tries = 0; !existsSync(path); tries += 1) {
    if (tries === 500) throw new Error('the server does not come up');
    await pause(20);
  }
  return { path, child };
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A wake that nothing speaks against. */
export const wake = (session, more = {}) => ({
  session, agent: 'ada', provider: 'claude', source: 'message', ...more,
});

/** Runs a program with Node in a process of its own; gives its exit and what it wrote. */
export async function runNode(source, { words = [], flags = [] } = {}) {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', source, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WAKELOG_PACKAGE: join(packageFolder, 'index.js') },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
  const [code, signal] = await once(child, 'close');
  return { code, signal, output, errors };
}
