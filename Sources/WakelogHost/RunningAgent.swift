/// A CLI that carries out an attempt.
struct RunningAgent: Sendable {
  let child: ChildProcess
  let lock: RunLock?
  /// The id that its session was begun under; nil where the CLI chooses it.
  let begun: String?
  /// How it is being ended.
  var termination = Termination()
}
