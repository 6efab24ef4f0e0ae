internal import Glibc
internal import Wakelog
internal import WakelogModel

/// Shows that the processes of a run are alive: a file that they hold locked.
///
/// The CLI inherits the lock, so that it is held as long as either lives, and the system lets go of
/// it whichever way they die. A lock that can be taken is therefore a run that nobody carries out.
struct RunLock {
  private let path: String
  private let descriptor: Int32

  /// Locks a run that has just started; nil where no file can be made, and then only the lease
  /// tells.
  init?(run: UInt64, log: String) {
    let folder = Self.folder(log)
    unsafe mkdir(folder, 0o700)
    path = Self.path(run, log)
    // The one descriptor that the CLI is to inherit. It can be read, and the file is empty.
    descriptor = unsafe open(path, O_RDONLY | O_CREAT | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
  }

  /// Lets go, once the run has ended.
  func release() {
    unsafe unlink(path)
    close(descriptor)
  }

  /// Ends the open run of a session that was started on this host by processes that are gone.
  static func endAbandoned(session: String, host: String, _ engine: Engine, log: String) throws {
    let run: UInt64
    do throws(WakelogError) {
      guard let open = try engine.session(SessionRequest(session: session)).openRun,
        try engine.run(RunRequest(run: open)).json["host"]?.string == host
      else { return }
      run = open
    } catch {
      // The session's first wake.
      guard error.code == .notFound else { throw error }
      return
    }
    let path = path(run, log)
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    do throws(WakelogError) {
      _ = try engine.abandon(
        AbandonRequest(run: run, by: host, why: "the processes that carried it out are gone"))
    } catch {
      // It ended meanwhile.
      guard error.code == .conflict else { throw error }
    }
    unsafe unlink(path)
  }

  private static func folder(_ log: String) -> String { log + "/runs" }
  private static func path(_ run: UInt64, _ log: String) -> String { "\(folder(log))/\(run).lock" }
}
