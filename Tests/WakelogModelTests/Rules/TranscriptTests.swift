import Testing
import WakelogModel
import WakelogTesting

/// What hosts saw on disk: transcripts and probes.
struct TranscriptTests {
  // OpenClaw #77011: the host could have looked; the transcript had been gone for days.
  @Test func `a wake that says the transcript is gone condemns the id`() {
    let world = World()
    world.bind(to: "x")
    let plan = world.wake(transcript: false).plan
    #expect(plan?.considered == ["bound x: transcript"])
    #expect(plan?.mode == .fresh)
    #expect(world.identity("x").condemned == .transcript)
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(transcript: true).plan?.considered == [])
    #expect(world.violations().isEmpty)
  }

  @Test func `facts on any candidate count for that candidate`() {
    let world = World()
    world.bind(to: "x")
    let plan = world.wake(resume: "v", transcripts: ["v": false, "x": true]).plan
    #expect(plan?.considered == ["explicit v: transcript", "bound x: offered"])
    #expect(world.identity("v").condemned == .transcript)
  }

  // Refused for another reason, the id was condemned all the same, and gone when it would do.
  @Test func `an id that was refused before is not condemned for its transcript`() {
    let world = World()
    world.bind(to: "x")
    #expect(world.wake(forceFresh: true, transcript: false).plan?.considered == ["bound x: reset"])
    #expect(world.identity("x").condemned == nil)
  }

  @Test func `a probe that finds nothing condemns, one that finds it changes nothing`() {
    let world = World()
    world.bind(to: "x")
    world.settleExpectations()
    world.probe(sessionId: "x", exists: true)
    let kept = world.expectChange()
    #expect(kept.isEmpty, "\(kept)")
    world.probe(sessionId: "x", exists: false)
    let gone = world.expectChange { expected in
      expected.session().bound = nil
      expected.session().provenBy = nil
      expected.session().condemned = ["x"]
      expected.identity("x").condemned = .transcript
    }
    #expect(gone.isEmpty, "\(gone)")
  }

  // A probe looked while the CLI was rewriting the file, and shot a session that was alive.
  @Test func `a probe does not condemn what an open run is resuming`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.probe(sessionId: "x", exists: false)
    #expect(world.identity("x").condemned == nil)
    world.succeed("x")
    #expect(world.wake().plan?.sessionId == "x")
    #expect(world.probe("none", sessionId: "x", exists: false).error == "notFound")
  }
}
