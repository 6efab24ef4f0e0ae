// The program that the README shows, with CLIs of all sorts.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { lives, place, until } from './agent.js';
import { packageFolder, root, wakelog } from './support.js';

const limit = { timeout: 120_000 };
const session = 'agent:main:telegram:direct:42';

/** The program that the README shows for Node. */
function program() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('### Node\n'));
  return section.match(/```js\n([^]*?)```/)[1];
}

/** A place with the program, and the package. */
function prepared(test, text = program()) {
  const where = place(test);
  mkdirSync(join(where.path, 'node_modules'));
  symlinkSync(packageFolder, join(where.path, 'node_modules', 'wakelog'));
  where.write('program.mjs', text);
  const started = (key, asked, environment = {}) => [
    process.execPath, ['program.mjs', 'log', key, asked],
    { cwd: where.path, encoding: 'utf8', env: {
      ...process.env, ...where.environment('', asked), ...environment,
    } },
  ];
  return Object.assign(where, {
    run: (...words) => spawnSync(...started(...words)),
    start(...words) {
      const child = spawn(...started(...words));
      test.after(() => child.kill('SIGKILL'));
      return child;
    },
    async shown(look) {
      const log = await wakelog.Engine.open({ log: where.log, host: null });
      try {
        return await look(log);
      } finally {
        await log.close();
      }
    },
    lastRun: () => where.shown(async (log) => (await log.session({ session })).lastRun),
  });
}

test('it answers, resumes, falls back, and answers a message once', limit, async (t) => {
  const it = prepared(t);
  const run = (key, mode = '') => {
    const { status, stdout, stderr } = it.run(key, `asked by ${key}`, { MODE: mode });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.equal(run('1'), 'you said asked by 1');
  assert.equal((await it.lastRun()).via, 'fresh');
  assert.equal(run('2'), 'you said asked by 2');
  assert.equal((await it.lastRun()).via, 'resume');
  assert.equal(run('2'), '', 'it came twice');
  assert.equal(run('3', 'dead'), 'you said asked by 3');
  assert.equal((await it.lastRun()).via, 'fallback');
  assert.equal(run('4'), 'you said asked by 4');
});

test('it says that there is no claude, and is not wedged by it', limit, async (t) => {
  const it = prepared(t);
  // Node itself is named by its path.
  const { status, stderr } = it.run('1', 'hi', { PATH: '/nowhere' });
  assert.equal(status, 1);
  assert.match(stderr, /RunFailedError.*misconfigured.*claude could not be started/);
  assert.equal((await it.lastRun()).outcome, 'failed');
  const { stdout } = it.run('2', 'again');
  assert.equal(stdout, 'you said again');
});

test('a claude that hangs is ended in time', limit, async (t) => {
  const text = program();
  assert.match(text, /timeout: 900/);
  const it = prepared(t, text.replace('timeout: 900', 'timeout: 1'));
  const { status, stderr } = it.run('1', 'hi', { MODE: 'grandchild' });
  assert.equal(status, 1);
  assert.match(stderr, /RunFailedError: the run has timed out/);
  const pids = await it.pids();
  await until(() => !pids.some(lives));
  assert.equal((await it.lastRun()).outcome, 'timedOut');
});

test('what a killed one left unanswered is answered by the next', limit, async (t) => {
  const it = prepared(t);
  const child = it.start('1', 'first', { MODE: 'grandchild' });
  const pids = await it.pids();
  const busy = it.run('2', 'second');
  assert.match(busy.stderr, /BusyError/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { stdout, stderr } = it.run('2', 'second', { TEXT: 'whatever' });
  assert.equal(stdout, 'you said whateveryou said whatever', stderr);
  assert.ok(!pids.some(lives));
});

const claude = process.env.WAKELOG_CLAUDE;
const skip = claude ? false : 'WAKELOG_CLAUDE names no claude: see .ci/claude';

/** A provider of models on loopback; resolves with its port. */
async function provider(test) {
  const source = 'import provider_api, time\nprint(provider_api.serve(), flush=True)\n'
    + 'time.sleep(600)';
  const child = spawn('python3', ['-c', source], {
    cwd: join(root, 'Tests', 'RealAgents'), stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  test.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return Number(line);
}

test('the real claude answers, resumes, and fails as it is told', { skip, ...limit }, async (t) => {
  const port = await provider(t);
  const it = prepared(t);
  const path = join(it.path, 'real');
  mkdirSync(path);
  mkdirSync(join(it.path, 'home'));
  symlinkSync(claude, join(path, 'claude'));
  const run = (key, answer) => it.run(key, 'say ok', {
    PATH: `${path}:${dirname(process.execPath)}:/usr/bin:/bin`, HOME: join(it.path, 'home'),
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}/${answer}`, ANTHROPIC_API_KEY: 'x',
    CLAUDE_CODE_MAX_RETRIES: '0', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1',
  });
  const first = run('1', 'ok');
  assert.deepEqual([first.status, first.stdout], [0, 'ok'], first.stderr);
  assert.equal((await it.lastRun()).via, 'fresh');
  const second = run('2', 'ok');
  assert.deepEqual([second.status, second.stdout], [0, 'ok'], second.stderr);
  assert.equal((await it.lastRun()).via, 'resume');
  const failed = run('3', 'revoked');
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /RunFailedError: the run has failed \(authentication/);
  assert.equal(run('4', 'ok').stdout, 'ok');
});

test('the lines of the README are no longer than the page', () => {
  for (const line of program().split('\n')) assert.ok(line.length <= 100, line);
});
