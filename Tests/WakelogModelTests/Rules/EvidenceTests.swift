import Testing
import WakelogModel
import WakelogTesting

/// What an attempt's end says of its session, and what it does not.
struct EvidenceTests {
  // Gemini started a new conversation without a word when the old one was gone, and the host
  // reported a resumed session for weeks.
  @Test func `a provider that silently starts cold is noticed by its id`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let done = world.succeed("y")
    #expect(done.settled == true)
    #expect(done.kinds.contains("fallback.taken"))
    #expect(world.session().bound == "y")
    #expect(world.session().via == .fallback)
    #expect(world.session().lastError == nil)
  }

  // The same with a provider that says so and names no id.
  @Test func `a cold start without an id leaves the key unbound`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.finish(exitCode: 0, turns: 1, resumed: false)
    #expect(world.session().bound == nil)
    #expect(world.session().via == .fallback)
    #expect(world.identity("x").condemned == nil)
  }

  // A resuming attempt that reports nothing has stayed where it was asked to be.
  @Test func `a success without an id keeps a resumed session and clears after a fresh start`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.finish(exitCode: 0, turns: 1)
    #expect(world.session().bound == "x")
    world.wake(forceFresh: true)
    world.finish(exitCode: 0, turns: 1)
    #expect(world.session().bound == nil)
  }

  // OpenClaw took exit code 0 for a success when the CLI had said nothing and done nothing.
  @Test func `exit code 0 without a turn and without output has failed`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let quiet = world.finish(exitCode: 0, turns: 0)
    #expect(quiet.failure == .emptyResponse)
    #expect(world.session().lastRun == .failed)
    #expect(world.identity("x").suspicion == 1)
    #expect(world.session().bound == "x")
  }

  // A CLI printed that it knew no such session, and exited with 0.
  @Test(arguments: [nil, ReportedOutcome.succeeded])
  func `exit code 0 with a lost session's text has failed`(_ outcome: ReportedOutcome?) {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let end = world.finish(exitCode: 0, turns: 0, stderr: unknownSession, outcome: outcome)
    #expect(end.failure == .unknownSession)
    #expect(end.settled == false)
  }

  // A success that took no turn was taken for a proof, and its echoed id was bound.
  @Test func `a success without a turn proves nothing and clears no suspicion`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.finish(outcome: .timedOut)
    world.wake()
    world.finish(exitCode: 0, sessionId: "y", turns: 0, stdout: "ok", outcome: .succeeded)
    #expect(world.session().bound == "x")
    #expect(world.identity("x").suspicion == 1)
    #expect(world.identity("y").isProven == false)
    #expect(world.wake(resume: "y").plan?.considered.first == "explicit y: unproven")
  }

  // Hermes took `401 token expired` for an expired session and threw the conversation away.
  @Test(arguments: [
    "401 Unauthorized: OAuth token has expired", "API Error: 401 authentication token expired",
  ])
  func `credentials that expired are no expired session`(_ text: String) {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let failed = world.finish(exitCode: 1, turns: 0, stderr: text)
    #expect(failed.failure?.family == .configuration)
    #expect(failed.settled == true)
    #expect(world.session().bound == "x")
    #expect(world.wake().plan?.sessionId == "x")
  }

  // An assistant explained the message to its user, and the host condemned the session over it.
  @Test func `assistant prose that quotes an error message is prose`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let done = world.finish(
      exitCode: 0, sessionId: "x", turns: 2,
      stdout: "The log says `No conversation found with session ID: x`. Start a new one.")
    #expect(done.outcome == .succeeded)
    #expect(world.session().bound == "x")
    world.wake()
    let failed = world.finish(
      exitCode: 1, sessionId: "x", turns: 2,
      stdout: "I saw: No conversation found with session ID: x\nand gave up.")
    #expect(failed.failure == .agentError)
    #expect(world.session().bound == "x")
    #expect(world.violations().isEmpty)
  }

  // Rate limits were met with a fresh session each, and every user lost their conversation.
  @Test(
    arguments: [
      (429, FailureKind.rateLimited), (529, .overloaded), (500, .serverError), (503, .serverError),
    ] as [(Int64, FailureKind)])
  func `limits and outages leave the binding alone`(_ status: Int64, _ kind: FailureKind) {
    let world = World()
    world.bind(to: "x")
    for _ in 0..<4 {
      world.wake()
      let failed = world.finish(exitCode: 1, turns: 0, status: status)
      #expect(failed.settled == true)
      #expect(failed.failure == kind || failed.failure == .overloaded)
    }
    #expect(world.session().bound == "x")
    #expect(world.identity("x").suspicion == 0)
    #expect(world.identity("x").condemned == nil)
    #expect(world.wake().plan?.sessionId == "x")
  }

  // The network was down for a night; the next morning every session had been given up.
  @Test func `an unreachable network leaves the binding alone`() {
    let world = World()
    world.bind(to: "x")
    for _ in 0..<4 {
      world.wake()
      let failed = world.finish(exitCode: 1, turns: 0, errorCode: "ECONNRESET")
      #expect(failed.failure == .network)
    }
    #expect(world.wake().plan?.sessionId == "x")
  }

  // Archon read the id in the stream and again in the batch result, by two paths with two rules.
  @Test(arguments: [true, false])
  func `streamed and batched results go one way`(_ isStreamed: Bool) {
    let world = World()
    world.wake()
    if isStreamed { world.progress(sessionId: "x") }
    world.finish(exitCode: 0, sessionId: "x", turns: 1)
    #expect(world.session().bound == "x")
    #expect(world.session().provenBy == .success)
    world.wake(forceFresh: true)
    if isStreamed { world.progress(sessionId: "z") }
    world.finish(exitCode: 1, sessionId: "z", turns: 0)
    #expect(world.session().bound == nil)
  }

  // A process was killed after an hour's work in a new session, and the host forgot its id.
  @Test func `an id that progress saw entered outlives the process`() {
    let world = World()
    world.host("gw")
    world.wake(host: "gw")
    world.progress(sessionId: "x", entered: true)
    #expect(world.session().bound == "x")
    world.host("gw")
    #expect(world.session().lastRun == .interrupted)
    #expect(world.wake().plan?.sessionId == "x")
    #expect(world.violations().isEmpty)
  }

  // Three hundred turns in, the agent failed; its session is as good as before.
  @Test func `a failing result's id is bound when the attempt entered it`() {
    let world = World()
    world.wake()
    let failed = world.finish(exitCode: 1, sessionId: "x", turns: 300)
    #expect(failed.failure == .agentError)
    #expect(world.session().bound == "x")
    #expect(world.session().provenBy == .entered)
    #expect(world.wake().plan?.sessionId == "x")
  }
}
