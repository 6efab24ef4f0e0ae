internal import Glibc
internal import Wakelog
internal import WakelogModel
internal import WakelogTesting

extension Demo {
  /// One play of an incident, and what it came to.
  struct Side {
    var rules: [String]
    var script: Script
    var totals: Totals
    /// The events that it left, first and last.
    var events: ClosedRange<UInt64>
    /// The fact that each of them answers to; empty where nobody asks.
    var owners: [Int] = []
    var breaches: [Breach] = []
  }

  /// An incident with both plays.
  struct Act {
    var incident: Incident
    var past: Side
    var present: Side

    /// Whether its laws, and those it is known for among them, broke as it was, and none here.
    var isAsTold: Bool {
      let broken = Set(past.breaches.map(\.law))
      return broken.isSuperset(of: incident.breaks) && present.breaches.isEmpty
    }

    /// The first event, as it was, that broke each law.
    var firstBreaches: [Breach] {
      past.breaches.filter { one in
        !past.breaches.contains { $0.law == one.law && $0.event < one.event }
      }
    }

    /// The fact that was being dealt with when a law broke.
    func owner(of breach: Breach) -> Int {
      past.owners[Int(breach.event - past.events.lowerBound)]
    }

    /// The session keys that it is about, in the order in which they occur.
    var sessions: [String] {
      var seen: [String] = []
      for case .wake(let wake) in incident.facts.map(\.deed) where !seen.contains(wake.session) {
        seen.append(wake.session)
      }
      return seen
    }
  }

  /// All incidents played, with both logs on disk.
  struct Show {
    /// The folder of both logs.
    let directory: String
    private(set) var acts: [Act] = []

    /// The log of what the hosts did.
    var pastDirectory: String { directory + "/as-it-was" }
    /// The log of what happens here.
    var presentDirectory: String { directory + "/here" }
    /// Whether everything is as the incidents are known.
    var isAsTold: Bool { acts.allSatisfy(\.isAsTold) }

    /// Plays everything into new logs in a folder.
    init(directory: String) throws {
      self.directory = directory
      guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
        throw Fault("\(directory) cannot be made; name another folder")
      }
      let incidents = try Incidents.texts.map { try Incident(lines: $0) }
      var options = Engine.Options()
      options.givenClock = true
      let engine = try Engine.open(presentDirectory, options: options)
      defer { engine.close() }
      guard try position(engine) == 0 else {
        throw Fault("\(presentDirectory) holds a log already; name another folder")
      }
      var log = PastLog()
      for incident in incidents {
        let past = try playPast(incident, &log)
        acts.append(
          Act(incident: incident, past: past, present: try playPresent(incident, engine)))
      }
      var lines = log.lines.makeIterator()
      _ = try Engine.importLog(to: pastDirectory) { lines.next() }
      var present: [JSONValue] = []
      try engine.export { present.append($0) }
      judge(
        try breaches(of: log.lines, suspectLimit: 100), try breaches(of: present, suspectLimit: 2))
    }

    private func playPast(_ incident: Incident, _ log: inout PastLog) throws -> Side {
      guard let rules = AsItWas(named: incident.rules) else {
        throw Fault("no host as it was is called \(incident.rules)")
      }
      let first = log.last + 1
      var player = PastPlayer(rules, policy: incident.policy, after: log.last)
      var stage = Stage(incident.world)
      try stage.play(incident.facts, before: &player)
      log.append(player.world)
      return Side(
        rules: rules.host.rules, script: player.script, totals: stage.tally.totals,
        events: first...max(first, log.last), owners: player.owners)
    }

    private func playPresent(_ incident: Incident, _ engine: Engine) throws -> Side {
      let first = try position(engine) + 1
      var adopt = PolicyRequest()
      adopt.adopt = Policy.builtIn(named: incident.policy)
      adopt.at = incident.facts.first?.at
      try engine.policy(adopt)
      var player = PresentPlayer(engine)
      var stage = Stage(incident.world)
      try stage.play(incident.facts, before: &player)
      return Side(
        rules: ["policy \(incident.policy)"], script: player.script, totals: stage.tally.totals,
        events: first...(try position(engine)))
    }

    private func position(_ engine: Engine) throws -> UInt64 {
      UInt64(clamping: try engine.hello(HelloRequest()).json["events"]?.integer ?? 0)
    }

    private mutating func judge(_ past: [Breach], _ present: [Breach]) {
      for index in acts.indices {
        let was = acts[index].past.events
        let here = acts[index].present.events
        acts[index].past.breaches = past.filter { was.contains($0.event) }
        acts[index].present.breaches = present.filter { here.contains($0.event) }
      }
    }
  }

  /// A new folder under the system's place for temporary files.
  static func temporaryDirectory() throws -> String {
    let place = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var name = Array("\(place)/wakelog-demo-XXXXXX".utf8CString)
    let made = unsafe name.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
    }
    guard made else { throw Fault("no folder can be made in \(place); set TMPDIR") }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
