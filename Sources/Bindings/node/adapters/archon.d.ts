import type { Failure, Outcome, WakeResult } from '../index.js';
import type { Log } from './attempts.js';

export type TransitionTrigger =
  | 'first-message' | 'plan-to-execute' | 'isolation-changed' | 'project-changed'
  | 'reset-requested' | 'worktree-removed' | 'conversation-closed';

/** A row of remote_agent_sessions, as far as it is about the provider's session. */
export interface SessionRow {
  conversation_id: string;
  ai_assistant_type: string;
  assistant_session_id: string | null;
  generation: number;
  active: boolean;
}

export interface ResultChunk {
  type: 'result';
  sessionId?: string;
  isError?: boolean;
  errorSubtype?: string;
  errors?: string[];
  numTurns?: number;
  resumed?: boolean;
  tokens?: { input: number; output: number };
}

export type Chunk = ResultChunk | {
  type: 'assistant' | 'system' | 'thinking' | 'tool';
  content?: string;
};

export interface TurnOptions {
  conversationId: string;
  agent: string;
  provider: string;
  prompt: string;
  cwd?: string;
  isWorktree?: boolean;
}

export interface Turn {
  disposition: WakeResult['disposition'];
  outcome?: Outcome;
  failure?: Failure | null;
  /** Of the last attempt; null when it gave none. */
  result: ResultChunk | null;
  /** What the last attempt threw. */
  error?: unknown;
  session?: SessionRow;
}

export class ArchonSessions {
  constructor(log: Log);
  getActiveSession(conversationId: string): Promise<SessionRow | null>;
  transitionSession(conversationId: string, reason: TransitionTrigger): Promise<void>;
  deactivateSession(conversationId: string, reason: TransitionTrigger): Promise<void>;
  getSessionChain(conversationId: string): Promise<{
    assistant_session_id: string; generation: number; started_at: string;
  }[]>;
  turn(
    options: TurnOptions,
    sendQuery: (
      prompt: string, cwd: string | undefined, resumeSessionId?: string,
    ) => AsyncIterable<Chunk>,
    onChunk: (chunk: Chunk) => void | Promise<void>,
  ): Promise<Turn>;
}
