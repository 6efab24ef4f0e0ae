import Foundation
import Testing
import Wakelog

/// A thousand clients at a time, with three among them that ask for everything and read nothing.
///
/// `WAKELOG_CROWD` says how many, up to 2,000.
struct CrowdTests {
  static let size =
    ProcessInfo.processInfo.environment["WAKELOG_CROWD"].flatMap { Int($0) } ?? 1_000

  @Test func `a thousand connections are served beside three hogs, and one too many is told so`()
    throws
  {
    raiseDescriptors()
    let scratch = try Scratch()
    let host = try SocketHost(scratch.log, socket: scratch.path + "/s")
    let path = host.socket
    let before = anonymousKiB(host.process.processIdentifier)
    let crowd = (0..<Self.size).compactMap { _ in SocketClient(path) }
    try #require(crowd.count == Self.size)
    let hogs = (0..<3).compactMap { _ in SocketClient(path) }
    try #require(hogs.count == 3)
    let page = #"{"jsonrpc":"2.0","id":1,"method":"events","params":{"limit":10000}}"# + "\n"
    for hog in hogs { hog.send(String(repeating: page, count: 256)) }

    let shares = (0..<20).map { share in
      Later { () -> (served: Int, longest: TimeInterval) in
        var (served, longest) = (0, 0.0)
        for number in stride(from: share, to: crowd.count, by: 20) {
          if Self.run(crowd[number], "c\(number)") { served += 1 }
          let start = Date()
          if crowd[number].call("hello")["result"] == nil { served -= 1 }
          longest = max(longest, Date().timeIntervalSince(start))
        }
        return (served, longest)
      }
    }
    let results = shares.map { $0.value() }
    #expect(results.reduce(0) { $0 + $1.served } == Self.size)
    let grown = anonymousKiB(host.process.processIdentifier) - before
    // Three hogs at 64 MiB each at most, and a connection with its thread at 48 KiB.
    #expect(grown < 3 * 64 << 10 + Self.size * 48)
    print(
      "\(Self.size) connections and 3 hogs: \(grown >> 10) MiB more, the slowest hello "
        + "\(Int((results.map(\.longest).max() ?? 0) * 1_000)) ms")

    var others: [SocketClient] = []
    var refusal: JSONValue = .null
    while refusal.isNull, others.count < 2_100 {
      let client = try #require(SocketClient(path))
      let reply = client.call("hello")
      if reply["result"] == nil { refusal = reply } else { others.append(client) }
    }
    #expect(refusal["error"]?["data"]?["code"]?.string == "busy")
    #expect(refusal["error"]?["data"]?["limit"]?.integer == 2_048)
    #expect(crowd.allSatisfy { $0.call("hello")["result"] != nil })
    for hog in hogs { shutdown(hog.descriptor, Int32(SHUT_RDWR)) }
    #expect(host.stop(SIGTERM) == 0)
    #expect(try Tool.run(["verify", "--log", scratch.log]).status == 0)
  }

  /// A wake and its finish; whether both were answered as they should be.
  private static func run(_ client: SocketClient, _ name: String) -> Bool {
    let wake = client.call("wake", wakeParams(name))["result"] ?? .null
    guard let attempt = wake["attempt"], let fence = wake["fence"] else { return false }
    let end = client.call(
      "finish", ["attempt": attempt, "fence": fence, "exitCode": 0, "sessionId": "x", "turns": 1])
    return end["result"]?["settled"]?.bool == true
  }

  private func raiseDescriptors() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
