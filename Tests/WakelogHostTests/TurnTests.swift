import Foundation
import TestSupport
import Testing
import Wakelog
import WakelogHost
import WakelogProviders

/// A turn with a CLI: what comes of it, and what is left when it goes wrong.
struct TurnTests {
  let test: TestHost
  init() throws { test = try TestHost() }

  private func script(_ body: String) throws { try test.script(TestHost.printing + body) }

  /// Expects that no process that the script wrote down lives.
  private func expectGone() async throws {
    let pids = try await test.pids()
    #expect(!pids.isEmpty)
    #expect(try await eventually { !pids.contains(where: Processes.isThere) })
  }

  @Test func `an answer comes piece by piece, and the next turn resumes`() async throws {
    try script(#"say "${resumed:-$(resumed "$@")}first" "you said $TEXT""#)
    var kinds: [String] = []
    try await test.host.turn("chat", "hello", by: test.agent()) { turn in
      #expect(turn.disposition == "started")
      for try await piece in turn {
        kinds.append(piece.json["kind"]?.string ?? "")
        if case .text(let text) = piece { #expect(text == "you said hello") }
      }
      #expect(turn.result?.outcome == .succeeded)
    }
    // The result's text is the answer once more, and no second piece.
    #expect(kinds == ["raw", "text", "usage"])
    #expect(try test.session().sessionId == "first")
    try script(#"say "$(resumed "$@")" "again""#)
    #expect(try await test.answer("more") == ["again"])
    #expect(try test.session().sessionId == "first")
  }

  /// README's first loop: nobody was told, the run stayed open, and the next message wedged.
  @Test func `a CLI that is not there fails the run and wedges nothing`() async throws {
    await #expect { try await test.answer("hello") } throws: { error in
      let failed = error as? RunFailed
      return failed?.kind == .misconfigured && failed?.said?.contains("claude") == true
    }
    #expect(try test.session().openRun == nil)
    try script(#"say found "here""#)
    #expect(try await test.answer("hello") == ["here"])
  }

  @Test func `a CLI that hangs is ended in time, with what it has started`() async throws {
    try script(#"sleep 60 & echo "$$ $! ." > pids; wait"#)
    await #expect { try await test.answer("x", by: test.agent(timeout: 0.5)) } throws: { error in
      (error as? RunFailed)?.result.outcome == .timedOut
    }
    try await expectGone()
    #expect(try test.session().openRun == nil)
  }

  @Test func `a CLI that does not listen to SIGTERM is killed`() async throws {
    try script(#"trap '' TERM; echo "$$ ." > pids; while :; do sleep 0.1; done"#)
    await #expect(throws: RunFailed.self) {
      _ = try await test.answer("x", by: test.agent(timeout: 0.2))
    }
    try await expectGone()
  }

  @Test func `a dead session falls back within the turn`() async throws {
    try script(#"say gone "one""#)
    _ = try await test.answer("x")
    try script(
      #"""
      if [ -n "$(resumed "$@")" ]; then
        echo "No conversation found with session ID: gone" >&2; exit 1
      fi
      say new "two"
      """#)
    #expect(try await test.answer("y") == ["two"])
    #expect(try test.session().condemned == ["gone"])
    #expect(try test.session().sessionId == "new")
  }

  struct OfTheHost: Error {}

  @Test func `an error of the host ends the run as interrupted, and the CLI`() async throws {
    try script(
      #"echo '{"type":"system","subtype":"init","session_id":"s"}'; echo "$$ ." > pids; sleep 60"#)
    await #expect(throws: OfTheHost.self) {
      try await test.host.turn("chat", "x", by: test.agent()) { turn in
        for try await _ in turn {
          _ = try await test.pids()
          throw OfTheHost()
        }
      }
    }
    try await expectGone()
    let run = try #require(try test.session().json["lastRun"])
    #expect(run["outcome"]?.string == "interrupted")
  }

  @Test func `a loop that is left early cancels the run`() async throws {
    try script(
      #"echo '{"type":"system","subtype":"init","session_id":"s"}'; echo "$$ ." > pids; sleep 60"#)
    try await test.host.turn("chat", "x", by: test.agent()) { turn in
      for try await _ in turn {
        _ = try await test.pids()
        break
      }
    }
    try await expectGone()
    #expect(try test.session().json["lastRun"]?["outcome"]?.string == "cancelled")
  }

  @Test func `a task that is cancelled ends the run as interrupted`() async throws {
    try script(#"echo "$$ ." > pids; sleep 60"#)
    let task = Task { [test] in try await test.answer("x") }
    _ = try await test.pids()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await expectGone()
    #expect(try test.session().json["lastRun"]?["outcome"]?.string == "interrupted")
  }

  @Test func `after a reset nothing more is handed on, and the CLI is ended`() async throws {
    try script(
      #"""
      echo '{"type":"system","subtype":"init","session_id":"s"}'; echo "$$ ." > pids
      while [ ! -e go ]; do sleep 0.05; done
      say s "too late"
      sleep 60
      """#)
    var pieces: [OutputPiece] = []
    await #expect {
      try await test.host.turn("chat", "x", by: test.agent()) { turn in
        for try await piece in turn {
          pieces.append(piece)
          _ = try await test.pids()
          // By the engine, as another process would: nobody tells the turn.
          try test.reset()
          test.go()
        }
      }
    } throws: { error in (error as? WakelogError)?.code == .staleFence }
    #expect(pieces.count == 1)
    try await expectGone()
  }

  @Test func `stop ends the run as cancelled`() async throws {
    try script(#"echo "$$ ." > pids; sleep 60"#)
    let task = Task { [test] in try await test.answer("x") }
    _ = try await test.pids()
    #expect(test.host.stop("chat"))
    await #expect { try await task.value } throws: { error in
      (error as? RunFailed)?.result.outcome == .cancelled
    }
    #expect(!test.host.stop("chat"))
    try await expectGone()
  }

  @Test func `messages that come meanwhile are answered together, once`() async throws {
    try script(
      #"""
      echo "$TEXT" >> asked; echo "$$ ." > pids
      if [ "$TEXT" = one ]; then while [ ! -e go ]; do sleep 0.05; done; fi
      say s "${TEXT//$'\n'/+}"
      """#)
    let first = Task { [test] in try await test.answer("one") }
    _ = try await test.pids()
    let others = ["two", "three"].map { text in Task { [test] in try await test.answer(text) } }
    #expect(try await eventually { try test.session().isPending })
    try await Task.sleep(for: .milliseconds(200))
    test.go()
    #expect(try await first.value == ["one"])
    let answers = try await others[0].value + (try await others[1].value)
    #expect(answers.count == 1)
    #expect(Set(answers[0].split(separator: "+")) == ["two", "three"])
  }

  @Test func `a message that comes twice is answered once`() async throws {
    try script(#"say s "here""#)
    #expect(try await test.answer("x", key: "update-7") == ["here"])
    #expect(try await test.answer("x", key: "update-7") == [])
  }

  @Test func `the lease is renewed while the host is busy elsewhere`() async throws {
    try script(#"echo '{"type":"system"}'; sleep 3; say s "here""#)
    var agent = test.agent()
    agent.leaseSeconds = 1
    try await test.host.turn("chat", "x", by: agent) { turn in
      for try await _ in turn { try await Task.sleep(for: .milliseconds(1_500)) }
    }
    #expect(try test.session().json["lastRun"]?["outcome"]?.string == "succeeded")
  }

  @Test func `what a CLI leaves running does not hold up the turn`() async throws {
    try script(#"sleep 60 & echo "$! ." > pids; say s "here""#)
    #expect(try await test.answer("x") == ["here"])
    let left = try await test.pids()
    #expect(left.allSatisfy(Processes.isThere))
    for pid in left { kill(pid, SIGKILL) }
  }

  @Test func `no descriptor of the log reaches the CLI`() async throws {
    try script(#"ls -l /proc/self/fd > fds; say s "here""#)
    _ = try await test.answer("x")
    let named = test.text("fds").split(separator: "\n").filter { $0.contains("/log/") }
    // The lock of its run, which it can only read, is its alone.
    #expect(named.allSatisfy { $0.contains("/log/runs/") })
  }

  @Test func `environment, input and folder are the call's`() async throws {
    try script(#"say s "$NAME $(cat) $(basename "$OLDPWD") ${HOME-none}""#)
    let path = "\(test.folder.path)/bin:/usr/bin:/bin"
    let place = test.folder.path + "/bin"
    let agent = HostedAgent(
      "ada", provider: "claude",
      work: .command { _ in
        var call = AgentCall(["claude", "-p", "--output-format", "json"])
        call.environment = ["PATH": path, "NAME": "set", "HOME": nil as String?]
        call.input = "given"
        call.directory = place
        return call
      })
    #expect(try await test.answer("x", by: agent) == ["set given bin none"])
  }

  @Test func `text that is no JSON comes as it is printed`() async throws {
    try test.script(#"printf 'gr\303'; sleep 0.2; printf '\274n'"#, name: "mine")
    let path = "\(test.folder.path)/bin:/usr/bin:/bin"
    var agent = HostedAgent(
      "ada", provider: "mine",
      work: .command { _ in
        var call = AgentCall(["mine"])
        call.environment["PATH"] = path
        return call
      })
    // Which is what a misspelt name would be, and so has to be meant.
    let misspelt = agent
    await #expect(throws: WakelogError.self) { try await test.answer("x", by: misspelt) }
    agent.allowsUnknownProvider = true
    #expect(try await test.answer("x", by: agent).joined() == "grün")
  }

  @Test func `a closed host ends what it carries out`() async throws {
    try script(#"echo "$$ ." > pids; sleep 60"#)
    let task = Task { [test] in try await test.answer("x") }
    _ = try await test.pids()
    test.host.close()
    await #expect { try await task.value } throws: { error in
      (error as? RunFailed)?.result.outcome == .interrupted
    }
    try await expectGone()
    #expect(try test.session().openRun == nil)
    await #expect(throws: WakelogError.self) { try await test.answer("x") }
  }
}

/// Threads that want different things of one turn.
struct TurnRaceTests {
  let test: TestHost
  init() throws { test = try TestHost() }

  private func turn(_ session: String) throws -> Turn {
    var wake = WakeRequest(session: session, agent: "ada", provider: "claude", source: .message)
    wake.payload = "x"
    return try test.host.turn(TurnRequest(wake))
  }

  /// 24 of 60 CLIs lived on: one that was started while its turn was closed belonged to nobody.
  @Test func `a turn that is closed while its CLI starts leaves none`() async throws {
    try test.script(#"echo $$ >> started; exec sleep 60"#)
    let path = test.folder.path + "/bin/claude"
    for number in 0..<40 {
      let turn = try turn("s\(number)")
      guard case .attempt = try turn.next() else {
        Issue.record("no attempt")
        return
      }
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await aside { try? turn.start(AgentCall([path])) } }
        group.addTask {
          try? await Task.sleep(for: .microseconds(number * 100))
          try? await aside { turn.close() }
        }
      }
      #expect(turn.hasEnded)
    }
    #expect(
      try await eventually {
        let started = test.text("started").split(separator: "\n").compactMap { pid_t($0) }
        return !started.contains(where: Processes.isThere)
      })
  }

  private func aside(_ body: @escaping @Sendable () -> Void) async throws {
    await withCheckedContinuation { continuation in
      Foundation.Thread.detachNewThread {
        body()
        continuation.resume()
      }
    }
  }

  /// What was read before its own end is the turn's to hand on; what ends otherwise is not.
  @Test func `a check after the end tells its own end from another's`() throws {
    let own = try turn("own")
    _ = try own.next()
    var facts = FinishRequest(attempt: 0, fence: "")
    facts.outcome = .succeeded
    try own.finish(facts)
    try own.check()
    guard case .end(let result) = try own.next() else {
      Issue.record("no end")
      return
    }
    #expect(result?.outcome == .succeeded)
    let other = try turn("other")
    _ = try other.next()
    _ = try test.engine.reset(ResetRequest(session: "other"))
    #expect(throws: WakelogError.self) { try other.check() }
    #expect(throws: WakelogError.self) { try other.next() }
    other.close()
  }

  @Test func `a host that leaves its runs answers who waits for them`() async throws {
    let test = try TestHost(endsRuns: false)
    try test.script(#"echo "$$ ." > pids; sleep 60"#)
    let task = Task { try await test.answer("x") }
    let pids = try await test.pids()
    test.host.close()
    await #expect { try await task.value } throws: { ($0 as? WakelogError)?.code == .busy }
    #expect(pids.allSatisfy(Processes.isThere))
    #expect(try test.session().openRun != nil)
    for pid in pids { kill(-pid, SIGKILL) }
    // A zombie would be this process's for as long as it lives.
    #expect(try await eventually { pids.allSatisfy { kill($0, 0) != 0 } })
  }
}

extension TurnTests {
  /// A turn that waited was tended when the thread happened to look next, which may be a minute later.
  @Test func `the lease of a run that had to wait is renewed too`() async throws {
    try script(
      #"echo "$$ ." > pids; if [ "$TEXT" = one ]; then while [ ! -e go ]; do sleep 0.05; done; else sleep 3; fi; say s "$TEXT""#
    )
    let first = Task { [test] in try await test.answer("one") }
    _ = try await test.pids()
    var agent = test.agent()
    agent.leaseSeconds = 1
    let second = Task { [test, agent] in try await test.answer("two", by: agent) }
    #expect(try await eventually { try test.session().isPending })
    test.go()
    #expect(try await first.value == ["one"])
    #expect(try await second.value == ["two"])
    #expect(try test.session().json["lastRun"]?["outcome"]?.string == "succeeded")
  }

  /// The run of a process that was killed stays open until somebody finds its lease expired.
  @Test func `a turn that waits for a run whose process is gone gets its own`() async throws {
    try script(#"say s "here""#)
    var wake = WakeRequest(session: "chat", agent: "ada", provider: "claude", source: .message)
    wake.lease = 1
    _ = try await test.engine.wake(wake)
    #expect(try await test.answer("x") == ["here"])
  }
}
