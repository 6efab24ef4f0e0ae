'use strict';

const { errorOf, WakelogError, TooLargeError } = require('./errors.cjs');

// Loaded when first used: a program that only speaks to a server needs no addon.

let addon;
const waiting = new Map();
let last = 0;

function load() {
  if (addon) return addon;
  try {
    addon = require('../build/wakelog.node');
  } catch (cause) {
    throw new WakelogError(
      `the addon cannot be loaded (${cause.message}); `
        + 'build it with `node build.mjs` in the folder of the package',
      { code: 'notBuilt', cause });
  }
  addon.attach(settle);
  return addon;
}

/** What a job came to, told by the addon on the event loop. */
function settle(number, status, text) {
  const { resolve, reject } = waiting.get(number);
  waiting.delete(number);
  if (status === 0) {
    resolve(JSON.parse(text));
  } else if (text === '') {
    reject(new TooLargeError('the result is longer than a string can be; ask for less'));
  } else {
    reject(errorOf(JSON.parse(text)));
  }
}

/** Starts one of the addon's jobs: `submit`, `open`, `close`, `wait`. */
function start(job, ...words) {
  return new Promise((resolve, reject) => {
    const native = load();
    do { last = (last + 1) >>> 0; } while (waiting.has(last));
    const refusal = native[job](last, ...words);
    if (refusal !== undefined) reject(errorOf(JSON.parse(refusal[0])));
    else waiting.set(last, { resolve, reject });
  });
}

/** What an answer given at once holds, or throws its error. */
function value(answer) {
  if (typeof answer === 'string') return JSON.parse(answer);
  if (typeof answer === 'number') return answer;
  throw errorOf(JSON.parse(answer[0]));
}

module.exports = { load, start, value };
