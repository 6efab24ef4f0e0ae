import Foundation

/// A shell on a terminal of its own, as a person sits at it.
final class Terminal {
  private let descriptor: Int32
  private let shell: pid_t
  private var shown: [UInt8] = []

  struct CannotOpen: Error {}

  /// Starts the shell in a folder.
  init(folder: String) throws {
    var ends: (mine: Int32, its: Int32) = (-1, -1)
    guard openpty(&ends.mine, &ends.its, nil, nil, nil) == 0 else { throw CannotOpen() }
    descriptor = ends.mine
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let name = ttyname(ends.its).map { String(cString: $0) } ?? ""
    // Kept open until the shell has it: a terminal that nobody has open is gone.
    _ = fcntl(ends.its, F_SETFD, FD_CLOEXEC)
    defer { close(ends.its) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session's leader opens is its own.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which the module map leaves out.
    var signals = sigset_t()
    sigfillset(&signals)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, 0x80 | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-i"), nil]
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    guard posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, environ) == 0 else {
      throw CannotOpen()
    }
    shell = process
    type("cd '\(folder)'; PS1='$ '; echo at \"\"work\n")
    guard wait(for: "at work") else { throw CannotOpen() }
  }

  deinit {
    kill(shell, SIGKILL)
    close(descriptor)
    waitpid(shell, nil, 0)
  }

  /// Presses keys.
  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// What the terminal has shown since the last call that found something.
  var text: String { String(decoding: shown, as: UTF8.self) }

  /// Waits until the terminal shows a text, and forgets all up to it; false after twenty seconds.
  func wait(for wanted: String) -> Bool {
    let deadline = Date().addingTimeInterval(20)
    while true {
      if let range = text.range(of: wanted) {
        shown = Array(text[range.upperBound...].utf8)
        return true
      }
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.timeIntervalSinceNow
      guard left > 0, poll(&polled, 1, Int32(left * 1_000) + 1) > 0 else { return false }
      var chunk = [UInt8](repeating: 0, count: 4_096)
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return false }
      shown += chunk[..<count]
    }
  }
}
