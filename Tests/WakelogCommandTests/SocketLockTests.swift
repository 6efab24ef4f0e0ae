import Foundation
import Testing
import Wakelog

/// `flock /tmp` by anybody kept every server from starting there, without a word.
struct SocketLockTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }
  private var socket: String { scratch.path + "/s" }
  private var lock: String { socket + ".lock" }

  private func serve() throws -> Tool.Outcome {
    try Tool.run(["serve", "--log", scratch.path + "/other", "--socket", socket])
  }

  @Test func `a lock on the folder is nobody's business`() throws {
    let folder = open(scratch.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    #expect(flock(folder, LOCK_EX) == 0)
    let host = try SocketHost(scratch.log, socket: socket)
    #expect(SocketClient(socket)?.call("hello")["result"] != nil)
    #expect(host.stop(SIGTERM) == 0)
  }

  @Test func `the lock is a file of its owner's alone, names its server, and goes with it`() throws
  {
    let host = try SocketHost(scratch.log, socket: socket)
    let mode = try FileManager.default.attributesOfItem(atPath: lock)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let second = try serve()
    #expect(second.status == 4)
    #expect(second.errors.contains("process \(host.process.processIdentifier)"))
    #expect(host.stop(SIGTERM) == 0)
    #expect(!FileManager.default.fileExists(atPath: lock))
  }

  @Test func `a lock file left by a killed server is taken over`() throws {
    _ = try SocketHost(scratch.log, socket: socket).stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: lock))
    let host = try SocketHost(scratch.log, socket: socket)
    #expect(scratch.text("s.lock") == "\(host.process.processIdentifier)\n")
    #expect(host.stop(SIGTERM) == 0)
  }

  @Test func `a link, a pipe or a folder in the lock's place is refused and stays as it is`() throws
  {
    let target = scratch.path + "/target"
    try "precious".write(toFile: target, atomically: true, encoding: .utf8)
    for make in [
      { symlink(target, lock) }, { mkfifo(lock, 0o600) }, { mkdir(lock, 0o700) },
    ] as [() -> Int32] {
      #expect(make() == 0)
      let outcome = try serve()
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(lock))
      #expect(outcome.errors.contains("choose another path"))
      try FileManager.default.removeItem(atPath: lock)
    }
    #expect(scratch.text("target") == "precious")
  }

  @Test func `a file that is no socket is refused, and its lock is let go`() throws {
    try "precious".write(toFile: socket, atomically: true, encoding: .utf8)
    #expect(try serve().status == 2)
    #expect(scratch.text("s") == "precious")
    #expect(!FileManager.default.fileExists(atPath: lock))
  }

  @Test(.enabled(if: getuid() == 0, "needs root to give files away"))
  func `another user's socket or lock file is refused, and stays`() throws {
    _ = try SocketHost(scratch.log, socket: socket).stop(SIGKILL)
    for file in [socket, lock] {
      #expect(chown(file, 65_534, 65_534) == 0)
      let outcome = try serve()
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("user's"))
      #expect(FileManager.default.fileExists(atPath: file))
      #expect(chown(file, 0, 0) == 0)
    }
  }
}
