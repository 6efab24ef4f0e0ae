// A stand-in for the parts of Paperclip that decide about sessions, with the host's own names
// (server/src/services/heartbeat.ts), for the incidents of issue 6608 and pull request 1907. Its own
// logic is as those threads describe it. Given `sessions`, it is patched as paperclip.md says.

import { sessionKey } from '../../../../Sources/Bindings/node/adapters/paperclip.js';

export class Heartbeat {
  agentTaskSessions = new Map();
  agentRuntimeState = new Map();
  runs = [];

  constructor({ adapters, sessions = null, bypassesReset = false }) {
    this.adapters = adapters;
    this.sessions = sessions;
    this.bypassesReset = bypassesReset;
  }

  deriveTaskKeyWithHeartbeatFallback(context) {
    return context.taskKey || context.taskId || context.issueId
      || (context.wakeSource === 'timer' ? '__heartbeat__' : null);
  }

  shouldResetTaskSessionForWake(context) {
    return context.forceFreshSession === true || context.wakeReason === 'issue_assigned';
  }

  readRuntimeStateSessionSnapshot(agent) {
    return this.agentRuntimeState.get(agent.id)?.sessionParams ?? null;
  }

  async executeRun({ agent, invocationSource, context, workspace }) {
    const execute = this.adapters[agent.adapterType];
    const taskKey = this.deriveTaskKeyWithHeartbeatFallback(context);
    if (this.sessions) {
      const begun = await this.sessions.begin({
        agent, taskKey, invocationSource, context, workspace,
      });
      if (begun.disposition !== 'started') return { wakeupStatus: begun.wakeupStatus };
      const done = await this.sessions.execute(begun, (runtime) => execute({
        runtime, cwd: runtime.cwd ?? workspace.cwd,
      }));
      const run = { status: done.status, session: done.session };
      this.runs.push(run);
      return run;
    }

    const key = sessionKey(agent, taskKey);
    const row = this.agentTaskSessions.get(key);
    const resets = this.shouldResetTaskSessionForWake(context);
    let previous = resets ? null : row?.sessionParamsJson ?? null;
    // What the first version of pull request 1907 did: the agent's last session, whatever was reset.
    if (!previous && this.bypassesReset) previous = this.readRuntimeStateSessionSnapshot(agent);
    const result = await execute({
      runtime: { sessionId: previous?.sessionId ?? null, sessionParams: previous }, cwd: workspace.cwd,
    });
    const status = result.timedOut ? 'timed_out'
      : (result.exitCode ?? 0) === 0 && !result.errorMessage ? 'succeeded' : 'failed';
    const next = this.resolveNextSessionState({ adapterResult: result, previousParams: previous });
    this.agentTaskSessions.set(key, { sessionParamsJson: next.params });
    this.updateRuntimeState(agent, status, result, next);
    const run = { status, session: { sessionParamsJson: next.params } };
    this.runs.push(run);
    return run;
  }

  /** The outcome is not looked at: what the result does not say stays as it was. */
  resolveNextSessionState({ adapterResult, previousParams }) {
    if (adapterResult.clearSession) return { params: null };
    return {
      params: adapterResult.sessionParams === undefined ? previousParams : adapterResult.sessionParams,
    };
  }

  updateRuntimeState(agent, status, result, next) {
    this.agentRuntimeState.set(agent.id, {
      lastRunStatus: status, lastError: result.errorMessage ?? null, sessionParams: next.params,
      agentStatus: status === 'succeeded' ? 'idle' : 'error',
    });
  }
}

/** The text of a session that is gone, as `isGeminiUnknownSessionError` knew it. */
const knownText = /unknown session|session .* not found|resume .* not found/i;

/** The adapter `gemini_local` over a CLI whose sessions are `store`; `retries` is its own retry. */
export function geminiLocal(store, { retries }) {
  const attempt = ({ sessionId }) => {
    store.calls.push(sessionId);
    if (sessionId !== null && !store.sessions.has(sessionId)) {
      const stderr = `Error resuming session: Invalid session identifier "${sessionId}".\n`
        + '  Use --list-sessions to see available sessions.';
      return { exitCode: 42, errorMessage: 'Gemini exited with code 42', resultJson: {
        stderr, num_turns: 0,
      } };
    }
    const id = sessionId ?? store.mint();
    store.sessions.add(id);
    return { exitCode: 0, sessionParams: { sessionId: id }, resultJson: {
      stdout: 'done', num_turns: 4,
    } };
  };
  return ({ runtime }) => {
    const first = attempt(runtime);
    if (!retries || runtime.sessionId === null || first.exitCode === 0) return first;
    return knownText.test(first.resultJson.stderr) ? attempt({ sessionId: null }) : first;
  };
}

/** The adapter `opencode_local`: a session may touch only the directory that it was made in. */
export function opencodeLocal(store) {
  return ({ runtime, cwd }) => {
    store.calls.push({ sessionId: runtime.sessionId, cwd });
    const id = runtime.sessionId ?? store.mint();
    const home = store.sessions.get(id) ?? cwd;
    store.sessions.set(id, home);
    if (home !== cwd) {
      const stderr = `Error: permission denied: external_directory ${home}`;
      return {
        exitCode: 1, errorMessage: stderr, resultJson: { stderr, num_turns: 2 },
        sessionParams: { sessionId: id, cwd },
      };
    }
    return { exitCode: 0, resultJson: { stdout: 'done', num_turns: 9 }, sessionParams: {
      sessionId: id, cwd,
    } };
  };
}
