import Synchronization
import Wakelog
import WakelogModel
import WakelogStore

/// One caller: wakes its keys in turn and ends each run in the session that it resumed.
struct Caller {
  let engine: Engine
  let name: Int
  let keys: Int
  private var turn = 0

  init(_ engine: Engine, name: Int, keys: Int) {
    self.engine = engine
    self.name = name
    self.keys = keys
  }

  private mutating func wakeRequest() -> WakeRequest {
    turn += 1
    let key = turn % keys
    var wake = WakeRequest(
      session: "company-\(name)/agent-\(name)/local/task-\(key)", agent: "agent-\(name)",
      provider: "claude_local", source: .message)
    wake.reason = "issue_commented"
    wake.workspace = WorkspaceName(path: "/srv/agents/work/project-\(name)", kind: .project)
    return wake
  }

  private func finishRequest(_ wake: WakeResult) -> FinishRequest {
    guard let attempt = wake.attempt, let fence = wake.fence else {
      preconditionFailure("the wake did not start a run: \(wake.json.text)")
    }
    var finish = FinishRequest(attempt: attempt, fence: fence)
    finish.exitCode = 0
    finish.turns = 3
    finish.sessionId =
      wake.plan?.sessionId ?? "6f1c0f1e-8a51-4b8e-9d0c-\(100_000 + name)\(100_000 + turn)"
    finish.usage = Usage(inputTokens: 41_230, outputTokens: 1_877, costMicros: 96_410)
    return finish
  }

  /// One run: two calls, each answered when it is durable.
  mutating func run() throws {
    let wake = try engine.wake(wakeRequest())
    _ = try engine.finish(finishRequest(wake))
  }

  /// One run without blocking a thread.
  mutating func runAsync() async throws {
    let wake = try await engine.wake(wakeRequest())
    _ = try await engine.finish(finishRequest(wake))
  }
}

/// Many callers for some seconds; each waits for its own answers.
struct Crowd {
  let engine: Engine
  let callers: Int
  let keys: Int
  /// The first caller's number: in a log that has sessions already, one that none of them has.
  var first = 0

  private func last() throws -> UInt64 { try UInt64(engine.statistics().lastSequence) }

  /// Events a second by threads.
  func onThreads(seconds: Double) throws -> Double {
    let before = try last()
    let end = Machine.seconds + seconds
    let failed = Atomic<Int>(0)
    let (engine, keys, first) = (engine, keys, first)
    let taken = Machine.time {
      WakelogBench.onThreads(callers) { index in
        var caller = Caller(engine, name: first + index, keys: keys)
        while Machine.seconds < end {
          do { try caller.run() } catch { failed.add(1, ordering: .relaxed) }
        }
      }
    }
    precondition(failed.load(ordering: .relaxed) == 0, "a call failed")
    return Double(try last() - before) / taken
  }

  /// Events a second by tasks.
  func asTasks(seconds: Double) async throws -> Double {
    let before = try last()
    let start = Machine.seconds
    let end = start + seconds
    let (engine, keys, first) = (engine, keys, first)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<callers {
        group.addTask {
          var caller = Caller(engine, name: first + index, keys: keys)
          while Machine.seconds < end { try await caller.runAsync() }
        }
      }
      try await group.waitForAll()
    }
    return Double(try last() - before) / (Machine.seconds - start)
  }
}
