import {
  Client, Engine, OutputReader, StaleFenceError, WakelogError, classify, command, providers,
} from 'wakelog';
import type { Plan, Session, WakelogEvent } from 'wakelog';

async function host(log: Engine | Client): Promise<Session> {
  const woken = await log.wake({
    session: 's', agent: 'a', provider: 'claude', source: 'message', at: new Date(), resume: null,
    workspace: { path: '/srv', kind: 'project' }, fingerprint: { model: 'm' }, transcripts: {
      x: false,
    },
  });
  if (woken.disposition !== 'started') {
    const why: string | null = woken.disposition === 'refused' ? woken.because : null;
    throw new Error(why ?? woken.disposition);
  }
  const fence: string = woken.fence;
  const plan: Plan = woken.plan;
  const said = new OutputReader('claude').feed(new Uint8Array([10]));
  await log.progress({ attempt: woken.attempt, fence, entered: true, sessionId: said.sessionId });
  const end = await log.finish({
    attempt: woken.attempt, fence, exitCode: 0, turns: said.turns, usage: said.usage, params: { a: [
      1, null,
    ] },
  });
  if (end.next) plan.sessionId?.concat(String(end.next.plan.generation));
  if (end.failure?.family === 'session') await log.check({ session: 's', fence });
  await log.flush({ session: 's', fence, from: 0, to: 4 });
  const next = await log.next({ session: 's' });
  if (next.disposition === 'started') await log.abandon({ run: next.run, by: 'me', why: 'test' });
  await log.cancel({ session: 's', by: 'me' });
  await log.reset({ session: 's', because: 'new', ifGeneration: 1 });
  await log.probe({ session: 's', sessionId: 'x', exists: false });
  await log.host({ host: 'h', version: '1' });
  await log.upgrade({ host: 'h', to: '2', step: 'staged' });
  await log.pause({ agent: 'a' });
  await log.unpause({ agent: 'a', key: 'k' });
  await log.repair({
    session: 's', expect: { lastRun: 'superseded' }, set: { sessionId: null }, by: 'me', why: 'x',
  });
  await log.redact({ seq: 1, by: 'me', why: 'private' });
  await log.policy({ adopt: { name: 'mine', reset: { rotate: { runs: 3 } } } });
  const { policy } = await log.policy();
  const hour: number | null = policy.reset.dailyAtHour;
  const run = await log.run({ run: 3 });
  run.attempts.map((one) => one.asked ?? hour);
  for (const one of await log.attention()) one.kind.length;
  (await log.why({ session: 's' })).events.length + (await log.why({ seq: 3 })).answer.length;
  const page = await log.sessions({ limit: 3, status: 'queued' });
  const after: string | null = page.after;
  for await (const agent of log.agents({ after })) agent.replaceable.valueOf();
  const seen: WakelogEvent[] = [];
  for await (const event of log.events({ from: 3 })) seen.push(event);
  for await (const event of log.subscribe({ from: 3, signal: new AbortController().signal })) seen.push(event);
  (await log.hello()).version.length;
  await log.agent({ agent: 'a' });
  await log.call('session', { session: 's' });
  await log.close();
  return end.session;
}

async function main(): Promise<void> {
  const engine = await Engine.open({ log: 'x', host: 'h', policy: 'paperclip', readOnly: false });
  const other = Engine.openSync({ log: 'y', host: null });
  const client = await Client.spawn({ log: 'x', host: 'h', tool: 'wakelog' });
  try {
    const session = await host(engine);
    const id: string | undefined = session.bound?.sessionId;
    await host(await Client.connect(id ?? '/run/wakelog'));
    const woken = other.wakeSync({ session: 's', agent: 'a', provider: 'p', source: 'timer' });
    if (woken.disposition === 'started') other.finishSync({
      attempt: woken.attempt, fence: woken.fence,
    });
    other.callSync('hello');
    await client.close();
  } catch (error) {
    if (error instanceof StaleFenceError) error.code.length;
    if (error instanceof WakelogError) throw new Error(error.field, { cause: error.cursor });
  }
  const words: string[] = command({ provider: 'claude', command: ['claude'], newId: 'x' }).command;
  const kind = classify({ exitCode: 1, stderr: 'x' }).kind;
  if (kind === 'unknownSession') providers().concat([{ words }]);
}

main();
