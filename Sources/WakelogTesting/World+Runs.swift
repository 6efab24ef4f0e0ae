internal import Wakelog
public import WakelogModel

extension World {
  /// Asks for a run. See PROTOCOL, wake.
  ///
  /// Agent and provider are those of the key's last wake when left out, `ada` and `claude` on the
  /// first. A workspace is a path; `kind` says what it is.
  @discardableResult
  public func wake(
    _ session: String = "s", agent: String? = nil, provider: String? = nil,
    source: Source = .message, reason: String? = nil, scope: String? = nil,
    workspace: String? = nil, kind: WorkspaceKind = .project, forceFresh: Bool = false,
    keep: Bool? = nil, resume: String? = nil, fingerprint: [String: String]? = nil,
    transcript: Bool? = nil, transcripts: [String: Bool] = [:], resumable: Bool = true,
    lease: UInt32? = nil, host: String? = nil, epoch: UInt32? = nil, hasPayload: Bool = false
  ) -> Reply {
    let known = lastWakes[session]
    let agent = agent ?? known?.agent ?? "ada"
    let provider = provider ?? known?.provider ?? "claude"
    lastWakes[session] = (agent, provider)
    var wake = WakeCommand(
      session: strings.symbol(session, Space.Session.self),
      agent: strings.symbol(agent, Space.Agent.self),
      provider: strings.symbol(provider, Space.Provider.self), source: source,
      fence: drawFence())
    wake.reason = strings.symbol(reason, Space.Reason.self)
    wake.scope = strings.symbol(scope, Space.Scope.self)
    wake.workspace = workspace.map {
      Workspace(path: strings.symbol($0, Space.Workspace.self), kind: kind)
    }
    wake.forceFresh = forceFresh
    wake.keep = keep
    wake.fingerprint = symbol(ofFingerprint: fingerprint)
    wake.transcript = transcript
    for (id, exists) in transcripts.sorted(by: { $0.key < $1.key }) {
      wake.transcripts.append((strings.identity(id, provider), exists))
    }
    wake.resumable = resumable
    wake.leaseSeconds = lease
    wake.host = claim(host, epoch)
    wake.hasPayload = hasPayload
    if let resume { wake.resume = strings.identity(resume, provider) }
    wake.isResumeOfAnotherProvider = isOfAnotherProvider(wake.resume, wake.session)
    return give(.wake(wake))
  }

  /// Starts the waiting wake. See PROTOCOL, next.
  @discardableResult
  public func next(
    _ session: String = "s", host: String? = nil, epoch: UInt32? = nil, lease: UInt32? = nil
  ) -> Reply {
    var next = NextCommand(
      session: strings.symbol(session, Space.Session.self), fence: drawFence())
    next.host = claim(host, epoch)
    next.leaseSeconds = lease
    next.isResumeOfAnotherProvider = isOfAnotherProvider(.none, next.session)
    return give(.next(next))
  }

  /// Gives a sign of life. See PROTOCOL, progress.
  ///
  /// Of the run that started last and its current attempt, unless others are named.
  @discardableResult
  public func progress(
    run: Int? = nil, attempt: Int? = nil, sessionId: String? = nil, entered: Bool = false
  ) -> Reply {
    let held = holder(of: run)
    var progress = ProgressCommand(
      session: held.session, fence: held.fence, attempt: number(attempt, held))
    progress.reported = strings.identity(sessionId, held.provider)
    progress.entered = entered
    return give(.progress(progress))
  }

  /// Ends an attempt with what the host saw of it. See PROTOCOL, finish.
  ///
  /// Of the run that started last and its current attempt, unless others are named. A `failure`
  /// is taken as it is given, whatever the traces say.
  @discardableResult
  public func finish(
    run: Int? = nil, attempt: Int? = nil, exitCode: Int64? = nil, sessionId: String? = nil,
    turns: Int64? = nil, stderr: String = "", stdout: String = "", message: String = "",
    outcome: ReportedOutcome? = nil, status: Int64? = nil, errorCode: String? = nil,
    signal: Int64? = nil, resumed: Bool? = nil, inputTokens: UInt64 = 0,
    retryAfterSeconds: UInt32? = nil, params: String? = nil, displayId: String? = nil,
    failure: FailureKind? = nil
  ) -> Reply {
    let held = holder(of: run)
    var traces = Traces(
      exitCode: exitCode, signal: signal, stdout: stdout, stderr: stderr, message: message,
      status: status, errorCode: errorCode, turns: turns, outcome: outcome)
    traces.readStructure { try? JSONParser.parse($0) }
    var words = [stderr, stdout, message, sessionId ?? "", errorCode ?? "", params ?? ""]
    words.append("\(traces.exitCode ?? -1) \(turns ?? -1) \(status ?? 0) \(signal ?? 0)")
    words.append("\(outcome?.rawValue ?? "") \(resumed.map { "\($0)" } ?? "")")
    words.append("\(inputTokens) \(retryAfterSeconds ?? 0) \(displayId ?? "")")
    var finish = FinishCommand(
      session: held.session, fence: held.fence, attempt: number(attempt, held),
      request: digest(words), traces: traces)
    finish.reported = strings.identity(sessionId, held.provider)
    finish.display = strings.symbol(displayId, Space.Display.self)
    finish.params = strings.symbol(params, Space.Params.self)
    finish.errorCode = strings.symbol(errorCode, Space.ErrorCode.self)
    finish.resumed = resumed
    finish.inputTokens = inputTokens
    finish.retryAfterSeconds = retryAfterSeconds
    finish.classification = failure.map {
      Classification(kind: $0, because: $0.name, outcome: outcome ?? $0.usualOutcome)
    }
    return give(.finish(finish))
  }

  /// Ends the attempt well: exit code 0, one turn, that id.
  @discardableResult
  public func succeed(_ sessionId: String?, run: Int? = nil, inputTokens: UInt64 = 0) -> Reply {
    finish(run: run, exitCode: 0, sessionId: sessionId, turns: 1, inputTokens: inputTokens)
  }

  /// A whole run that ends well: wakes the key and succeeds in a session.
  @discardableResult
  public func bind(
    _ session: String = "s", to sessionId: String, workspace: String? = nil,
    kind: WorkspaceKind = .project, fingerprint: [String: String]? = nil, host: String? = nil
  ) -> Reply {
    let started = wake(
      session, workspace: workspace, kind: kind, fingerprint: fingerprint, host: host)
    succeed(sessionId)
    return started
  }

  /// The lookup of a fence. See PROTOCOL, check.
  @discardableResult
  public func check(run: Int? = nil) -> Reply {
    let held = holder(of: run)
    return give(.check(session: held.session, fence: held.fence))
  }

  /// Moves the flush cursor. See PROTOCOL, flush.
  @discardableResult
  public func flush(run: Int? = nil, from: UInt64, to: UInt64) -> Reply {
    let held = holder(of: run)
    return give(.flush(session: held.session, fence: held.fence, from: from, to: to))
  }

  /// Who holds a run. One that was asked for and never started has no fence that anybody knows:
  /// its calls are refused as stale.
  private func holder(of run: Int?) -> Held {
    let number = run ?? lastRun
    if let held = runs[number] { return held }
    guard let wake = events.first(where: { $0.sequence.value == UInt64(number) }),
      wake.body.kind == .wakeRequested
    else { preconditionFailure("no run \(number) was ever asked for here") }
    let fence = FenceClaim(run: wake.sequence, digest: .none)
    return Held(session: wake.session, fence: fence, attempt: .none, provider: "")
  }

  private func number(_ attempt: Int?, _ held: Held) -> SequenceNumber {
    attempt.map { SequenceNumber(UInt64($0)) } ?? held.attempt
  }

  private func claim(_ host: String?, _ epoch: UInt32?) -> HostClaim? {
    host.map { HostClaim(host: strings.symbol($0, Space.Host.self), epoch: epoch) }
  }

  private func symbol(ofFingerprint values: [String: String]?) -> FingerprintSymbol {
    guard let values else { return .none }
    let members = values.sorted { $0.key < $1.key }
      .map { JSONObject.Member(name: $0.key, value: .string($0.value)) }
    return strings.symbol(JSONValue.object(JSONObject(members)).text, Space.Fingerprint.self)
  }

  /// Whether the id asked for, here or else by the wake that waits, is known for another provider
  /// only.
  private func isOfAnotherProvider(_ asked: IdentitySymbol, _ key: SessionSymbol) -> Bool {
    let resume = asked.or(state.pending(of: key)?.resume ?? .none)
    guard let session = strings.session(resume), !state.identities[resume.number].exists else {
      return false
    }
    return strings.identities(of: session.id).contains { state.identities[$0.number].exists }
  }

  /// FNV-1a: the same words give the same digest in every process.
  private func digest(_ words: [String]) -> UInt64 {
    words.joined(separator: "\u{1F}").utf8
      .reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

extension FailureKind {
  /// How an attempt ends that fails so, unless its host says otherwise.
  fileprivate var usualOutcome: ReportedOutcome {
    switch self {
    case .timeout: .timedOut
    case .cancelled: .cancelled
    case .interrupted: .interrupted
    default: .failed
    }
  }
}
