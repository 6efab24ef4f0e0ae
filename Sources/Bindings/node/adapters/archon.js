// Wakelog in Archon: `db/sessions.ts` as a projection of the log, and one turn for both the stream
// and the batch handler of `orchestrator-agent.ts`. archon.md says what to change in the host.

import { runAttempts } from './attempts.js';

export class ArchonSessions {
  #log;

  /** @param log an engine or client, opened with the policy `archon` */
  constructor(log) {
    this.#log = log;
  }

  /** `getActiveSession`: the row that the conversation's key stands for, or null. */
  async getActiveSession(conversationId) {
    const session = await this.#find(conversationId);
    return session?.bound ? rowOf(session) : null;
  }

  /** `transitionSession`: the next turn starts fresh, save on the first message, which it does. */
  async transitionSession(conversationId, reason) {
    if (reason !== 'first-message') await this.deactivateSession(conversationId, reason);
  }

  /** `deactivateSession`: nothing of before is resumed, or written by a turn still under way. */
  async deactivateSession(conversationId, reason) {
    if (await this.#find(conversationId)) {
      await this.#log.reset({ session: conversationId, because: reason });
    }
  }

  /** `getSessionChain`: every id that the conversation ever had, across resets. */
  async getSessionChain(conversationId) {
    const chain = [];
    for await (const event of this.#log.events({ session: conversationId })) {
      if (event.kind !== 'session.bound') continue;
      chain.push({
        assistant_session_id: event.identity.sessionId,
        generation: event.generation,
        started_at: event.at,
      });
    }
    return chain;
  }

  /**
   * A turn, in place of what `handleStreamMode` and `handleBatchMode` each do with ids, and of
   * `tryPersistSessionId`. `sendQuery` is the provider's; `onChunk` gets its chunks except results.
   */
  async turn(options, sendQuery, onChunk) {
    const { conversationId, agent, provider, prompt, cwd, isWorktree = false } = options;
    const woken = await this.#log.wake({
      session: conversationId,
      agent,
      provider,
      source: 'message',
      workspace: cwd && { path: cwd, kind: isWorktree ? 'worktree' : 'project' },
    });
    // One turn at a time: the conversation lock of the host has said so already.
    if (woken.disposition !== 'started') return { ...woken, result: null };
    let result;
    const { end, error } = await runAttempts(this.#log, woken, async (plan) => {
      result = null;
      const place = plan.workspace?.path ?? cwd;
      for await (const chunk of sendQuery(prompt, place, plan.sessionId ?? undefined)) {
        if (chunk.type === 'result') result = chunk;
        else await onChunk(chunk);
      }
      return factsOf(result);
    });
    return {
      disposition: woken.disposition, outcome: end.outcome, failure: end.failure, result, error,
      session: rowOf(end.session),
    };
  }

  async #find(session) {
    try {
      return await this.#log.session({ session });
    } catch (error) {
      if (error.code === 'notFound') return null;
      throw error;
    }
  }
}

/** A result chunk as facts. The SDK's stop sequence, an error of subtype `success`, is none. */
function factsOf(result) {
  if (result === null) return { outcome: 'failed', message: 'the provider gave no result' };
  const hasFailed = result.isError === true && result.errorSubtype !== 'success';
  const words = [...(result.errors ?? []), result.errorSubtype].filter(Boolean);
  return {
    outcome: hasFailed ? 'failed' : 'succeeded',
    sessionId: result.sessionId || undefined,
    message: hasFailed ? words.join('\n') : undefined,
    turns: result.numTurns,
    // `resumed` is stamped on errors too, and says nothing there.
    resumed: hasFailed ? undefined : result.resumed,
    usage: result.tokens && {
      inputTokens: result.tokens.input, outputTokens: result.tokens.output,
    },
  };
}

/** A row of remote_agent_sessions. */
function rowOf(session) {
  return {
    conversation_id: session.key,
    ai_assistant_type: session.provider,
    assistant_session_id: session.bound?.sessionId ?? null,
    generation: session.generation,
    active: session.bound !== null,
  };
}
