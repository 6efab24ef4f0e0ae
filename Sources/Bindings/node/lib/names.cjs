'use strict';

const { InvalidParameterError } = require('./errors.cjs');

/** What others call what is meant. */
const synonyms = {
  host: 'name', cwd: 'directory', env: 'environment', stdin: 'input', args: 'command',
  payload: 'text', message: 'text', timeoutSeconds: 'timeout', leaseSeconds: 'lease',
};

/** Refuses members that nobody knows: a misspelt option would be none, and say nothing. */
function checkNames(given, known, where) {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new InvalidParameterError(`${where} takes an object: { ${known.join(', ')} }`);
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const what = near === undefined
      ? `use ${known.map((other) => `\`${other}\``).join(', ')}` : `did you mean \`${near}\`?`;
    throw new InvalidParameterError(`\`${name}\` is unknown to ${where}; ${what}`, { field: name });
  }
}

/** The name that somebody may have had in mind; undefined for none. */
function nearest(name, known) {
  const meant = synonyms[name];
  if (known.includes(meant)) return meant;
  const distances = known.map((other) => distance(name.toLowerCase(), other.toLowerCase()));
  const least = Math.min(...distances);
  return least <= 1 + Math.floor(name.length / 4) ? known[distances.indexOf(least)] : undefined;
}

/** How many letters were left out, put in, changed, or swapped with their neighbour. */
function distance(one, other) {
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1
        && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[other.length];
}

module.exports = { checkNames, nearest };
