public import WakelogModel

extension World {
  /// Gives `wake`. Workspaces are written `project:/srv/app`, fingerprints `model=a;tools=b`.
  ///
  /// An empty string leaves a parameter out.
  @discardableResult
  public func wake(
    _ session: String = "s", agent: String = "ada", provider: String = "claude",
    source: Source = .message, reason: String = "", scope: String = "",
    workspace: String? = nil, forceFresh: Bool = false, keep: Bool? = nil, resume: String = "",
    fingerprint: String = "", transcript: Bool? = nil,
    transcripts: [(id: String, exists: Bool)] = [],
    resumable: Bool = true, lease: UInt32? = nil, host: String = "", epoch: UInt32? = nil
  ) -> Reply {
    lastSession = session
    var command = WakeCommand(
      session: symbol(session), agent: symbol(agent), provider: symbol(provider),
      source: source, fence: newFence())
    command.reason = symbol(reason)
    command.scope = symbol(scope)
    command.workspace = self.workspace(workspace)
    command.forceFresh = forceFresh
    command.keep = keep
    command.isResumeOfAnotherProvider = isOfAnotherProvider(resume, than: provider)
    command.resume = identity(resume, of: provider)
    command.fingerprint = symbol(fingerprint)
    command.transcript = transcript
    command.transcripts = transcripts.map { (identity($0.id, of: provider), $0.exists) }
    command.resumable = resumable
    command.leaseSeconds = lease
    command.host = claim(host, epoch)
    return give(.wake(command))
  }

  /// Gives `next`.
  @discardableResult
  public func next(
    _ session: String? = nil, host: String = "", epoch: UInt32? = nil, lease: UInt32? = nil
  ) -> Reply {
    let session = session ?? lastSession
    lastSession = session
    var command = NextCommand(session: symbol(session), fence: newFence())
    command.host = claim(host, epoch)
    command.leaseSeconds = lease
    return give(.next(command))
  }

  /// Gives `cancel`.
  @discardableResult
  public func cancel(_ session: String? = nil) -> Reply {
    give(.cancel(session: symbol(session ?? lastSession), by: symbol("operator")))
  }

  /// Gives `progress` for the key's latest run, or for the one held.
  @discardableResult
  public func progress(
    _ session: String? = nil, holding: Hold? = nil, sessionId: String = "", entered: Bool = false
  ) -> Reply {
    let (hold, key) = held(session, holding)
    var command = ProgressCommand(session: key, fence: claim(hold), attempt: hold.attempt)
    command.reported = identity(sessionId, of: provider(of: key))
    command.entered = entered
    return give(.progress(command))
  }

  /// Gives `finish` for the key's latest run, or for the one held.
  @discardableResult
  public func finish(
    _ session: String? = nil, holding: Hold? = nil, outcome: ReportedOutcome? = nil,
    sessionId: String = "", exitCode: Int64? = nil, signal: Int64? = nil, stdout: String = "",
    stderr: String = "", message: String = "", status: Int64? = nil, errorCode: String = "",
    turns: Int64? = nil, resumed: Bool? = nil, inputTokens: UInt64 = 0,
    retryAfterSeconds: UInt32? = nil, params: String = "", displayId: String = ""
  ) -> Reply {
    let (hold, key) = held(session, holding)
    let traces = Traces(
      exitCode: exitCode, signal: signal, stdout: stdout, stderr: stderr, message: message,
      status: status, errorCode: errorCode.isEmpty ? nil : errorCode, turns: turns,
      outcome: outcome)
    let words =
      "\(traces) \(sessionId) \(resumed as Any) \(inputTokens) \(params) \(displayId) "
      + "\(retryAfterSeconds as Any) \(hold)"
    var command = FinishCommand(
      session: key, fence: claim(hold), attempt: hold.attempt, request: Self.digest(words),
      traces: traces)
    command.reported = identity(sessionId, of: provider(of: key))
    command.display = symbol(displayId)
    command.params = symbol(params)
    command.errorCode = symbol(errorCode)
    command.resumed = resumed
    command.inputTokens = inputTokens
    command.retryAfterSeconds = retryAfterSeconds
    return give(.finish(command))
  }

  /// Gives a `finish` that succeeded in a session after turns.
  @discardableResult
  public func succeed(_ session: String? = nil, _ sessionId: String = "", turns: Int64 = 3) -> Reply
  {
    finish(session, sessionId: sessionId, exitCode: 0, turns: turns)
  }

  private func isOfAnotherProvider(_ id: String, than provider: String) -> Bool {
    guard !id.isEmpty, !state.identities[identity(id, of: provider).number].exists else {
      return false
    }
    return ["claude", "codex", "gemini", "opencode", "hermes"].contains { other in
      other != provider && knows(other + "/" + id, in: .identity)
        && state.identities[identity(id, of: other).number].exists
    }
  }

  func claim(_ host: String, _ epoch: UInt32?) -> HostClaim? {
    host.isEmpty ? nil : HostClaim(host: symbol(host), epoch: epoch)
  }

  func claim(_ hold: Hold) -> FenceClaim { FenceClaim(run: hold.run, digest: hold.fence) }

  func held(_ session: String?, _ holding: Hold?) -> (Hold, SessionSymbol) {
    let name = holding?.session ?? session ?? lastSession
    lastSession = name
    let none = Hold(session: name, run: .none, attempt: .none, fence: .none)
    return (holding ?? holds[name] ?? none, symbol(name))
  }

  /// The provider that a key's run uses: ids reported in it are of that provider.
  func provider(of session: SessionSymbol) -> String {
    let open = state.openRun(of: session)?.provider ?? .none
    return text(of: open.or(state.sessions[session.number].provider))
  }

  /// FNV-1a: the same words give the same number in every process.
  static func digest(_ words: String) -> UInt64 {
    words.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
