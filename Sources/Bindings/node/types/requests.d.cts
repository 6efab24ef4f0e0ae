// The parameters of every method.

import type {
  Fingerprint, JSONObject, Keyed, Optional, Outcome, Printed, RunOutcome, Source, Time, Timed,
  Usage, Workspace,
} from './vocabulary.cjs';
import type { AgentStatus, SessionStatus } from './results.cjs';
import type { PolicyPatch } from './policy.cjs';

/** A request to run an agent. */
export type WakeRequest = Keyed & {
  /** The host's durable name for one conversation lane. */
  session: string;
  agent: string;
  provider: string;
  source: Source;
} & Optional<{
  /** Why, as the policy matches it. */
  reason: string;
  /** The task or issue that the wake is about. */
  scope: string;
  workspace: Workspace;
  /** A fresh session is demanded; beats `resume`. */
  forceFresh: boolean;
  /** No reset by time or rotation on this wake. */
  keep: boolean;
  /**
   * The provider session asked for. Goes before what the key points to: given with every wake it loses what came after that id,
   * which `considered` of the plan says.
   */
  resume: string;
  fingerprint: Fingerprint;
  /** Whether the bound session's transcript was seen on disk; left out when nobody looked. */
  transcript: boolean;
  /** The same for any provider session. */
  transcripts: { [sessionId: string]: boolean };
  /** False for a run that leaves no session. */
  resumable: boolean;
  /** Seconds after which the run counts as lost without `progress`. */
  lease: number;
  host: string;
  epoch: number;
  /** What the wake asks for, up to 64 KiB: kept until its run has ended, and given out with it. */
  payload: string;
  /** A W3C `traceparent`. */
  trace: string;
}>;

/** A sign of life of the current attempt. */
export type ProgressRequest = Keyed & { attempt: number; fence: string } & Optional<{
  sessionId: string;
  /** The attempt is in the session: its id is proven from here on. */
  entered: boolean;
  pid: number;
}>;

/** The end of an attempt: one fact at least. */
export type FinishRequest = Keyed & { attempt: number; fence: string } & Optional<{
  /** Left out, it is derived from the rest. */
  outcome: Outcome;
  sessionId: string;
  displayId: string;
  /** Kept with the binding, up to 16 KiB. */
  params: JSONObject;
  exitCode: number;
  signal: number | string;
  /** As the next two, of any length: cut to 64 KiB together, at both ends, and marked there. */
  stdout: Printed;
  stderr: Printed;
  message: Printed;
  /** Of HTTP. */
  status: number;
  /** A symbolic code such as `ECONNRESET`. */
  errorCode: string;
  /** Model turns taken; 0 says that the session was never entered. */
  turns: number;
  /** False: asked to resume, the provider started cold. */
  resumed: boolean;
  usage: Usage;
  /**
   * The provider asked to wait: until then every wake of the session is refused, but for those of a
   * person (`message`, `manual`). A success ends the wait.
   */
  retryAfterSeconds: number;
}>;

export type NextRequest = Keyed & { session: string } & Optional<{
  host: string; epoch: number; lease: number;
}>;

export type CancelRequest = Keyed & { session: string } & Optional<{ by: string }>;

export type ResetRequest = Keyed & { session: string } & Optional<{
  because: string; ifGeneration: number;
}>;

export type AbandonRequest = Keyed & { run: number; by: string; why: string };

export type ProbeRequest = Keyed & { session: string; sessionId: string; exists: boolean }
  & Optional<{ detail: string }>;

export type CheckRequest = Timed & { session: string; fence: string };

export type FlushRequest = Keyed & { session: string; fence: string; from: number; to: number };

export type HostRequest = Keyed & { host: string } & Optional<{
  version: string;
  /** Take the name though a process of this machine that has it lives. */
  takeOver: boolean;
}>;

export type UpgradeRequest = Keyed & {
  host: string;
  to: string;
  step: 'staged' | 'verified' | 'failed' | 'swapped';
} & Optional<{ detail: string }>;

export type PauseRequest = Keyed & { agent: string } & Optional<{ by: string }>;

export type RepairRequest = Keyed & {
  session: string;
  /** `repair` is refused unless all of it holds. */
  expect: { sessionId?: string | null; lastRun?: RunOutcome | null };
  /** A `sessionId` of null unbinds the key. */
  set: { sessionId?: string | null; revive?: string | null };
  by: string;
  why: string;
};

export type SessionRequest = Timed & { session: string };
export type AgentRequest = Timed & { agent: string };
export type RunRequest = Timed & { run: number };

export type SessionsRequest = Timed & Optional<{
  after: string; limit: number; agent: string; status: SessionStatus;
}>;

export type AgentsRequest = Timed & Optional<{
  after: string; limit: number; agent: string; status: AgentStatus;
}>;

/** One of both. */
export type WhyRequest = Timed & ({ session: string } | { seq: number });

export type EventsRequest = Timed & Optional<{
  from: number; to: number; session: string; limit: number;
}>;

/** `adopt` holds for every process on the log, and is recorded. */
export type PolicyRequest = Keyed & Optional<{ adopt: PolicyPatch }>;

/** An id that the host had before this log. */
export type AdoptRequest = Keyed & {
  session: string; agent: string; provider: string; sessionId: string; by: string;
} & Optional<{ workspace: Workspace; displayId: string; fingerprint: Fingerprint }>;

/** Condemnations to be taken back: those that agree with everything given. */
export type ReviveRequest = Keyed & { since: Time; by: string; why: string } & Optional<{
  until: Time;
  /** As sessions show it: `missingTranscript`, `suspect`. */
  because: string;
  provider: string;
  agent: string;
  /** Only say which. */
  dryRun: boolean;
}>;

export type RedactRequest = Keyed & { seq: number; by: string; why: string };

export type ForgetRequest = Keyed & { session: string; by: string; why: string };
