internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogModel
internal import WakelogProviders

/// Runs a CLI for one wake: attempt after attempt until the run settles.
struct AttemptRunner {
  let engine: Engine
  /// The folder of the log.
  let log: String
  /// The CLI's row; nil for one that is not known and resumes nothing.
  let provider: Provider?
  /// The program's path.
  let program: String
  /// The call as typed.
  let words: [String]
  let leaseSeconds: UInt32
  let signals: SignalRelay
  /// After how many seconds the CLI is ended; nil for never.
  var limitSeconds: Int?
  /// How many seconds to wait for an open run of the session.
  var waitSeconds = 0
  /// What to do with a CLI that has lost its tool.
  var orphans = OrphanPolicy.refuse
  /// Where the results are written as a line of JSON; nil for nowhere.
  var results: Int32?

  /// Wakes, runs and finishes; gives what the tool exits with.
  func run(_ request: WakeRequest) throws -> ExitStatus {
    signals.begin()
    if let refusal = try settleOrphans(request) { return refusal }
    let wake = try wakeInTurn(request)
    guard var plan = wake.plan, var attempt = wake.attempt, let fence = wake.fence else {
      let status = notStarted(wake, request)
      say(wake, nil, status)
      return status
    }
    let lock = wake.run.flatMap { RunLock(run: $0, log: log) }
    defer { lock?.release() }
    warn(request, plan)
    while true {
      let (finish, ending) = carryOut(plan, attempt, fence, lock)
      let end = try engine.finish(finish)
      guard let next = end.nextAttempt, let nextPlan = end.nextPlan else {
        say(wake, end, ending)
        return ending
      }
      printError(
        "session \(plan.sessionId ?? "?"): \(end.failure?.name ?? "failed"); "
          + (nextPlan.sessionId.map { "resuming \($0)" } ?? "starting fresh"))
      (plan, attempt) = (nextPlan, next)
    }
  }

  private func notStarted(_ wake: WakeResult, _ request: WakeRequest) -> ExitStatus {
    switch wake.disposition {
    case "coalesced":
      printError("run \(wake.run ?? 0) of this session is open, and this wake adds nothing to it")
      return .done
    case "deferred":
      let payload = request.payload == nil ? "" : ", with its payload"
      printError(
        "run \(wake.run ?? 0) has to wait for the open run of this session; it is kept\(payload), "
          + "and the next wake starts it. --wait SECONDS waits here"
      )
      return .refused
    case "none":
      printError("what this wake asked for was started by another caller")
      return .done
    default:
      printError("the wake was refused: \(wake.because ?? "no reason was given")")
      return .refused
    }
  }

  /// Runs the CLI once; gives what to tell the engine, and what to exit with if that is the end.
  private func carryOut(
    _ plan: PlanResult, _ attempt: UInt64, _ fence: String, _ lock: RunLock?
  ) -> (FinishRequest, ExitStatus) {
    var finish = FinishRequest(attempt: attempt, fence: fence)
    var call = ProviderCommand(words: words.filter { $0 != CallShape.placeholder })
    let id = plan.isResume ? plan.sessionId : nil
    let row = row(resuming: id)
    do throws(ProviderError) {
      call = try row?.command(words, resuming: id, beginning: randomUUID()) ?? call
    } catch {
      finish.outcome = .failed
      finish.message = error.message
      printError(error.message)
      return (finish, .other(2))
    }
    let isColdStart = plan.isResume && provider == nil
    let begun = call.sessionId
    let terminal = TerminalModes()
    let child: ChildProcess
    do throws(ChildProcess.StartFailure) {
      var run = ChildProcess.Program(path: program, words: call.words)
      run.folder = plan.workspace?.path
      run.kept = lock?.descriptor
      // At a terminal it stays in this process's group: Control-C, Control-Z and the size of the
      // window reach it as if the shell had started it.
      run.isInteractive = isInteractive
      run.leadsGroup = !isInteractive && !Descriptor.isTerminal(STDIN_FILENO)
      child = try ChildProcess(run) { id in lock?.name(id, isGroup: run.leadsGroup) }
    } catch {
      let folder = plan.workspace.map { " in \($0.path)" } ?? ""
      finish.outcome = .failed
      finish.message = "\(words[0]) could not be started\(folder): \(error.message)"
      printError(finish.message ?? "")
      return (finish, .other(127))
    }
    signals.follow(child)
    var stream = AttemptStream(child: child, reader: reader)
    let wasEnded = stream.pump(every: max(1, leaseSeconds / 3), limit: limitSeconds) { reading in
      var progress = ProgressRequest(attempt: attempt, fence: fence)
      progress.pid = UInt32(clamping: child.id)
      if reading.isEntered, let id = reading.sessionId ?? begun ?? plan.sessionId {
        progress.sessionId = id
        progress.entered = true
      }
      // A lost fence is told by `finish`; a sign of life that fails is no reason to stop the CLI.
      _ = try? engine.progress(progress)
    }
    let ending = child.wait { signals.follow(nil) }
    if case .signalled = ending { terminal?.restore() }
    finish = stream.read.finish(attempt, fence, ending, begun: begun, provider)
    if isColdStart { finish.resumed = false }
    let status: ExitStatus =
      switch ending {
      case .exited(let code): .other(code)
      case .signalled(let number): .other(128 + number)
      case .unknown: .other(1)
      }
    if wasEnded {
      finish.outcome = .timedOut
      printError("\(words[0]) was ended after \(limitSeconds ?? 0) s (--timeout)")
      return (finish, .other(124))
    }
    if ending == .exited(0), finish.sessionId == nil, provider?.printsId(words) == true {
      printError("\(words[0]) printed no id of its session: there will be nothing to resume")
    }
    return (finish, status)
  }
}
