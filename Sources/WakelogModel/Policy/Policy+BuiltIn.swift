extension Policy {
  /// The names of the policies that need no document.
  public static let builtInNames = [
    "standard", "paperclip", "openclaw", "openclaw-2026.4", "archon", "hermes", "hermes-2026.6",
  ]

  /// The built-in policy of that name; nil for any other.
  ///
  /// Each is written as a document that says where it differs from `standard`. A host's rules
  /// are those of its named release; where a host's sources say nothing, `standard` holds.
  public static func builtIn(named name: String) -> Policy? {
    guard let document = document(named: name) else { return nil }
    return try? Policy(json: document)
  }

  private static func document(named name: String) -> JSONValue? {
    switch name {
    case "standard": [:]
    case "paperclip": paperclip
    case "openclaw": openclaw
    case "openclaw-2026.4": openclawApril2026
    case "archon": archon
    case "hermes": hermes
    case "hermes-2026.6": hermesJune2026
    default: nil
    }
  }

  /// Paperclip at 0a511ed1b0: `shouldResetTaskSessionForWake` (reasons, unscoped timers),
  /// `resolveTaskSessionConfigFreshness` (the eleven categories and the model),
  /// `evaluateSessionCompaction` (rotation, left to the adapters of claude, codex and hermes).
  /// It has no rule by time, so no source is subject to one.
  private static let paperclip: JSONValue = [
    "name": "paperclip",
    "reset": [
      "reasons": [
        "issue_assigned", "execution_review_requested", "execution_approval_requested",
        "execution_changes_requested", "execution_review_participant_recovery",
      ],
      "unscopedTimer": true,
      "exemptSources": [
        "timer", "message", "assignment", "cron", "manual", "recovery", "event",
      ],
      "rotate": ["runs": 200, "inputTokens": 2_000_000, "ageSeconds": 259_200],
      "invalidateOn": [
        "adapter", "adapterConfig", "agentRuntimeConfig", "modelProfile", "instructions",
        "issueOverrides", "workspaceConfig", "environment", "envBindings", "secrets",
        "runtimeSkills", "model",
      ],
      "explicitResumeWins": true,
    ],
    "resume": ["unscopedFallsBackToAgent": true],
    "overrides": [
      ["match": ["provider": "claude"], "reset": ["rotate": nil]],
      ["match": ["provider": "codex"], "reset": ["rotate": nil]],
      ["match": ["provider": "hermes"], "reset": ["rotate": nil]],
    ],
  ]

  /// OpenClaw since the default reset mode is `none`: `session.resetTriggers`, and
  /// `resolveCliSessionReuse`, for which other changes are drift. Its system wakes (heartbeat,
  /// cron-event, exec-event; #58605, #71845) are `standard`'s exempt sources.
  private static let openclaw: JSONValue = [
    "name": "openclaw",
    "reset": [
      "reasons": ["/new", "/reset"],
      "invalidateOn": ["authProfile", "authEpoch", "mcp", "messagePolicy", "cwd"],
    ],
  ]

  /// OpenClaw as of April 2026: `system-prompt` changes, of the prompt or its tools, invalidate. Its
  /// default reset, daily at four, is not applied to sessions that a CLI owns, as all are here.
  private static let openclawApril2026: JSONValue = [
    "name": "openclaw-2026.4",
    "reset": [
      "reasons": ["/new", "/reset"],
      "invalidateOn": [
        "authProfile", "authEpoch", "mcp", "messagePolicy", "cwd", "systemPrompt", "tools",
      ],
    ],
  ]

  /// Archon at 3d9af974: the triggers of `TransitionTrigger` that end a session, which is all but
  /// `first-message`. It has no rule by time.
  private static let archon: JSONValue = [
    "name": "archon",
    "reset": [
      "reasons": [
        "plan-to-execute", "isolation-changed", "project-changed", "reset-requested",
        "worktree-removed", "conversation-closed",
      ]
    ],
  ]

  /// Hermes since `_route_reset_reason` knows only `suspended` ("time never does", #105021).
  private static let hermes: JSONValue = [
    "name": "hermes",
    "reset": ["reasons": ["/new", "/reset", "suspended"]],
  ]

  /// Hermes as of June 2026: mode `both`, `idle_minutes` 1,440 and `at_hour` 4, idle tested first.
  /// Its recoveries are no activity (#66255), its cron runs sessions of their own: `standard`'s
  /// exempt sources.
  private static let hermesJune2026: JSONValue = [
    "name": "hermes-2026.6",
    "reset": [
      "reasons": ["/new", "/reset", "suspended"],
      "idleSeconds": 86_400,
      "dailyAtHour": 4,
    ],
  ]
}
