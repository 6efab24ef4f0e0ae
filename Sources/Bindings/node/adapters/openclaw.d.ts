import type { Failure, Fingerprint, HostResult, Outcome, WakeResult } from '../index.js';
import type { Log } from './attempts.js';

export interface CliReuse {
  sessionId?: string;
  /** As `cli exec:` logs it. */
  reuse: string;
  invalidatedReason?: string;
}

export type Begun = WakeResult & { sessionKey: string; reuse: CliReuse | null };

export interface BeginOptions {
  sessionKey: string;
  agentId: string;
  provider: string;
  trigger: 'user' | 'heartbeat' | 'cron' | 'cron-event' | 'exec-event' | 'manual' | 'recovery';
  /** `/new` or `/reset`, when the message is one and its sender may. */
  resetTrigger?: string;
  workspaceDir?: string;
  /** authProfile, authEpoch, mcp, messagePolicy, cwd, systemPrompt, tools. */
  config?: Fingerprint;
  hasTranscript?: (cliSessionId: string) => boolean | undefined | Promise<boolean | undefined>;
  /** False for a cron job that runs a shell command only. */
  leavesSession?: boolean;
}

/** What `runCliAgent` gives, as far as it is looked at. */
export interface CliResult {
  text?: string;
  stderr?: string;
  exitCode?: number;
  cliSessionId?: string;
  numTurns?: number;
  usage?: { input: number; output: number };
}

export interface CliBinding { sessionId: string; generation: number }

export class OpenClawSessions {
  constructor(log: Log);
  begin(options: BeginOptions): Promise<Begun>;
  runAgentAttempt<Result extends CliResult>(
    begun: Extract<Begun, { disposition: 'started' }>,
    runCliAgent: (
      params: { cliSessionId?: string; workspaceDir?: string },
    ) => Result | Promise<Result>,
  ): Promise<{
    /** Of the last attempt; missing when it failed over or threw `error`. */
    result?: Result;
    error?: unknown;
    outcome: Outcome;
    failure: Failure | null;
    binding: CliBinding | null;
  }>;
  reset(sessionKey: string, reason: 'new' | 'reset'): Promise<CliBinding | null>;
  binding(sessionKey: string): Promise<CliBinding | null>;
  update(host: string, to: string, steps: {
    stage(): unknown; verify(): unknown; swap(): unknown;
  }): Promise<{ swapped: boolean; use: string | null; error?: unknown }>;
  start(host: string, version: string): Promise<HostResult>;
}
