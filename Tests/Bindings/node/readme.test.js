import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, packageFolder, root } from './support.js';

/** The program that the README shows for Node. */
function program() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('### Node\n'));
  return section.match(/```js\n([^]*?)```/)[1];
}

test('the program of the README runs, falls back and resumes', (t) => {
  const place = folder(t);
  mkdirSync(join(place, 'node_modules'));
  symlinkSync(packageFolder, join(place, 'node_modules', 'wakelog'));
  writeFileSync(join(place, 'program.mjs'), program());
  // Knows only the sessions that it made, by files of their names.
  writeFileSync(join(place, 'claude'), `#!/bin/sh
    echo "$*" >> calls
    if [ "$1" = --resume ] && [ ! -e "known-$2" ]; then
      echo "No conversation found with session ID: $2" >&2
      exit 1
    fi
    id="id-$(wc -l < calls | tr -d ' ')"
    if [ "$1" = --resume ]; then id=$2; fi
    touch "known-$id"
    echo '{"type":"result","subtype":"success","is_error":false,"num_turns":2,"session_id":"'$id'","usage":{"input_tokens":3,"output_tokens":4}}'
  `);
  chmodSync(join(place, 'claude'), 0o755);
  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['program.mjs', 'log'], {
      cwd: place, encoding: 'utf8', env: { ...process.env, PATH: `${place}:${process.env.PATH}` },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.match(run(), /outcome: 'succeeded',\s+attempts: 1,\s+via: 'fresh'/);
  assert.match(run(), /via: 'resume'/);
  spawnSync('rm', [join(place, 'known-id-1')]);
  assert.match(run(), /attempts: 2,\s+via: 'fallback'/);
  assert.match(run(), /via: 'resume'/);
  const calls = readFileSync(join(place, 'calls'), 'utf8').trim().split('\n');
  assert.deepEqual(calls.map((line) => line.match(/^--resume (\S+)/)?.[1] ?? null), [
    null, 'id-1', 'id-1', null, 'id-4',
  ]);
});

test('the lines of the README are no longer than the page', () => {
  for (const line of program().split('\n')) assert.ok(line.length <= 100, line);
});
