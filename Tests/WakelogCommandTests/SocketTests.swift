import Foundation
import Testing
import Wakelog

struct SocketTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }
  private var socket: String { scratch.path + "/s" }

  @Test func `the socket is its owner's alone, and goes with the server`() throws {
    let host = try SocketHost(scratch.log, socket: socket)
    let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(SocketClient(socket)?.call("hello")["result"] != nil)
    #expect(host.stop(SIGTERM) == 0)
    #expect(!FileManager.default.fileExists(atPath: socket))
  }

  @Test(.enabled(if: getuid() == 0, "needs root to become another user"))
  func `another user is refused`() async throws {
    let host = try SocketHost(scratch.log, socket: socket)
    // Even where the file's mode would let them in.
    chmod(socket, 0o777)
    chmod(scratch.path, 0o755)
    await #expect(processExitsWith: .success) { [path = socket as String] in
      setuid(65_534)
      let client = try #require(SocketClient(path))
      #expect(client.call("hello")["result"] == nil)
    }
    #expect(SocketClient(socket)?.call("hello")["result"] != nil)
    _ = host.stop(SIGTERM)
  }

  @Test func `a file left by a killed server is replaced, a served one is not`() throws {
    let first = try SocketHost(scratch.log, socket: socket)
    _ = first.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: socket))
    let second = try SocketHost(scratch.log, socket: socket)
    let third = try Tool.run(["serve", "--log", scratch.path + "/other", "--socket", socket])
    #expect(third.status == 4)
    #expect(third.errors.contains("another server"))
    #expect(SocketClient(socket)?.call("hello")["result"] != nil)
    _ = second.stop(SIGTERM)
  }

  @Test func `sixty-four clients, one that does not read and one that vanishes, hold up nobody`()
    throws
  {
    let host = try SocketHost(scratch.log, socket: socket)
    let path = socket
    // Asks for much and reads nothing of it.
    let deaf = try #require(SocketClient(path))
    let hello = #"{"jsonrpc":"2.0","id":1,"method":"hello"}"# + "\n"
    let flood = Later {
      for _ in 0..<20_000 { deaf.send(hello) }
      return true
    }
    // Goes away in the middle of a line.
    SocketClient(path)?.send(#"{"jsonrpc":"2.0","id":1,"meth"#)
    // Two hear every event as it comes, from before the first to the last.
    let listeners = (0..<2).map { _ in
      Later { () -> [Int64] in
        guard let client = SocketClient(path) else { return [] }
        _ = client.call("subscribe")
        return (0..<Self.events).map { _ in client.sequence() ?? 0 }
      }
    }
    let clients = (0..<64).map { number in
      Later { () -> Int in
        guard let client = SocketClient(path) else { return 0 }
        var answered = 0
        for step in 0..<Self.wakes {
          let reply = client.call("wake", wakeParams("c\(number)-\(step)"))
          if reply["result"]?["disposition"]?.string == "started" { answered += 1 }
        }
        return answered
      }
    }
    for client in clients { #expect(client.value() == Self.wakes) }
    for listener in listeners { #expect(listener.value() == (1...Int64(Self.events)).map { $0 }) }
    shutdown(deaf.descriptor, Int32(SHUT_RDWR))
    _ = flood.value()
    #expect(SocketClient(path)?.call("sessions")["result"]?["items"]?.array?.count == 640)
    #expect(host.stop(SIGTERM) == 0)
  }

  /// Wakes of each of the sixty-four.
  private static let wakes = 10
  /// What they make: of each wake the request, the key's first generation, the run, its attempt.
  private static let events = 64 * wakes * 4

  @Test func `a subscriber that reads late gets every event, and the server keeps none for it`()
    throws
  {
    let host = try SocketHost(scratch.log, socket: socket)
    let slow = try #require(SocketClient(socket))
    _ = slow.call("subscribe")
    let writer = try #require(SocketClient(socket))
    _ = writer.call("hello")
    let before = anonymousKiB(host.process.processIdentifier)
    let text = String(repeating: "x", count: 40_000)
    for step in 0..<150 {
      let wake = writer.call("wake", wakeParams("k\(step)"))["result"] ?? .null
      _ = writer.call(
        "finish",
        [
          "attempt": wake["attempt"] ?? .null, "fence": wake["fence"] ?? .null, "exitCode": 1,
          "stderr": .string(text),
        ])
    }
    // Of 6 MB of evidence no more than some pages of events are under way to the reader.
    #expect(anonymousKiB(host.process.processIdentifier) < before + 4 << 10)
    let last = try #require(writer.call("wake", wakeParams("last"))["result"]?["run"]?.integer)
    #expect(last > 900)
    #expect((0..<last).map { _ in slow.sequence() ?? 0 } == (1...last).map { $0 })
    #expect(host.stop(SIGTERM) == 0)
  }

  @Test func `two servers on one log lose nothing and agree on one order`() throws {
    let one = try SocketHost(scratch.log, socket: scratch.path + "/a")
    let two = try SocketHost(scratch.log, socket: scratch.path + "/b")
    let sockets = [one.socket, two.socket]
    let writers = (0..<4).map { number in
      Later { () -> Int in
        guard let client = SocketClient(sockets[number % 2]) else { return 0 }
        var done = 0
        for step in 0..<30 {
          let wake = client.call("wake", wakeParams("w\(number)"))["result"] ?? .null
          guard let attempt = wake["attempt"], let fence = wake["fence"] else { continue }
          let end = client.call(
            "finish",
            [
              "attempt": attempt, "fence": fence, "exitCode": 0, "turns": 1,
              "sessionId": .string("id-\(number)-\(step)"),
            ])
          if end["result"]?["settled"]?.bool == true { done += 1 }
        }
        return done
      }
    }
    for writer in writers { #expect(writer.value() == 30) }
    let views = sockets.map { SocketClient($0)?.call("events", ["limit": 10_000])["result"] }
    #expect(views[0] == views[1])
    #expect(views[0]?["items"]?.array?.count ?? 0 > 600)
    _ = (one.stop(SIGTERM), two.stop(SIGTERM))
    #expect(try Tool.run(["verify", "--log", scratch.log]).status == 0)
  }
}
