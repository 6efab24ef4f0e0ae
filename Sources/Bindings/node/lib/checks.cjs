'use strict';

const { InvalidParameterError } = require('./errors.cjs');

/** Refuses what is no text for C or for a command line. */
function checkText(field, value, what) {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new InvalidParameterError(`${field} must be ${what}`, { field });
  }
}

/** A host is named, or said to be none: left out by mistake, its runs would stay open for ever. */
function checkHost(host) {
  if (host === null) return;
  checkText('host', host, 'the name of this process\' host, or null for one that starts no runs');
}

module.exports = { checkText, checkHost };
