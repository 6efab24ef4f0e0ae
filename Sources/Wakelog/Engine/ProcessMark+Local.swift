import WakelogModel
import WakelogStore

extension ProcessMark {
  /// What the log keeps of the process that has a number on this machine.
  init(local pid: UInt32) {
    let found = Int32(exactly: pid).flatMap { LocalProcess(pid: $0) }
    self.init(pid: pid, started: found?.started ?? 0, machine: found?.machine ?? 0)
  }

  /// What the log keeps of this process.
  static var own: ProcessMark {
    let own = LocalProcess.own
    return ProcessMark(pid: UInt32(own.pid), started: own.started, machine: own.machine)
  }

  /// Whether it still runs on this machine.
  var isAlive: Bool {
    guard let pid = Int32(exactly: pid) else { return false }
    return LocalProcess(pid: pid, started: started, machine: machine).isAlive
  }
}
