import { Engine } from 'wakelog';
import { ArchonSessions } from 'wakelog/adapters/archon';
import { OpenClawSessions } from 'wakelog/adapters/openclaw';
import { PaperclipSessions, sessionKey } from 'wakelog/adapters/paperclip';

async function paperclip(log: Engine): Promise<void> {
  const sessions = new PaperclipSessions(log);
  const agent = { id: 'ada', companyId: 'acme', adapterType: 'gemini_local' };
  const begun = await sessions.begin({
    agent, taskKey: 'T-7', invocationSource: 'timer', context: { wakeReason: 'heartbeat_timer' },
    workspace: { cwd: '/srv', source: 'agent_home' },
  });
  if (begun.disposition !== 'started') return;
  const done = await sessions.execute(begun, ({ sessionId, cwd }) => ({
    exitCode: cwd ? 0 : 1, sessionParams: { sessionId },
  }));
  if (done.promoteDeferred) await sessions.promote(agent, 'T-7');
  if ((await sessions.runtimeState('ada')).replaceable) await sessions.resetRuntimeSession('ada');
  sessionKey(agent, null).concat(done.status, done.session.taskKey);
}

async function openclaw(log: Engine): Promise<void> {
  const sessions = new OpenClawSessions(log);
  const begun = await sessions.begin({
    sessionKey: 'k', agentId: 'main', provider: 'claude-cli', trigger: 'user',
    config: { authEpoch: 4 }, hasTranscript: async () => undefined,
  });
  if (begun.disposition !== 'started') return;
  const { binding } = await sessions.runAgentAttempt(begun, async ({ cliSessionId }) => ({
    text: cliSessionId ?? '', exitCode: 0,
  }));
  await sessions.reset('k', binding ? 'new' : 'reset');
  await sessions.update('gateway', '2', { stage() {}, verify() {}, swap() {} });
}

async function archon(log: Engine): Promise<void> {
  const sessions = new ArchonSessions(log);
  await sessions.transitionSession('c', 'plan-to-execute');
  const turn = await sessions.turn(
    { conversationId: 'c', agent: 'archon', provider: 'claude', prompt: 'hi' },
    async function* (prompt, cwd, id) {
      yield { type: 'assistant', content: prompt };
      yield { type: 'result', ...(id && { sessionId: id }), resumed: cwd !== undefined };
    },
    (chunk) => { chunk.type.length; });
  (await sessions.getSessionChain('c')).push();
  turn.session?.assistant_session_id?.concat(turn.failure?.kind ?? '');
}

paperclip.length + openclaw.length + archon.length;
