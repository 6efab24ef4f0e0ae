// Wakelog in Paperclip: what `server/src/services/heartbeat.ts` decides about sessions, decided
// from the log. paperclip.md says what to change in the host, file by file.

import { runAttempts } from './attempts.js';

const sources = {
  timer: 'timer', assignment: 'assignment', on_demand: 'manual', automation: 'event',
};
const wakeupStatuses = {
  started: 'claimed', coalesced: 'coalesced', deferred: 'deferred_issue_execution',
  refused: 'skipped',
};
const runStatuses = {
  succeeded: 'succeeded', failed: 'failed', timedOut: 'timed_out', cancelled: 'cancelled',
  interrupted: 'interrupted', superseded: 'cancelled',
};

/** `gemini_local` is the CLI `gemini`; other adapters keep their own name. */
const providerOf = (adapterType) => adapterType.replace(/_local$/, '');

/** The row of agent_task_sessions that a key stands for. */
export function sessionKey(agent, taskKey) {
  return [agent.companyId, agent.id, agent.adapterType, taskKey ?? '__none__'].join('/');
}

export class PaperclipSessions {
  #log;

  /** @param log an engine or client, opened with the policy `paperclip` */
  constructor(log) {
    this.#log = log;
  }

  /**
   * In place of `shouldResetTaskSessionForWake`, `resolveTaskSessionConfigFreshness`,
   * `evaluateSessionCompaction`, `resolveRuntimeSessionParamsForWorkspace` and the order in which
   * `executeRun` tries them.
   */
  async begin({ agent, taskKey, invocationSource, context, workspace, fingerprint }) {
    const key = sessionKey(agent, taskKey);
    const woken = await this.#log.wake({
      session: key,
      agent: agent.id,
      provider: providerOf(agent.adapterType),
      source: sources[invocationSource] ?? 'event',
      reason: context.wakeReason,
      // Scoped by what the wake itself names, without the synthetic `__heartbeat__`.
      scope: context.taskKey || context.taskId || context.issueId || undefined,
      workspace: workspace && {
        path: workspace.cwd, kind: workspace.source === 'agent_home' ? 'home' : 'project',
      },
      forceFresh: context.forceFreshSession === true,
      resume: context.resumeSessionParams?.sessionId ?? context.resumeSessionDisplayId,
      fingerprint,
    });
    return { ...woken, key, wakeupStatus: wakeupStatuses[woken.disposition] };
  }

  /**
   * In place of the retry inside each adapter, `resolveNextSessionState`, `updateRuntimeState` and
   * `upsertTaskSession`. `execute` is the adapter's, called with what it was called with before.
   */
  async execute(begun, execute) {
    let adapterResult;
    const { end, error } = await runAttempts(this.#log, begun, async (plan) => {
      adapterResult = undefined;
      const { sessionId, params, workspace } = plan;
      const place = workspace && { cwd: workspace.path };
      adapterResult = await execute({
        sessionId,
        sessionParams: sessionId && { ...params, sessionId, ...place },
        sessionDisplayId: sessionId,
        ...place,
      });
      return factsOf(adapterResult);
    });
    return {
      adapterResult, error,
      status: runStatuses[end.outcome],
      session: taskSessionRow(end.session),
      promoteDeferred: end.pending,
    };
  }

  /** The deferred wake, when `releaseIssueExecutionAndPromote` is to start it. */
  async promote(agent, taskKey) {
    const key = sessionKey(agent, taskKey);
    const woken = await this.#log.next({ session: key });
    return { ...woken, key, wakeupStatus: wakeupStatuses[woken.disposition] };
  }

  /** In place of `resetRuntimeSession`. A run in flight can no longer write its session back. */
  async resetRuntimeSession(agentId, { taskKey, agent } = {}) {
    const keys = taskKey ? [sessionKey(agent, taskKey)] : [];
    if (!taskKey) {
      for await (const session of this.#log.sessions({ agent: agentId })) keys.push(session.key);
    }
    for (const session of keys) await this.#log.reset({ session, because: 'resetRuntimeSession' });
  }

  /** The row of agent_runtime_state, for the API and `finalizeAgentStatus`. */
  async runtimeState(agentId) {
    const agent = await this.#log.agent({ agent: agentId });
    return {
      agentStatus: agent.status === 'failing' ? 'error' : agent.status,
      lastRunStatus: runStatuses[agent.lastRunStatus] ?? null,
      lastError: agent.lastError && `${agent.lastError.kind}: ${agent.lastError.because}`,
      // Whether to hire another: only for what is the agent's own fault.
      replaceable: agent.replaceable,
    };
  }
}

/** An `AdapterExecutionResult` as facts. */
function factsOf(result) {
  return {
    outcome: result.timedOut ? 'timedOut' : undefined,
    exitCode: result.exitCode,
    signal: result.signal,
    message: result.errorMessage,
    errorCode: result.errorCode || undefined,
    stdout: result.resultJson?.stdout,
    stderr: result.resultJson?.stderr,
    turns: result.resultJson?.num_turns,
    sessionId: (result.sessionParams?.sessionId ?? result.sessionId) || undefined,
    displayId: result.sessionDisplayId || undefined,
    params: result.sessionParams,
    usage: result.usage && {
      inputTokens: result.usage.inputTokens,
      outputTokens: result.usage.outputTokens,
      costMicros: result.costUsd == null ? undefined : Math.round(result.costUsd * 1e6),
    },
  };
}

/** A row of agent_task_sessions. */
function taskSessionRow({ key, bound, lastError }) {
  return {
    taskKey: key.split('/').slice(3).join('/'),
    sessionParamsJson: bound && { ...bound.params, sessionId: bound.sessionId },
    sessionDisplayId: bound && (bound.displayId ?? bound.sessionId),
    lastError: lastError && `${lastError.kind}: ${lastError.because}`,
  };
}
