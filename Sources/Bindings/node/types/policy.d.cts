// The policy document: the rules of a log.

import type { Source } from './vocabulary.cjs';

export interface ResetRules {
  reasons: string[];
  unscopedTimer: boolean;
  idleSeconds: number | null;
  dailyAtHour: number | null;
  exemptSources: Source[];
  rotate: { runs?: number; inputTokens?: number; ageSeconds?: number } | null;
  invalidateOn: string[];
  explicitResumeWins: boolean;
}

export interface ResumeRules {
  unscopedFallsBackToAgent: boolean;
  boundToHost: boolean;
}

export interface FallbackRules {
  maxAttempts: number; suspectLimit: number; inUse: 'beside' | 'fail';
}
export interface LeaseRules { seconds: number | null }
export interface AttentionRules { silentSeconds: number; stuckSeconds: number }

interface Sections {
  reset: ResetRules;
  resume: ResumeRules;
  fallback: FallbackRules;
  lease: LeaseRules;
  attention: AttentionRules;
}

type Parts = { [Name in keyof Sections]?: Partial<Sections[Name]> };

/** The first that matches replaces the keys it gives. */
export interface Override extends Parts {
  match: { provider?: string; sessionPrefix?: string; agent?: string };
}

/** A policy in full. */
export interface Policy extends Sections {
  name: string;
  version: number;
  overrides: Override[];
}

/** A policy as it is given: what is missing is as in `standard`. */
export interface PolicyPatch extends Parts {
  name: string;
  version?: number;
  overrides?: Override[];
}
