// The words of the wire.

/** Where a wake comes from. */
export type Source = 'timer' | 'message' | 'assignment' | 'cron' | 'manual' | 'recovery' | 'event';

/** How an attempt or a run ended. */
export type Outcome = 'succeeded' | 'failed' | 'timedOut' | 'cancelled' | 'interrupted';

export type RunOutcome = Outcome | 'superseded';

export type WorkspaceKind = 'project' | 'home' | 'worktree' | 'other';

/** A directory to run in; `home` is the agent's fallback directory. */
export interface Workspace {
  path: string;
  kind: WorkspaceKind;
}

export type FailureFamily =
  | 'session' | 'infrastructure' | 'configuration' | 'agent' | 'operator' | 'unknown';

export type FailureKind =
  | 'unknownSession' | 'missingTranscript' | 'malformedSession' | 'archivedSession'
  | 'poisonedSession' | 'contextOverflow' | 'wrongWorkspace' | 'sessionInUse'
  | 'timeout' | 'processLost' | 'interrupted' | 'network' | 'serverError' | 'overloaded'
  | 'rateLimited' | 'emptyResponse'
  | 'authentication' | 'authenticationRevoked' | 'billing' | 'modelNotFound'
  | 'invalidRequest' | 'misconfigured'
  | 'agentError' | 'maxTurns' | 'refusal'
  | 'cancelled'
  | 'unclassified';

/** What a program printed; bytes are read as UTF-8, and replaced where they are none. */
export type Printed = string | Uint8Array;

export interface Failure {
  kind: FailureKind;
  family: FailureFamily;
  /** The entry of the classifier's table that decided. */
  because: string | null;
}

/** A moment: RFC 3339 with offset, milliseconds since 1970, or a `Date`. */
export type Time = string | number | Date;

/** What JSON can hold. */
export type JSONValue =
  | string | number | boolean | null | JSONValue[] | { [name: string]: JSONValue };

export interface JSONObject { [name: string]: JSONValue }

/** What a session was configured with; values compare as text. */
export interface Fingerprint { [name: string]: string | number | boolean }

export interface Usage {
  inputTokens?: number | null;
  /** Of the input tokens, those from a cache. */
  cachedTokens?: number | null;
  outputTokens?: number | null;
  costMicros?: number | null;
  /** Which counts are of the whole provider session. */
  total?: true | ('inputTokens' | 'cachedTokens' | 'outputTokens' | 'costMicros')[] | null;
}

/** All members may be left out; null counts as left out. */
export type Optional<Members> = { [Name in keyof Members]?: Members[Name] | null };

/** What every call takes. */
export interface Timed {
  /** When; left out, the engine's clock is read. */
  at?: Time | null;
}

/** What every call that changes state takes. */
export interface Keyed extends Timed {
  /** The idempotency key, unique in the log. */
  key?: string | null;
}
