import Foundation
import Wakelog
import WakelogProviders

/// A host that keeps no session state of its own: four calls take its place.
struct AgentHost {
  private let engine: Engine
  private let transcripts: TranscriptStore

  init(directory: String) throws {
    var options = Engine.Options()
    // Runs that this host left open when it was killed end now, as interrupted.
    options.host = "embedding-example"
    engine = try Engine.open(directory + "/wakelog", options: options)
    transcripts = TranscriptStore(directory: directory)
  }

  func close() { engine.close() }

  /// Wakes the agent of a session, and carries the run to its end.
  func answer(session: String, provider: String, command: [String]) async throws {
    let cli = try AgentCLI(provider: provider, command: command)
    var wake = WakeRequest(session: session, agent: "ada", provider: provider, source: .message)
    wake.workspace = WorkspaceName(
      path: FileManager.default.currentDirectoryPath, kind: .project)
    wake.lease = 60
    let woken = try await engine.wake(wake)
    guard let fence = woken.fence, var attempt = woken.attempt, var plan = woken.plan else {
      return print("\(woken.disposition) \(woken.because ?? "")")
    }
    while true {
      print(plan.sessionId.map { "resuming \($0)" } ?? "a fresh session: \(plan.because)")
      let ended = try await alive(attempt, fence) { [id = plan.sessionId] in
        try cli.run(resuming: id)
      }
      try await keep(ended.output, of: session, fence)
      let end = try await engine.finish(ended.finish(attempt, fence))
      guard let next = end.nextPlan, let nextAttempt = end.nextAttempt else {
        return print("\(end.outcome?.name ?? ""), bound to \(end.session.sessionId ?? "nothing")")
      }
      (plan, attempt) = (next, nextAttempt)
    }
  }

  /// Runs the CLI, and says now and then that it lives: without that the lease runs out.
  private func alive(
    _ attempt: UInt64, _ fence: String, _ run: @escaping @Sendable () throws -> EndedAttempt
  ) async throws -> EndedAttempt {
    let engine = engine
    let signs = Task {
      while true {
        try await Task.sleep(for: .seconds(20))
        try await engine.progress(ProgressRequest(attempt: attempt, fence: fence))
      }
    }
    defer { signs.cancel() }
    // A thread of its own: waiting for a process would hold one of the pool.
    return try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try run() }) }.start()
    }
  }

  /// Appends to the transcript, if this run may still write: after a reset it may not.
  private func keep(_ output: String, of session: String, _ fence: String) async throws {
    do {
      try await engine.check(CheckRequest(session: session, fence: fence))
    } catch let error where error.code == .staleFence {
      return print("the session was reset meanwhile; its transcript is another's")
    }
    let generation = try await engine.session(SessionRequest(session: session))
    let written = try transcripts.append(
      output, to: session, generation: generation.generation)
    let flush = FlushRequest(
      session: session, fence: fence, from: generation.cursor,
      to: generation.cursor + UInt64(written))
    try await engine.flush(flush)
  }
}
