internal import Wakelog
internal import WakelogModel

// What happens beside wakes: resets, host processes and their upgrades.

extension Demo.PresentPlayer {
  mutating func witness(_ fact: Demo.Fact, index: Int) throws {
    switch fact.deed {
    case .wake, .note: break
    case .reset(let session, let because):
      var request = ResetRequest(session: session)
      request.because = because
      request.at = fact.at
      let result = try engine.reset(request).json
      script.add(
        index, "",
        "generation \(result["generation"]?.integer ?? 0) begins; what still runs is superseded",
        .good)
    case .hostStarted(let host, let version):
      try start(host, version, at: fact.at, index)
    case .hostUpgraded(let host, let to, let step, let detail):
      var request = UpgradeRequest(host: host, to: to, step: step)
      request.detail = detail
      request.at = fact.at
      let use = try engine.upgrade(request).json["use"]?.string
      versions[host] = use
      script.add(
        index, "",
        step == .staged
          ? "stages \(to) beside the running version"
          : "\(to) failed its test: stays on \(use ?? "?")",
        step == .failed ? .good : .plain)
    }
  }

  private mutating func start(
    _ host: String, _ version: String, at: Instant, _ index: Int
  ) throws {
    var request = HostRequest(host: host)
    request.version = version
    request.at = at
    do throws(WakelogError) {
      try engine.host(request)
      script.add(index, "", "starts \(version)")
    } catch {
      guard error.code == .conflict else { throw error }
      request.version = versions[host]
      try engine.host(request)
      script.add(
        index, "", "\(version) is not verified: starts \(versions[host] ?? "?") again", .good)
    }
  }
}
