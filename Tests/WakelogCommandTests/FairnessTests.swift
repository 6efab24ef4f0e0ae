import Foundation
import Testing
import Wakelog

/// One client that asked for much and read nothing once took 2 GiB, and 88 s of everybody's time.
struct FairnessTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }
  private var socket: String { scratch.path + "/s" }

  /// Sessions whose parameters fill eight pages: they stand in `bound` and in `bindings`.
  private static let sessions = 256

  /// How many times the hog asks for all of them: for 128 MiB.
  private static let requests = 32

  /// Makes the sessions, and gives the number of events.
  private func fill() throws -> Int {
    let engine = try Engine.open(scratch.log)
    defer { engine.close() }
    let params: JSONValue = ["x": .string(String(repeating: "y", count: 16_000))]
    for number in 0..<Self.sessions {
      let wake = try engine.call("wake", try #require(wakeParams("s\(number)").object))
      let end: JSONValue = [
        "attempt": wake["attempt"] ?? .null, "fence": wake["fence"] ?? .null, "exitCode": 0,
        "turns": 1, "sessionId": .string("id-\(number)"), "params": params,
      ]
      _ = try engine.call("finish", try #require(end.object))
    }
    return try #require(engine.call("hello")["events"]?.integer.map { Int($0) })
  }

  @Test func `pages end at about a mebibyte, and lead through everything once`() throws {
    let events = try fill()
    let server = try Server(["--log", scratch.log])
    var (keys, pages, after) = ([String](), 0, JSONValue.null)
    repeat {
      let page = try server.call("sessions", ["after": after, "limit": 10_000])["result"] ?? .null
      #expect(page.text.utf8.count < 1 << 20 + 32 << 10)
      keys += (page["items"]?.array ?? []).compactMap { $0["key"]?.string }
      (pages, after) = (pages + 1, page["after"] ?? .null)
    } while !after.isNull
    #expect(keys == (0..<Self.sessions).map { "s\($0)" })
    #expect(pages == 8)
    var (numbers, from) = ([Int64](), JSONValue.integer(1))
    repeat {
      let page = try server.call("events", ["from": from, "limit": 10_000])["result"] ?? .null
      numbers += (page["items"]?.array ?? []).compactMap { $0["seq"]?.integer }
      from = page["next"] ?? .null
    } while !from.isNull
    #expect(numbers == (1...Int64(events)).map { $0 })
    // Of one key too.
    let first = try server.call("events", ["session": "s0", "limit": 3])["result"] ?? .null
    #expect(first["items"]?.array?.count == 3)
    let rest = try server.call("events", ["session": "s0", "from": first["next"] ?? .null])
    #expect(rest["result"]?["next"]?.isNull == true)
    #expect((rest["result"]?["items"]?.array ?? []).allSatisfy { $0["session"]?.string == "s0" })
  }

  @Test func `a client that asks for pages and reads none costs little, and gets all later`()
    throws
  {
    _ = try fill()
    let host = try SocketHost(scratch.log, socket: socket)
    let other = try #require(SocketClient(socket))
    _ = other.call("hello")
    let before = anonymousKiB(host.process.processIdentifier)
    let hog = try #require(SocketClient(socket))
    var lines = ""
    for number in 0..<Self.requests {
      lines += #"{"jsonrpc":"2.0","id":\#(number),"method":"sessions","params":{"limit":1000}}"#
      lines += "\n"
    }
    hog.send(lines)
    for _ in 0..<20 {
      #expect(other.call("hello")["result"] != nil)
      #expect(anonymousKiB(host.process.processIdentifier) < before + 32 << 10)
    }
    for number in 0..<Self.requests {
      let line = try #require(hog.line())
      #expect(line.hasPrefix(#"{"jsonrpc":"2.0","id":\#(number),"result":{"items":[{"key":"s0""#))
    }
    #expect(anonymousKiB(host.process.processIdentifier) < before + 32 << 10)
    #expect(host.stop(SIGTERM) == 0)
  }

  @Test func `clients that send a byte at a time, half a line or too much hold up nobody`() throws {
    let host = try SocketHost(scratch.log, socket: socket)
    let half = try #require(SocketClient(socket))
    half.send(#"{"jsonrpc":"2.0","id":1,"#)
    let long = try #require(SocketClient(socket))
    long.send(String(repeating: "x", count: 1 << 20 + 1) + "\n")
    let slow = try #require(SocketClient(socket))
    let other = try #require(SocketClient(socket))
    for byte in #"{"jsonrpc":"2.0","id":7,"method":"hello"}"# {
      slow.send(String(byte))
      #expect(other.call("hello")["result"] != nil)
    }
    slow.send("\n")
    let reply = try JSONParser.parse(try #require(slow.line()))
    #expect(reply["id"] == 7)
    #expect(long.line()?.contains("tooLarge") == true)
    #expect(host.stop(SIGTERM) == 0)
  }

  @Test func `where descriptors run out a connection is refused with words, and one freed is used`()
    throws
  {
    let host = try SocketHost(scratch.log, socket: socket, descriptors: 64)
    var clients: [SocketClient] = []
    var refusal: JSONValue = .null
    while refusal.isNull, clients.count < 64 {
      let client = try #require(SocketClient(socket))
      let reply = client.call("hello")
      if reply["result"] == nil { refusal = reply } else { clients.append(client) }
    }
    #expect(refusal["error"]?["data"]?["code"]?.string == "busy")
    #expect(refusal["error"]?["message"]?.string?.contains("open") == true)
    #expect(clients.count > 16)
    #expect(clients.allSatisfy { $0.call("hello")["result"] != nil })
    clients.removeLast()
    // The server closes its side once it has read the end.
    var isServed = false
    while !isServed { isServed = SocketClient(socket)?.call("hello")["result"] != nil }
    #expect(host.stop(SIGTERM) == 0)
  }
}
