// A stand-in for the parts of Archon that decide about provider sessions, with the host's own names
// (core/src/db/sessions.ts, core/src/orchestrator/orchestrator-agent.ts), for issue 1280. Its own
// logic is that of before pull request 1294. Given `sessions`, it is patched as archon.md says.

export class Orchestrator {
  /** remote_agent_sessions, by conversation */
  rows = new Map();
  sent = [];

  constructor({ client, sessions = null }) {
    this.client = client;
    this.sessions = sessions;
  }

  getActiveSession(conversationId) {
    return this.rows.get(conversationId) ?? null;
  }

  tryPersistSessionId(conversationId, id) {
    this.rows.set(conversationId, { assistant_session_id: id });
  }

  async handleMessage(conversationId, prompt, { mode = 'stream' } = {}) {
    const batch = [];
    const send = (chunk) => { (mode === 'stream' ? this.sent : batch).push(chunk.content); };
    let result;
    if (this.sessions) {
      const turn = await this.sessions.turn(
        { conversationId, agent: 'archon', provider: 'claude', prompt, cwd: '/srv/repo' },
        (...words) => this.client.sendQuery(...words), send);
      result = turn.outcome === 'succeeded' ? { isError: false } : { isError: true };
    } else if (mode === 'stream') {
      result = await this.handleStreamMode(conversationId, prompt, send);
    } else {
      result = await this.handleBatchMode(conversationId, prompt, send);
    }
    this.sent.push(...batch);
    if (result?.isError) this.sent.push('an error: try /reset');
    return result?.isError ? 'failed' : 'answered';
  }

  async handleStreamMode(conversationId, prompt, send) {
    let newSessionId;
    let last;
    const resume = this.getActiveSession(conversationId)?.assistant_session_id;
    for await (const chunk of this.client.sendQuery(prompt, '/srv/repo', resume)) {
      if (chunk.type !== 'result') send(chunk);
      else if (chunk.sessionId) [newSessionId, last] = [chunk.sessionId, chunk];
    }
    // The failing result's id too.
    if (newSessionId) this.tryPersistSessionId(conversationId, newSessionId);
    return last;
  }

  async handleBatchMode(conversationId, prompt, send) {
    const chunks = [];
    const resume = this.getActiveSession(conversationId)?.assistant_session_id;
    for await (const chunk of this.client.sendQuery(prompt, '/srv/repo', resume)) chunks.push(
      chunk
    );
    const result = chunks.find((chunk) => chunk.type === 'result');
    if (result?.sessionId) this.tryPersistSessionId(conversationId, result.sessionId);
    chunks.filter((chunk) => chunk.type !== 'result').forEach(send);
    return result;
  }
}

/** The Claude SDK: a resume of an id that it does not know fails under another new id. */
export class Claude {
  known = new Set();
  asked = [];
  #count = 0;

  async *sendQuery(prompt, cwd, resumeSessionId) {
    this.asked.push(resumeSessionId ?? null);
    const fresh = `claude-${this.#count += 1}`;
    if (resumeSessionId && !this.known.has(resumeSessionId)) {
      yield {
        type: 'result', sessionId: fresh, isError: true, errorSubtype: 'error_during_execution',
        errors: [`No conversation found with session ID: ${resumeSessionId}`], numTurns: 0, resumed: true,
      };
      return;
    }
    const id = resumeSessionId ?? fresh;
    this.known.add(id);
    yield { type: 'assistant', content: `about ${prompt}` };
    yield { type: 'result', sessionId: id, numTurns: 1, ...(resumeSessionId && { resumed: true }) };
  }
}
