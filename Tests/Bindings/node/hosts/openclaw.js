// A stand-in for the parts of OpenClaw that decide about CLI sessions, with the host's own names
// (src/agents/cli-session.ts, src/agents/command/attempt-execution.ts, src/cron, the updater), for
// issue 77011 and pull request 77104. Its own logic is as of 2026.5.2, as those threads describe it.
// Given `sessions`, it is patched as openclaw.md says.

export class FailoverError extends Error {
  name = 'FailoverError';

  constructor(message, reason, about = {}) {
    super(message);
    this.reason = reason;
    Object.assign(this, about);
  }
}

export class Gateway {
  /** sessions.json */
  store = {};
  minutesWaited = 0;

  constructor({ cli, sessions = null }) {
    this.cli = cli;
    this.sessions = sessions;
  }

  setCliSessionBinding(entry, provider, binding) {
    entry.cliSessionBindings = { ...entry.cliSessionBindings, [provider]: binding };
  }

  resolveCliSessionReuse({ binding, authProfileId }) {
    if (!binding?.sessionId) return {};
    if (binding.authProfileId !== authProfileId) return { invalidatedReason: 'auth-profile' };
    return { sessionId: binding.sessionId };
  }

  async runCliAgent({ cliSessionId, workspaceDir }) {
    const result = this.cli({ cliSessionId, workspaceDir });
    this.minutesWaited += result.minutes ?? 0;
    if (result.failure) throw new FailoverError(result.failure, result.reason, result);
    return result;
  }

  /** One message to a session. */
  async reply(sessionKey, { provider = 'claude-cli', trigger = 'user', hasTranscript } = {}) {
    if (this.sessions) {
      const begun = await this.sessions.begin({
        sessionKey, agentId: 'main', provider, trigger, workspaceDir: '/ws', hasTranscript,
        config: { authProfile: 'anthropic' },
      });
      if (begun.disposition !== 'started') return { status: begun.disposition };
      const run = await this.sessions.runAgentAttempt(begun, (params) => this.runCliAgent(params));
      return { status: run.outcome === 'succeeded' ? 'done' : 'failed', reuse: begun.reuse.reuse };
    }
    const entry = this.store[sessionKey] ??= {};
    const binding = entry.cliSessionBindings?.[provider];
    const reuse = this.resolveCliSessionReuse({ binding, authProfileId: 'anthropic' });
    try {
      const result = await this.runCliAgent({ cliSessionId: reuse.sessionId, workspaceDir: '/ws' });
      this.setCliSessionBinding(entry, provider, {
        sessionId: result.cliSessionId, authProfileId: 'anthropic',
      });
      return { status: 'done' };
    } catch (error) {
      // The retry has no access to the store: the binding stays.
      if (error.reason === 'session_expired') await this.runCliAgent({ workspaceDir: '/ws' });
      return { status: 'failed' };
    }
  }

  /** A cron job that only runs a shell command. */
  async cronShell(jobId, command) {
    const sessionKey = `agent:main:cron:${jobId}`;
    if (this.sessions) {
      const begun = await this.sessions.begin({
        sessionKey, agentId: 'main', provider: 'claude-cli', trigger: 'cron', leavesSession: false,
      });
      if (begun.reuse.reuse !== 'none') throw new Error('a shell command resumes no session');
      const run = await this.sessions.runAgentAttempt(
        begun, () => ({ text: command(), exitCode: 0 }));
      return run.outcome;
    }
    // Registered before anything has a transcript.
    const entry = this.store[sessionKey] ??= {
      sessionId: `cron-${jobId}`, sessionFile: `cron-${jobId}.jsonl`,
    };
    this.setCliSessionBinding(entry, 'claude-cli', {
      sessionId: entry.sessionId, authProfileId: 'anthropic',
    });
    return command() && 'succeeded';
  }

  async resumable(sessionKey) {
    if (this.sessions) return (await this.sessions.binding(sessionKey))?.sessionId ?? null;
    return this.store[sessionKey]?.cliSessionBindings?.['claude-cli']?.sessionId ?? null;
  }
}

/**
 * The CLI `claude`, as a gateway sees it: a resume of a session whose transcript is gone hangs until
 * the gateway's five minutes are over.
 */
export function claudeCli() {
  const transcripts = new Set();
  const calls = [];
  const run = ({ cliSessionId }) => {
    calls.push(cliSessionId ?? null);
    if (cliSessionId && !transcripts.has(cliSessionId)) {
      return {
        failure: 'CLI produced no output for 300s and was terminated.', reason: 'timeout',
        minutes: 5,
      };
    }
    const id = cliSessionId ?? `cli-${calls.length}`;
    transcripts.add(id);
    return { text: 'hello', cliSessionId: id, exitCode: 0, numTurns: 1 };
  };
  return Object.assign(run, { transcripts, calls });
}
