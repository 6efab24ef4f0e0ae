// Wakelog in OpenClaw: what `resolveCliSessionReuse`, `runAgentAttempt`, the cron runner and the
// updater decide about CLI sessions, decided from the log. openclaw.md says what to change in the
// host, file by file.

import { runAttempts } from './attempts.js';

/** The providers of the host by the names of their CLIs. */
const providers = { 'claude-cli': 'claude', 'codex-cli': 'codex', 'google-gemini-cli': 'gemini' };
const providerOf = (provider) => providers[provider] ?? provider;

/** Where a wake comes from: `trigger` of the run, and system providers of `initSessionState`. */
const sources = {
  user: 'message', heartbeat: 'timer', cron: 'cron', 'cron-event': 'event', 'exec-event': 'event',
  manual: 'manual', recovery: 'recovery',
};

/** The verdicts under the names of the host's `invalidatedReason`. */
const reasons = { transcript: 'missing-transcript', fingerprint: 'config', reset: 'reset' };

export class OpenClawSessions {
  #log;

  /** @param log an engine or client, opened with the policy `openclaw` */
  constructor(log) {
    this.#log = log;
  }

  /**
   * In place of `resolveCliSessionReuse` and the probe in front of it, on every path that starts a
   * run. `hasTranscript` is `claudeCliSessionTranscriptHasContent`, asked about the id that would
   * be resumed; left out, or without an answer, nothing is assumed.
   */
  async begin({
    sessionKey, agentId, provider, trigger, resetTrigger, workspaceDir, config, hasTranscript,
    leavesSession = true,
  }) {
    const wake = {
      session: sessionKey,
      agent: agentId,
      provider: providerOf(provider),
      source: sources[trigger] ?? 'event',
      reason: resetTrigger,
      workspace: workspaceDir && { path: workspaceDir, kind: 'project' },
      fingerprint: config,
      resumable: leavesSession,
    };
    const bound = leavesSession && hasTranscript ? await this.#bound(sessionKey) : undefined;
    const seen = bound && await hasTranscript(bound);
    // Of the id that was looked at: the key may point to another one by now.
    const woken = await this.#log.wake(
      typeof seen === 'boolean' ? { ...wake, transcripts: { [bound]: seen } } : wake);
    return { ...woken, sessionKey, reuse: reuseOf(woken.plan) };
  }

  async #bound(session) {
    try {
      return (await this.#log.session({ session })).bound?.sessionId;
    } catch (error) {
      if (error.code === 'notFound') return undefined;
      throw error;
    }
  }

  /**
   * In place of `runAgentAttempt`'s retry and of the one inside `runPreparedCliAgent`.
   * `runCliAgent` is the host's, called for one attempt; a `FailoverError` that it throws is an end
   * like others.
   */
  async runAgentAttempt(begun, runCliAgent) {
    let result;
    const { end, error } = await runAttempts(this.#log, begun, async (plan) => {
      result = undefined;
      try {
        result = await runCliAgent({
          cliSessionId: plan.sessionId ?? undefined, workspaceDir: plan.workspace?.path,
        });
      } catch (thrown) {
        if (thrown?.name !== 'FailoverError') throw thrown;
        return factsOfFailover(thrown);
      }
      return factsOf(result);
    });
    const { outcome, failure, session } = end;
    return { result, error, outcome, failure, binding: bindingOf(session) };
  }

  /** In place of `performGatewaySessionReset`, `/new`, `/reset`: one event, whatever the path. */
  async reset(sessionKey, reason) {
    await this.#log.reset({ session: sessionKey, because: reason });
    return this.binding(sessionKey);
  }

  /** In place of reading `cliSessionBindings`, `cliSessionIds` and `claudeCliSessionId`. */
  async binding(sessionKey) {
    return bindingOf(await this.#log.session({ session: sessionKey }));
  }

  /**
   * Around `runGlobalPackageUpdateSteps`: no version is swapped in that was not verified, and a
   * gateway that starts on half of one is told which to run.
   */
  async update(host, to, { stage, verify, swap }) {
    const step = (name, detail) => this.#log.upgrade({ host, to, step: name, detail });
    await step('staged');
    try {
      await stage();
      await verify();
    } catch (error) {
      const detail = String(error?.message ?? error).slice(0, 256);
      const { use } = await step('failed', detail || undefined);
      return { swapped: false, use, error };
    }
    await step('verified');
    await swap();
    return { swapped: true, use: (await step('swapped')).use };
  }

  /** At the start of the gateway: runs of the process before end, an update is picked up. */
  start(host, version) {
    return this.#log.host({ host, version });
  }
}

/** The decision in the shape that `cli exec:` logs. */
function reuseOf(plan) {
  if (!plan) return null;
  if (plan.mode === 'resume') {
    const drift = plan.drift.length > 0 ? `reusable-drift:${plan.drift.join(',')}` : 'reusable';
    return { sessionId: plan.sessionId, reuse: drift };
  }
  const refused = plan.considered.find((one) => one.verdict !== 'offered');
  const cause = refused?.verdict ?? plan.reset?.because;
  if (cause === undefined) return { reuse: 'none' };
  const invalidatedReason = reasons[cause] ?? cause;
  return { reuse: `invalidated:${invalidatedReason}`, invalidatedReason };
}

function factsOf(result) {
  return {
    exitCode: result.exitCode ?? 0,
    stdout: result.text,
    stderr: result.stderr,
    sessionId: result.cliSessionId || undefined,
    turns: result.numTurns,
    usage: result.usage && { inputTokens: result.usage.input, outputTokens: result.usage.output },
  };
}

/** A `FailoverError`. Its `reason` is a guess from the text, so the text is passed on instead. */
function factsOfFailover(error) {
  return {
    outcome: error.reason === 'timeout' ? 'timedOut' : 'failed',
    message: error.message,
    stderr: error.rawError ?? undefined,
    status: error.status,
    errorCode: error.code || undefined,
    turns: error.numTurns,
  };
}

function bindingOf({ bound }) {
  return bound && { sessionId: bound.sessionId, generation: bound.generation };
}
