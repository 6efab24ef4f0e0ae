// The result of every method. Results may carry more members than are listed.

import type {
  Failure, FailureFamily, FailureKind, JSONObject, JSONValue, Outcome, RunOutcome, Source, Usage,
  Workspace,
} from './vocabulary.cjs';
import type { Policy } from './policy.cjs';

/** Of a call that changes state: whether it answers an earlier one of the same key again. */
export interface Repeatable { duplicate?: true }

export interface HelloResult {
  protocol: number;
  version: string;
  log: string;
  policy: string;
  readOnly: boolean;
}

export type ResetCause =
  'forceFresh' | 'reason' | 'unscopedTimer' | 'fingerprint' | 'rotation' | 'idle' | 'daily';

export type Verdict =
  | 'condemned' | 'unproven' | 'provider' | 'host' | 'reset' | 'rotated' | 'fingerprint'
  | 'transcript' | 'workspace' | 'inUse' | 'offered';

/** How an attempt begins. */
export interface Plan {
  mode: 'resume' | 'fresh';
  /** The id to resume; null for a fresh session. */
  sessionId: string | null;
  /** Where to run; null when nobody named a place. */
  workspace: Workspace | null;
  /** What the provider reported with the session. */
  params: JSONObject | null;
  generation: number;
  /** Why this wake reset the key; null when it did not. */
  reset: { because: ResetCause } | null;
  /** The names in which the configuration differs from the session's. */
  drift: string[];
  /** Whether it runs beside a session that somebody else is in: what it reports is not bound. */
  beside: boolean;
  /** Why, in a sentence. */
  because: string;
  considered: {
    from: 'explicit' | 'bound' | 'agent'; sessionId: string; verdict: Verdict; because: string;
  }[];
}

/** The host is to run `plan`. */
export interface Started extends Repeatable {
  disposition: 'started';
  run: number;
  attempt: number;
  fence: string;
  plan: Plan;
  /** The numbers of all wakes that the run serves. */
  merged: number[];
  /** What they ask for. */
  payloads: Payload[];
  /** Of a duplicate: whether its run is still open. If not, `attempt`, `fence` and `plan` are null. */
  open?: boolean;
  now?: Ended;
}

/** What a wake asks for. */
export interface Payload { wake: number; payload: string }

/** Of a duplicate whose run has ended: how. */
export interface Ended {
  outcome: RunOutcome; via: 'resume' | 'fresh' | 'fallback' | null; at: string;
}

interface NotStarted extends Repeatable {
  attempt: null;
  fence: null;
  plan: null;
  open?: boolean;
  now?: Ended;
}

export interface Refused extends NotStarted {
  disposition: 'refused';
  because: 'paused' | 'notBefore';
  run: number | null;
}

/** A run is open, and this wake adds nothing to it. */
export interface Coalesced extends NotStarted { disposition: 'coalesced'; run: number }

/** A run is open, and this wake runs after it: `next` starts it. */
export interface Deferred extends NotStarted {
  disposition: 'deferred'; run: number; merged: number[];
}

export type WakeResult = Started | Refused | Coalesced | Deferred;

export type NextResult = Started | Refused | { disposition: 'none' | 'busy' };

export interface ProgressResult extends Repeatable { leaseUntil: string | null }

export interface FinishResult extends Repeatable {
  run: number;
  attempt: number;
  outcome: Outcome;
  failure: Failure | null;
  /** False: run `next`, and finish it with the same fence. */
  settled: boolean;
  next: { attempt: number; plan: Plan } | null;
  session: Session;
  /** A deferred wake waits for `next`. */
  pending: boolean;
}

export interface Binding {
  sessionId: string;
  provider: string;
  displayId: string | null;
  params: JSONObject | null;
  workspace: Workspace | null;
  generation: number;
  provenBy: string | null;
  since: string;
}

export type SessionStatus = 'idle' | 'running' | 'queued';

export interface LastError {
  kind: FailureKind;
  family: FailureFamily;
  because: string | null;
  at: string;
}

export interface Session extends Repeatable {
  key: string;
  agent: string;
  provider: string;
  generation: number;
  status: SessionStatus;
  /** What the key points to: what it used last. */
  bound: Binding | null;
  /** What it points to for every provider, what it used last first. */
  bindings: Binding[];
  /** The ids that are never offered again. */
  condemned: { sessionId: string; because: string; at: string }[];
  openRun: number | null;
  pending: boolean;
  notBefore: string | null;
  cursor: number;
  lastRun: {
    run: number; outcome: RunOutcome; attempts: number; via: 'resume' | 'fresh' | 'fallback';
    failure: Failure | null;
  } | null;
  lastError: LastError | null;
  counters: { wakes: number; runs: number; attempts: number; fallbacks: number; resets: number };
  head: number;
}

export type AgentStatus = 'idle' | 'running' | 'paused' | 'failing';

export interface Agent extends Repeatable {
  agent: string;
  status: AgentStatus;
  lastRunStatus: RunOutcome | null;
  lastError: LastError | null;
  failures: { agent: number; infrastructure: number; session: number; configuration: number };
  /** Whether it failed three times in a row by its own fault, with no run open. */
  replaceable: boolean;
  because: string;
  sessions: number;
}

export interface Run {
  run: number;
  session: string;
  outcome: RunOutcome | null;
  source: Source;
  reason: string | null;
  host: string | null;
  attempts: {
    attempt: number; mode: 'resume' | 'fresh'; asked: string | null; reported: string | null;
    outcome: RunOutcome | null; failure: Failure | null; usage: Usage | null;
    startedAt: string; endedAt: string | null;
  }[];
  fallbacks: { from: number; to: number | null; cause: string }[];
  /** A W3C `traceparent`. */
  trace: string | null;
  payloads: Payload[];
}

export interface ResetResult extends Repeatable {
  generation: number;
  previous: Binding | null;
  pending: boolean;
}

export interface CheckResult { ok: true }
export interface FlushResult extends Repeatable { cursor: number }

export interface HostResult extends Repeatable {
  epoch: number;
  interrupted: {
    run: number; session: string; pending: boolean; agent: string; provider: string;
    sessionId: string | null; startedAt: string; pid: number | null;
    /** Whether the process `pid` still runs on this machine. */
    alive: boolean;
    payloads: Payload[];
  }[];
  unfinished: { to: string; state: string } | null;
}

export interface UpgradeResult extends Repeatable { state: string; use: string | null }

export interface Attention {
  kind: 'silentRun' | 'leaseExpired' | 'stuckQueue' | 'condemnedLoop' | 'flapping' | 'noProgress'
    | 'clock'
    | 'writerBlocked' | 'oldReader';
  /** null for what is the machine's */
  session: string | null;
  run: number | null;
  since: string;
  family: FailureFamily;
  because: string;
}

/** An event of the log; beside these members, the fields of its kind. */
export interface WakelogEvent {
  seq: number;
  at: string;
  kind: string;
  session: string | null;
  agent: string | null;
  run: number | null;
  generation: number | null;
  [field: string]: JSONValue;
}

export interface WhyResult { answer: string; events: WakelogEvent[] }
export interface PolicyResult extends Repeatable { policy: Policy; since: string | null }

/** The condemnations that were taken back, or would be. */
export interface ReviveResult extends Repeatable {
  items: { sessionId: string; session: string; condemnedAt: string; because: string }[];
}

/**
 * Whether there was evidence to remove, and whether its bytes are overwritten in the file: a reader
 * that began before may see them still, and the engine does it later.
 */
export interface RedactResult extends Repeatable { redacted: boolean; overwritten: boolean }

/** What was forgotten: so many events are numbers now, so many names are gone. */
export interface ForgetResult extends Repeatable {
  forgotten: boolean; events: number; symbols: number;
}

export interface Page<Item> { items: Item[]; after: string | null }
export interface EventPage { items: WakelogEvent[]; next: number | null }
