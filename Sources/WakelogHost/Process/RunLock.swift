internal import Glibc
package import Wakelog
internal import WakelogModel
internal import WakelogStore

/// Shows that the processes of a run are alive: a file that they hold locked.
///
/// The CLI inherits the lock, and so does what it starts, so that it is held as long as any of them
/// lives, and the system lets go of it whichever way they die. A lock that can be taken is therefore
/// a run that nobody carries out; one that is held while its tool is gone, a run of orphans. The
/// file names both: the tool's process in its first line, the CLI's in the last.
package struct RunLock: Sendable {
  private let path: String
  /// Holds the lock; the CLI is to inherit it, and nobody else.
  package let descriptor: Int32

  /// Locks a run that has just started; nil where no file can be made, and then only the lease
  /// tells.
  package init?(run: UInt64, log: String) {
    let folder = Self.folder(log)
    unsafe mkdir(folder, 0o700)
    path = Self.path(run, log)
    // It can only be read.
    descriptor = unsafe open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    note(LocalProcess.own, isGroup: false, anew: true)
  }

  /// Names the CLI that carries the run out, before it runs: one without a name could not be ended.
  package func name(_ child: Int32, isGroup: Bool) {
    let process = LocalProcess(pid: child) ?? LocalProcess(pid: child, started: 0, machine: 0)
    note(process, isGroup: isGroup, anew: false)
  }

  private func note(_ process: LocalProcess, isGroup: Bool, anew: Bool) {
    let flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | (anew ? O_TRUNC : O_APPEND)
    let file = unsafe open(path, flags)
    guard file >= 0 else { return }
    defer { close(file) }
    let line = "\(process.pid) \(process.started) \(process.machine) \(isGroup ? 1 : 0)\n"
    _ = Descriptor.writeAll(Array(line.utf8)[...], to: file)
  }

  /// Lets go, once the run has ended.
  package func release() {
    unsafe unlink(path)
    close(descriptor)
  }

  /// The runs of a session that may still be carried out.
  package struct Runs: Sendable {
    /// The open one.
    var open: UInt64?
    /// The last that has ended.
    var last: UInt64?
  }

  /// The runs of a session that may still be carried out: the open one, and the last.
  package static func runs(
    of session: String, _ engine: Engine
  ) throws(WakelogError) -> Runs {
    let found = try engine.runs(of: session)
    return Runs(open: found.open, last: found.last)
  }

  /// What a run has left that lives on without the process that carried it out.
  package static func orphans(of runs: Runs, log: String) -> Orphans? {
    for run in [runs.open, runs.last] {
      if let run, let found = orphans(ofRun: run, log: log) { return found }
    }
    return nil
  }

  /// What one run has left that lives on without the process that carried it out.
  package static func orphans(ofRun run: UInt64, log: String) -> Orphans? {
    let path = path(run, log)
    // Of another container, or where /proc shows nothing, only the lease tells.
    guard isHeld(path), let lines = processes(path), let tool = lines.first,
      tool.process.machine != 0, tool.process.machine == LocalProcess.own.machine,
      !tool.process.isAlive
    else { return nil }
    return Orphans(run: run, path: path, cli: lines.count > 1 ? lines.last : nil)
  }

  /// Ends the open run of a session, if nobody carries it out any more: what a tool of this host has
  /// left, and what was just ended.
  package static func endAbandoned(
    _ runs: Runs, host: String?, by: String, ended: UInt64?, _ engine: Engine, log: String
  ) throws(WakelogError) {
    guard let run = runs.open else { return }
    var isOurs = ended == run
    if !isOurs, let host {
      isOurs = try engine.run(RunRequest(run: run)).json["host"]?.string == host
    }
    let path = path(run, log)
    guard isOurs, unsafe access(path, F_OK) == 0, !isHeld(path) else { return }
    do throws(WakelogError) {
      _ = try engine.abandon(
        AbandonRequest(
          run: run, by: host ?? by, why: "the processes that carried it out are gone"))
    } catch {
      // It ended meanwhile.
      guard error.code == .conflict else { throw error }
    }
    unsafe unlink(path)
  }

  /// Whether any process holds a lock.
  fileprivate static func isHeld(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }

  /// A process that a lock's file names.
  struct Named {
    var process: LocalProcess
    /// Whether it leads a group of its own.
    var isGroup: Bool
  }

  private static func processes(_ path: String) -> [Named]? {
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = Descriptor.read(descriptor, into: &bytes)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count == 4, let pid = pid_t(fields[0]), let started = UInt64(fields[1]),
        let machine = UInt64(fields[2])
      else { return nil }
      return Named(
        process: LocalProcess(pid: pid, started: started, machine: machine),
        isGroup: fields[3] == "1")
    }
  }

  private static func folder(_ log: String) -> String { log + "/runs" }
  private static func path(_ run: UInt64, _ log: String) -> String { "\(folder(log))/\(run).lock" }
}

/// Processes of a run whose tool is gone: a CLI that may still write to its session.
package struct Orphans {
  /// The run.
  package let run: UInt64
  fileprivate let path: String
  fileprivate let cli: RunLock.Named?

  /// The CLI's process, for messages.
  package var pid: Int32? { cli?.process.pid }

  /// The CLI as messages name it.
  package var name: String { pid.map { "process \($0)" } ?? "a process" }

  /// Whether any of them lives.
  package var live: Bool { RunLock.isHeld(path) }

  /// Waits until none lives, or for a time; gives whether none does.
  package func wait(seconds: Int, unless isOver: () -> Bool = { false }) -> Bool {
    var left = seconds * 10
    while live {
      guard left > 0, !isOver() else { return false }
      usleep(100_000)
      left -= 1
    }
    return true
  }

  /// Ends them, and gives whether none is left: politely at first.
  package func end() -> Bool {
    for (number, patience) in [(SIGTERM, 5), (SIGKILL, 2)] {
      signal(number)
      if wait(seconds: patience) { return true }
    }
    return false
  }

  private func signal(_ number: Int32) {
    guard let cli else { return }
    let (process, pid) = (cli.process, cli.process.pid)
    if process.isAlive { kill(cli.isGroup ? -pid : pid, number) }
    // Its group outlives it, and keeps its number from others.
    if cli.isGroup, LocalProcess(pid: pid) == nil { kill(-pid, number) }
  }
}
