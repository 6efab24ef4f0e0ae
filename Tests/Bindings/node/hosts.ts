import { Engine, Host, RefusedError, RunFailedError } from 'wakelog';
import type { AgentCall, HostOptions, InterruptedRun, Piece, Turn, TurnOptions } from 'wakelog';

async function main(): Promise<void> {
  const options: HostOptions = {
    log: 'x', name: 'gateway-1', agent: 'main', provider: 'claude', workspace: '/srv/app',
    command: (turn) => ['claude', '-p', turn.text], lease: 60, timeout: 900, policy: 'paperclip',
    takeOver: true,
  };
  const host = await Host.open(options);
  for (const run of host.interrupted) await again(host, run);
  for await (const piece of host.turn('chat', 'hi', { key: 'update-7', source: 'message' })) {
    if (piece.text) piece.text.length;
    show(piece);
  }
  const turn = host.turn('chat', null, { check: false, signal: new AbortController().signal });
  const text: string = await (await turn.begin()).finished();
  const kind: string | null = turn.result?.failure?.kind ?? turn.failure;
  const count: number = await host.turn('chat', text, { wait: 0 }, async (inner) => {
    for await (const _ of inner) break;
    return inner.payloads.length;
  });
  await host.turn('chat', 'hi', (inner) => inner.finished());
  const others: TurnOptions = {
    agent: 'bob', provider: { name: 'mine' }, workspace: { path: '/x' }, forceFresh: true,
    run: async function* (inner: Turn) {
      await inner.report({ sessionId: inner.sessionId ?? 'new', entered: true });
      yield `${inner.text} ${kind} ${count}`;
      yield { kind: 'tool', name: 'look', input: null };
      if (inner.signal?.aborted) return;
      await inner.finish({ usage: { inputTokens: 3 } });
    },
  };
  try {
    await host.turn('chat', 'hi', others).finished();
  } catch (error) {
    if (error instanceof RunFailedError) error.result.session.key.concat(error.outcome);
    if (error instanceof RefusedError && error.because === 'paused') throw error.cause;
  }
  const call: AgentCall = {
    command: ['claude'], environment: { HOME: null, X: 'y' }, input: 'z', directory: '/',
  };
  const engine: Engine = host.engine;
  const other = await Host.over(engine, {
    agent: 'a', provider: 'p', command: async () => call, endsRuns: true, orphans: 'end',
  });
  const stopped: boolean = await other.stop('chat');
  if (stopped) (await host.reset('chat', { because: 'new' })).generation.toFixed();
  await turn.stop();
  await turn.check();
  await turn.close();
  await host.close();
}

async function again(host: Host, run: InterruptedRun): Promise<void> {
  if (await run.isAlive()) await run.endOrphan();
  for (const payload of run.payloads) await host.turn(run.session, payload).finished();
}

function show(piece: Piece): string {
  switch (piece.kind) {
    case 'text': return piece.text;
    case 'tool': return piece.name;
    case 'usage': return String(piece.usage.inputTokens);
    case 'raw': return JSON.stringify(piece.document);
  }
}

main();
