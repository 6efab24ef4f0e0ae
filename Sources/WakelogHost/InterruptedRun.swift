internal import Glibc
public import WakelogModel
internal import WakelogStore

/// A run that an earlier process of the host left open, which the opening of the log has ended.
public struct InterruptedRun: Sendable {
  /// The run.
  public let run: UInt64
  /// The session key.
  public let session: String
  /// As `interrupted` of PROTOCOL's `host` has it.
  public let json: JSONValue
  private let log: String
  private let process: LocalProcess?

  init(_ json: JSONValue, log: String) {
    self.json = json
    self.log = log
    run = UInt64(clamping: json["run"]?.integer ?? 0)
    session = json["session"]?.string ?? ""
    let pid = json["alive"]?.bool == true ? json["pid"]?.integer : nil
    process = pid.flatMap { LocalProcess(pid: Int32(clamping: $0)) }
  }

  /// What the run was to answer, in the order of its wakes.
  public var payloads: [String] {
    json["payloads"]?.array?.compactMap { $0["payload"]?.string } ?? []
  }

  /// The agent; nil where the log does not say.
  public var agent: String? { json["agent"]?.string }

  /// Whether its CLI, or what that has started, still lives here.
  public var isAlive: Bool {
    RunLock.orphans(ofRun: run, log: log) != nil || process?.isAlive == true
  }

  /// Ends the CLI, and all that it has started, if they live: politely at first, by force after five
  /// seconds. Gives whether none is left.
  public func endOrphan() -> Bool {
    if let orphans = RunLock.orphans(ofRun: run, log: log) { return orphans.end() }
    guard let process else { return true }
    for (signal, patience) in [(SIGTERM, 50), (SIGKILL, 20)] where process.isAlive {
      kill(getpgid(process.pid) == process.pid ? -process.pid : process.pid, signal)
      for _ in 0..<patience where process.isAlive { usleep(100_000) }
    }
    return !process.isAlive
  }
}
