// A CLI that stands in for Claude Code, and hosts that run it.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, pause, wakelog } from './support.js';

/** Prints as Claude Code does; `MODE` says what becomes of it. */
const script = `#!/bin/bash
cd "$PLACE"
id=fresh-$$
while [ $# -gt 0 ]; do
  [ "$1" = --resume ] && { id="$2"; resumed="$2"; }
  shift
done
echo "\${resumed:-none} $TEXT" >> calls
init() { echo '{"type":"system","subtype":"init","session_id":"'$id'"}'; }
say() { echo '{"type":"assistant","message":{"content":[{"type":"text","text":"'"$1"'"}]}}'; }
result() {
  echo '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"'$id'",'\\
'"result":"","usage":{"input_tokens":3,"output_tokens":2}}'
}
note() { echo "$* ." >> pids; }
case "$MODE" in
  hang) note $$; init; exec sleep 60 ;;
  silent) note $$; exec sleep 60 ;;
  slow) sleep 1 ;;
  stubborn) trap '' TERM; note $$; init; while :; do sleep 0.05; done ;;
  grandchild) sleep 60 & note $$ $!; init; wait ;;
  dead) if [ -n "$resumed" ]; then
      echo "No conversation found with session ID: $resumed" >&2; exit 1
    fi ;;
  exit) exit "$CODE" ;;
  huge) init; yes "$(say "$(printf '%0100d' 0)")" | head -20000; result; exit ;;
  burst) note $$; printf '%s\\n%s\\n%s\\n' "$(init)" "$(say one)" "$(say two)"; sleep 60 ;;
  unfinished) init
    printf %s '{"type":"assistant","message":{"content":[' \\
      '{"type":"text","text":"a"},{"type":"text","text":"b"}]}}'; exit ;;
  gate) note $$; init; while [ ! -e go ]; do sleep 0.02; done ;;
  input) init; say "$NAME $(cat) \${HOME-none} $(basename "$OLDPWD")"; result; exit ;;
esac
init; say "you said \${TEXT//$'\\n'/+}"; result
`;

/** A place with the CLI in it. */
export function place(test) {
  const path = folder(test);
  writeFileSync(join(path, 'claude'), script);
  chmodSync(join(path, 'claude'), 0o755);
  return {
    path,
    log: join(path, 'log'),
    read: (name) => (existsSync(join(path, name)) ? readFileSync(join(path, name), 'utf8') : ''),
    write: (name, text) => writeFileSync(join(path, name), text),
    /** The processes that the CLI wrote down, waited for. */
    async pids() {
      await until(() => this.read('pids').endsWith('.\n'));
      return this.read('pids').split(/\s+/).filter((word) => /^\d+$/.test(word)).map(Number);
    },
    environment: (mode, text) => ({
      PATH: `${path}:${process.env.PATH}`, PLACE: path, MODE: mode ?? '', TEXT: text ?? '',
    }),
  };
}

/** A host whose CLI does what `mode` says, which may change. */
export async function host(test, options = {}) {
  const where = place(test);
  const agent = { mode: '', environment: {} };
  const call = (turn) => ({
    command: ['claude', '-p', turn.text, '--output-format', 'stream-json', '--verbose'],
    environment: { ...where.environment(agent.mode, turn.text), ...agent.environment },
  });
  const opened = await wakelog.Host.open({
    log: where.log, name: 'gateway', agent: 'ada', provider: 'claude',
    ...(options.run ? {} : { command: call }), ...options,
  });
  test.after(() => opened.close().catch(() => {}));
  return {
    host: opened, place: where, agent, call,
    answer: (text, more) => opened.turn('chat', text, more).finished(),
    session: () => opened.engine.session({ session: 'chat' }),
    lastRun: async () => (await opened.engine.session({ session: 'chat' })).lastRun,
    expectGone: async () => {
      const pids = await where.pids();
      await until(() => !pids.some(lives));
    },
  };
}

/** Whether a process lives; one that has ended may not have been asked for its status. */
export function lives(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until something comes true, and fails after twenty seconds. */
export async function until(isTrue) {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await isTrue()) return;
    await pause(20);
  }
  throw new Error(`it does not come true: ${isTrue}`);
}

/** The error that a promise rejects with. */
export const errorOf = (promise) => promise.then(
  (value) => { throw new Error(`it gave ${JSON.stringify(value)}`); }, (error) => error);
