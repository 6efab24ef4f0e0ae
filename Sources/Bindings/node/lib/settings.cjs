'use strict';

// What hosts and turns are asked for, checked before anything runs: a mistake shows when the
// program starts, and not with its first message.

const { constants } = require('node:os');
const { isAbsolute } = require('node:path');
const { InvalidParameterError } = require('./errors.cjs');
const { checkText } = require('./checks.cjs');
const { checkNames, nearest } = require('./names.cjs');
const { providers } = require('./clis.cjs');

/** What a host knows of its agent, and what a turn may have otherwise. */
const agentNames = [
  'agent', 'provider', 'command', 'run', 'workspace', 'lease', 'timeout', 'wait', 'orphans',
];
/** Parameters of `wake` that go through a turn as they are. */
const wakeNames = [
  'key', 'source', 'reason', 'scope', 'forceFresh', 'keep', 'resume', 'fingerprint', 'transcript',
  'transcripts', 'resumable', 'host', 'epoch', 'trace', 'at',
];
const turnNames = [...agentNames, ...wakeNames, 'check', 'signal'];
const factNames = [
  'outcome', 'sessionId', 'displayId', 'params', 'exitCode', 'signal', 'stdout', 'stderr',
  'message', 'status', 'errorCode', 'turns', 'resumed', 'usage', 'retryAfterSeconds', 'key', 'at',
];
const orphanPolicies = ['refuse', 'wait', 'end'];

function invalid(field, what) {
  return new InvalidParameterError(`\`${field}\` ${what}`, { field });
}

/** The settings of an agent that were given; what was not is left out. */
function agentSettings(given) {
  const settings = {};
  for (const name of agentNames) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    settings[name] = checks[name](value, name);
  }
  if (settings.command && settings.run) {
    throw invalid('run', 'and `command` exclude each other; give one of them');
  }
  return settings;
}

/** The same where nothing may be missing. */
function wholeAgentSettings(given) {
  const settings = agentSettings(given);
  for (const name of ['agent', 'provider']) {
    if (!(name in settings)) throw invalid(name, 'is missing; give a name');
  }
  if (!settings.command && !settings.run) {
    throw invalid('command', 'is missing; give a function of a turn that gives the words of a '
      + 'CLI\'s call, or `run`, which answers without one');
  }
  if (settings.command && !given.unknownProvider) checkProvider(settings.provider);
  return { lease: 60, ...settings };
}

/** A CLI of a provider that nobody knows would never be resumed, and nobody would notice. */
function checkProvider(provider) {
  if (typeof provider !== 'string') return;
  const names = providers().flatMap(({ name, aliases }) => [name, ...aliases]);
  if (names.includes(provider)) return;
  const near = nearest(provider, names);
  throw invalid('provider', `has no ${shown(provider)}${near ? `; did you mean '${near}'?` : ''} `
    + 'Give a document that says what its CLI does, or `unknownProvider: true`: nothing is '
    + 'resumed then');
}

const checks = {
  agent: text,
  provider: (value, name) => (value instanceof Object ? value : text(value, name)),
  command: (value, name) => callable(value, name, '(turn) => [\'claude\', \'-p\', turn.text]'),
  run: (value, name) => callable(value, name, 'async function* (turn) { yield … }'),
  workspace: workspaceOf,
  lease(value, name) {
    if (Number.isInteger(value) && value >= 1) return value;
    throw invalid(name, `must be a whole number of seconds, from 1, not ${shown(value)}`);
  },
  timeout: seconds,
  wait: seconds,
  orphans(value, name) {
    if (orphanPolicies.includes(value)) return value;
    throw invalid(name, `must be one of ${orphanPolicies.join(', ')}, not ${shown(value)}`);
  },
};

function text(value, name) {
  checkText(name, value, 'a name');
  return value;
}

function callable(value, name, example) {
  if (typeof value === 'function') return value;
  throw invalid(name, `must be a function, such as ${example}; not ${shown(value)}`);
}

function seconds(value, name) {
  if (typeof value === 'number' && value >= 0 && value <= 1e9) return value;
  throw invalid(name, `must be a number of seconds, from 0, not ${shown(value)}`);
}

/** A path, or a path and its kind. */
function workspaceOf(value, name) {
  const { path, kind = 'project' } = value instanceof Object ? value : { path: value };
  if (value instanceof Object) checkNames(value, ['path', 'kind'], name);
  if (typeof path === 'string' && isAbsolute(path)) return { path, kind };
  throw invalid(
    name, `must be an absolute path, not ${shown(path)}: sessions are found again by it`);
}

/** A CLI's call, in the words of `turn.start`. */
function callOf(given) {
  const call = Array.isArray(given) ? { command: given } : given;
  if (typeof call === 'string' || typeof call?.command === 'string') {
    throw invalid('command', 'gave a string; give an array of words, such as '
      + '[\'claude\', \'-p\', turn.text]: no shell takes it apart');
  }
  if (call === null || typeof call !== 'object') {
    throw invalid('command', 'gave no call; return an array of words, or { command, environment, '
      + 'input, directory }');
  }
  checkNames(call, ['command', 'environment', 'input', 'directory'], 'a call');
  const words = call.command;
  if (!Array.isArray(words) || words.length === 0) {
    throw invalid('command', 'must be an array of words: a program and its arguments');
  }
  const wrong = words.findIndex((word) => typeof word !== 'string');
  if (wrong >= 0) {
    throw invalid(`command.${wrong}`, `must be a string, not ${shown(words[wrong])}`);
  }
  return call;
}

/** What a host says of the end of an attempt. */
function checkFacts(facts) {
  checkNames(facts, factNames, 'finish');
  const { signal } = facts;
  if (typeof signal === 'string' && !(signal in constants.signals)) {
    throw invalid('signal', `must be the name of a signal, such as SIGTERM, not ${shown(signal)}`);
  }
}

function shown(value) {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

module.exports = {
  agentNames, wakeNames, turnNames, agentSettings, wholeAgentSettings, callOf, checkFacts, invalid,
};
