internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogModel
internal import WakelogProviders

extension AttemptRunner {
  /// Whether the CLI speaks with a person, and so needs the terminal as its output.
  var isInteractive: Bool {
    Descriptor.isTerminal(STDOUT_FILENO) && provider?.isInteractive(words) ?? true
  }

  /// Reads the output of a call that prints JSON; an answer in text may only look like it.
  var reader: OutputReader? {
    guard let provider, provider.call.printing.isEmpty || provider.printsId(words) else {
      return nil
    }
    return OutputReader(provider)
  }

  /// The CLI's row, as it is for the version of it that is called.
  func row(resuming id: String?) -> Provider? {
    provider.map {
      ProgramVersions(log: log).row(
        $0, for: words, resuming: id, environment: nil, search: environment("PATH"))
    }
  }

  /// Says what will not be resumed, and why.
  func warn(_ request: WakeRequest, _ plan: PlanResult) {
    guard let provider = row(resuming: nil) else {
      if plan.isResume {
        printError("provider \(request.provider) is not known: nothing is resumed")
      }
      return
    }
    if provider.call.begin.isEmpty, let word = provider.call.printing.first,
      !provider.printsId(words)
    {
      printError(
        "\(provider.name) names its session only where it prints JSON (\(word)): there will be "
          + "nothing to resume")
    }
  }
}

extension AttemptRunner {
  /// Sees to it that nobody is in the session any more; gives the status if somebody stays.
  func settleOrphans(_ request: WakeRequest) throws -> ExitStatus? {
    var ended: UInt64?
    let runs = try RunLock.runs(of: request.session, engine)
    if let found = RunLock.orphans(of: runs, log: log) {
      let who = found.name
      switch orphans {
      case .refuse:
        printError(
          "busy: \(who) of run \(found.run) lives on without its 'wakelog run' and may write to its "
            + "session; end it, or say --orphans end or --orphans wait")
        return .refused
      case .wait:
        let limit = waitSeconds > 0 ? waitSeconds : .max / 10
        guard found.wait(seconds: limit, unless: { signals.pending != 0 }) else {
          printError("busy: \(who) of run \(found.run) still lives")
          return signals.pending == 0 ? .refused : .other(128 + signals.pending)
        }
      case .end:
        printError("ending \(who), left over from run \(found.run)")
        guard found.end() else {
          printError("busy: what run \(found.run) has left running could not be ended")
          return .refused
        }
      }
      ended = found.run
    }
    try RunLock.endAbandoned(
      runs, host: request.host, by: "wakelog run", ended: ended, engine,
      log: log)
    return nil
  }

  /// Wakes the session; where a run of it is open, and waiting was asked for, as soon as it has
  /// ended or its lease has run out.
  func wakeInTurn(_ request: WakeRequest) throws -> WakeResult {
    var wake = try engine.wake(request)
    let end = seconds() + waitSeconds
    while seconds() < end, signals.pending == 0 {
      switch wake.disposition {
      case "deferred":
        guard try waitForTurn(request.session, until: end) else { continue }
        var next = NextRequest(session: request.session)
        (next.host, next.lease) = (request.host, request.lease)
        do throws(WakelogError) {
          wake = try engine.next(next)
        } catch {
          // Another run was faster.
          guard error.code == .busy else { throw error }
        }
      case "coalesced":
        if try waitForTurn(request.session, until: end) { wake = try engine.wake(request) }
      default: return wake
      }
    }
    return wake
  }

  /// Waits until no run of a session is open, or some seconds, after which its lease may have run
  /// out; gives whether a try is worth it.
  private func waitForTurn(_ session: String, until end: Int) throws -> Bool {
    let pause = min(end, seconds() + Int(leaseSeconds))
    while signals.pending == 0, seconds() < pause {
      if try engine.session(SessionRequest(session: session)).openRun == nil { return true }
      usleep(100_000)
    }
    return signals.pending == 0 && seconds() < end
  }

  private func seconds() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }

  /// Writes the results where they were asked for.
  func say(_ wake: WakeResult, _ end: FinishResult?, _ status: ExitStatus) {
    guard let results else { return }
    let line: JSONValue = [
      "exit": .integer(Int64(status.code)), "wake": wake.json, "finish": end?.json ?? .null,
    ]
    if !Descriptor.write(Array((line.text + "\n").utf8)[...], to: results) {
      printError("the results could not be written to descriptor \(results)")
    }
  }
}
