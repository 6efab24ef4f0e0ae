// Builds the addon: node Sources/Bindings/node/build.mjs
//
// Needs cc, Node's headers, and Swift for the library. Puts wakelog.node and libwakelog.so into
// build/, which can be carried to a machine without Swift.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, 'build');

function headers() {
  const beside = join(dirname(process.execPath), '..', 'include', 'node');
  const found = [process.env.NODE_HEADERS, beside, '/usr/include/node', '/usr/include/nodejs/src']
    .find((folder) => folder && existsSync(join(folder, 'node_api.h')));
  if (!found) {
    console.error(
      'node_api.h cannot be found: install libnode-dev, or name its folder in NODE_HEADERS');
    process.exit(2);
  }
  return found;
}

function run(tool, words) {
  try {
    execFileSync(tool, words, { stdio: 'inherit' });
  } catch (error) {
    console.error(`${tool} ${error.code === 'ENOENT' ? 'is not installed' : 'failed'}`);
    process.exit(1);
  }
}

mkdirSync(build, { recursive: true });
const include = headers();
run('bash', [join(here, '..', 'build-library'), build]);
const sources = readdirSync(join(here, 'addon')).filter((name) => name.endsWith('.c'))
  .map((name) => join(here, 'addon', name));
// A process that has the old file mapped keeps it: the new one gets a name of its own first.
const fresh = join(build, 'wakelog.node.new');
run('cc', [
  '-std=c11', '-O2', '-g', '-fPIC', '-shared', '-fvisibility=hidden', '-pthread',
  '-Wall', '-Wextra', '-Wpedantic', '-Werror',
  `-I${include}`, `-I${build}`, ...sources, '-o', fresh,
  `-L${build}`, '-lwakelog', '-Wl,-rpath,$ORIGIN',
  // A worker that ends lets go of its addons, while threads of the library still run in it.
  '-Wl,-z,nodelete',
]);
renameSync(fresh, join(build, 'wakelog.node'));
console.log(`built ${join(build, 'wakelog.node')}`);
