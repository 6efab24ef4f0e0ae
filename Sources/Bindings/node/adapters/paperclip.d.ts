import type { Fingerprint, JSONObject, NextResult, WakeResult } from '../index.js';
import type { Log } from './attempts.js';

export interface PaperclipAgent { id: string; companyId: string; adapterType: string }

/** What heartbeat_runs.context_snapshot holds about sessions. */
export interface WakeContext {
  wakeReason?: string;
  taskKey?: string;
  taskId?: string;
  issueId?: string;
  forceFreshSession?: boolean;
  resumeSessionParams?: { sessionId: string };
  resumeSessionDisplayId?: string;
}

export interface BeginOptions {
  agent: PaperclipAgent;
  /** Of `deriveTaskKeyWithHeartbeatFallback`. */
  taskKey: string | null;
  invocationSource: 'timer' | 'assignment' | 'on_demand' | 'automation';
  context: WakeContext;
  /** Of `resolveAnchorWorkspaceForRun`. */
  workspace?: { cwd: string; source: 'project_primary' | 'task_session' | 'agent_home' };
  /** The eleven category fingerprints and `model`. */
  fingerprint?: Fingerprint;
}

export type WakeupStatus = 'claimed' | 'coalesced' | 'deferred_issue_execution' | 'skipped';
export type Begun<Result = WakeResult> = Result & { key: string; wakeupStatus?: WakeupStatus };

/** `AdapterExecutionResult`, as far as it is looked at. */
export interface AdapterResult {
  exitCode: number | null;
  signal?: string | null;
  timedOut?: boolean;
  errorMessage?: string | null;
  errorCode?: string | null;
  sessionId?: string | null;
  sessionParams?: JSONObject | null;
  sessionDisplayId?: string | null;
  usage?: { inputTokens: number; outputTokens: number };
  costUsd?: number | null;
  resultJson?: JSONObject | null;
}

/** What an adapter's `execute` is given of the session, and where it is to run. */
export interface AdapterRuntime {
  sessionId: string | null;
  sessionParams: JSONObject | null;
  sessionDisplayId: string | null;
  cwd?: string;
}

export interface TaskSessionRow {
  taskKey: string;
  sessionParamsJson: JSONObject | null;
  sessionDisplayId: string | null;
  lastError: string | null;
}

export interface Executed {
  status: 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'interrupted';
  session: TaskSessionRow;
  /** Of the last attempt; missing when it threw `error`. */
  adapterResult?: AdapterResult;
  error?: unknown;
  /** A deferred wake waits for `promote`. */
  promoteDeferred: boolean;
}

export function sessionKey(agent: PaperclipAgent, taskKey: string | null): string;

export class PaperclipSessions {
  constructor(log: Log);
  begin(options: BeginOptions): Promise<Begun>;
  execute(
    begun: Extract<Begun, { disposition: 'started' }>,
    execute: (runtime: AdapterRuntime) => AdapterResult | Promise<AdapterResult>,
  ): Promise<Executed>;
  promote(agent: PaperclipAgent, taskKey: string | null): Promise<Begun<NextResult>>;
  resetRuntimeSession(
    agentId: string, options?: { taskKey?: string; agent?: PaperclipAgent },
  ): Promise<void>;
  runtimeState(agentId: string): Promise<{
    agentStatus: 'idle' | 'running' | 'paused' | 'error';
    lastRunStatus: Executed['status'] | null;
    lastError: string | null;
    replaceable: boolean;
  }>;
}
