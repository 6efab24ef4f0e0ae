import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wakelog } from './support.js';

const { OutputReader, classify, command, providers } = wakelog;

test('the CLIs that are known, with the source of each fact', () => {
  const names = providers().map((provider) => provider.name);
  for (const name of ['claude', 'codex', 'gemini', 'opencode']) assert.ok(
    names.includes(name), name
  );
  for (const provider of providers()) assert.ok(provider.sources.length > 0);
});

test('the words that resume and begin a session are put in', () => {
  const words = ['claude', '-p', 'hi'];
  assert.deepEqual(command({ provider: 'claude', command: words, sessionId: 'abc' }).command, [
    'claude', '--resume', 'abc', '-p', 'hi',
  ]);
  assert.equal(command({ provider: 'claude', command: words, newId: 'abc' }).sessionId, 'abc');
  assert.throws(() => command({ provider: 'none', command: words }), {
    code: 'notFound', field: 'provider',
  });
  assert.throws(() => command({ provider: 'claude' }), {
    code: 'invalidParameter', field: 'command',
  });
  assert.throws(() => command(), wakelog.WakelogError);
});

test('output is read in whatever pieces it comes', () => {
  const lines = [
    '{"type":"system","subtype":"init","session_id":"s1"}',
    '{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"é"}]}}',
    '{"type":"result","is_error":false,"num_turns":3,"session_id":"s1","usage":{"input_tokens":5,"output_tokens":7}}', '',
  ];
  const bytes = Buffer.from(lines.join('\n'));
  const whole = new OutputReader('claude');
  whole.feed(bytes);
  const said = whole.end();
  assert.deepEqual([said.sessionId, said.entered, said.turns], ['s1', true, 3]);
  const apart = new OutputReader('claude');
  for (let i = 0; i < bytes.length; i += 1) apart.feed(bytes.subarray(i, i + 1));
  assert.deepEqual(apart.feed(''), said);
  assert.deepEqual(apart.end(), said);
  assert.throws(() => apart.feed('x'), { code: 'busy' });
  apart.close();
});

test('a reader refuses what is no output and what is no provider', () => {
  const reader = new OutputReader('claude');
  for (const piece of [undefined, null, 7, {}, [1]]) assert.throws(
    () => reader.feed(piece), TypeError
  );
  for (const provider of [undefined, null, 7, '', 'none', {}, 'a\0']) {
    assert.throws(() => new OutputReader(provider), wakelog.WakelogError);
  }
  reader.feed(Buffer.alloc(3 << 20, 0x78));
  assert.equal(reader.end().sessionId, null);
});

test('facts are classified', () => {
  const dead = classify({
    provider: 'claude', exitCode: 1, stderr: 'No conversation found with session ID: x',
  });
  assert.deepEqual([dead.kind, dead.family], ['unknownSession', 'session']);
  assert.equal(classify({ exitCode: 0, stdout: 'done', turns: 1 }).kind, null);
  assert.throws(() => classify({ colour: 1 }), { code: 'invalidParameter', field: 'colour' });
  // A program's text is taken as it is; half a character does not refuse the fact.
  assert.equal(classify({ exitCode: 1, turns: 0, stderr: '\ud800' }).kind, 'unclassified');
  assert.throws(() => classify({ provider: '\ud800' }), {
    code: 'invalidParameter', field: 'provider',
  });
});
