import WakelogModel

extension RandomHistory {
  /// Ends an attempt in one of the ways that attempts end.
  mutating func finish(_ key: String, _ world: World) {
    let asked = world.openRun(key).flatMap { world.id(of: $0.asked) } ?? ""
    let reported = [asked, asked, "", "x\(roll(6))", "n\(roll(40))"][roll(5)]
    switch roll(20) {
    case 0..<6:
      world.finish(
        key, sessionId: reported, exitCode: 0, turns: 2,
        resumed: [nil, nil, true, false][roll(4)], inputTokens: UInt64(roll(6_000)))
    case 6: world.finish(key, sessionId: reported, exitCode: 0, stdout: "done")
    case 7: world.finish(key, sessionId: reported, exitCode: 0, turns: 0)
    case 8: world.finish(key, exitCode: 0)
    default: fail(key, reported, world)
    }
  }

  private mutating func fail(_ key: String, _ reported: String, _ world: World) {
    let turns: Int64? = [nil, 0, 0, 2][roll(4)]
    switch roll(11) {
    case 0, 1:
      world.finish(
        key, sessionId: reported, exitCode: 1,
        stderr: "No conversation found with session ID: \(reported)", turns: 0)
    case 2:
      world.finish(
        key, sessionId: reported, exitCode: 1, stderr: "Error: prompt is too long",
        turns: turns)
    case 3: world.finish(key, outcome: .timedOut, sessionId: reported, turns: turns)
    case 4: world.finish(key, sessionId: reported, signal: 9, turns: turns)
    case 5:
      world.finish(
        key, sessionId: reported, exitCode: 1, status: 429, turns: turns,
        retryAfterSeconds: UInt32(roll(90)))
    case 6: world.finish(key, sessionId: reported, exitCode: 1, status: 401, turns: turns)
    case 7: world.finish(key, sessionId: reported, errorCode: "ECONNRESET", turns: turns)
    case 8: world.finish(key, outcome: .cancelled, sessionId: reported, turns: turns)
    case 9:
      world.finish(
        key, sessionId: reported, exitCode: 1,
        stderr: "Error: Session ID \(reported) is already in use.", turns: 0)
    default: world.finish(key, sessionId: reported, exitCode: 1, turns: turns)
    }
  }
}
