'use strict';

const { InvalidParameterError } = require('./errors.cjs');
const { cutTexts } = require('./texts.cjs');

// Deeper than any parameter of the wire; what goes deeper refers to itself.
const deepest = 64;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * The parameters of a call as JSON text.
 *
 * `JSON.stringify` leaves out what it cannot write, and a parameter that is left out means
 * something else: so functions, symbols, NaN and infinities are refused, by name, and so is
 * whatever would make it throw.
 */
function encode(params) {
  if (params === undefined || params === null) return '{}';
  if (typeof params !== 'object' || Array.isArray(params)) {
    throw invalid('params', 'must be an object of named parameters');
  }
  check(params, '', 0);
  try {
    return JSON.stringify(params);
  } catch (cause) {
    throw new InvalidParameterError(`the parameters cannot be written as JSON: ${cause?.message}`, {
      field: 'params', cause,
    });
  }
}

/** The parameters of a method as JSON text, what a program printed cut to what is kept of it. */
function encodeCall(method, params) {
  return encode(method === 'finish' || method === 'turn.finish' ? cutTexts(params) : params);
}

function check(value, path, depth) {
  switch (typeof value) {
    case 'string':
      if (loneSurrogate.test(value)) {
        throw invalid(path, 'has half of a surrogate pair, which is no text; cut it elsewhere');
      }
      return;
    case 'number':
      if (Number.isFinite(value)) return;
      throw invalid(path, `is ${value}; leave it out if it is not known`);
    case 'bigint': throw invalid(path, 'is a BigInt; give a number');
    case 'function': throw invalid(path, 'is a function; give a value');
    case 'symbol': throw invalid(path, 'is a symbol; give a value');
    case 'object': break;
    default: return;
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    throw invalid(path, 'is an invalid date; leave it out if it is not known');
  }
  if (value === null || typeof value.toJSON === 'function') return;
  if (depth === deepest) throw invalid(path, 'refers to itself, or is nested too deeply');
  for (const name of Object.keys(value)) {
    check(value[name], path === '' ? name : `${path}.${name}`, depth + 1);
  }
}

function invalid(field, what) {
  // A path into something that refers to itself would go on and on.
  const short = field.length > 100 ? `${field.slice(0, 100)}…` : field;
  return new InvalidParameterError(`${short} ${what}`, { field: short });
}

module.exports = { encode, encodeCall };
