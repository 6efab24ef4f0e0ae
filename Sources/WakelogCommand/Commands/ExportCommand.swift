internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let export = Command(
    name: "export",
    summary: "Write all events as JSON lines, or an incident as a sealed capsule",
    about: """
      For keeping, for other tools, and for moving a log: 'wakelog import wakelog FILE' makes an \
      equal log of it. Holds no fence, so nobody can act on a run with it; it does hold what the \
      programs printed, unless that was redacted.

      --capsule FILE writes an incident for somebody else instead: the events of some sessions \
      and times, with the seals that cover them, so that 'wakelog verify FILE' on another machine \
      says unaltered, or where not. What the programs printed is left out, and ids of provider \
      sessions, with which one could go on with them, are shortened wherever they stand. Tell the \
      digest that is printed on another way: with it even a skilled forgery is found.
      """,
    options: [
      .log, .archive,
      Option(name: "--capsule", value: "FILE", help: "write a capsule to FILE, which must be new"),
      Option(
        name: "--session", value: "KEY", help: "only this session; may be repeated (capsule)"),
      .since, .until,
      Option(name: "--full-ids", value: nil, help: "keep the ids of provider sessions (capsule)"),
      Option(name: "--evidence", value: nil, help: "keep what the programs printed (capsule)"),
    ],
    examples: [
      "wakelog export --log /var/lib/agents/log > agents.ndjson",
      "wakelog export --capsule incident.capsule --session agent:main --log /var/lib/agents/log",
    ],
    run: { invocation in
      if let file = invocation.value("--capsule") { return try writeCapsule(file, invocation) }
      for name in ["--session", "--since", "--until", "--full-ids", "--evidence"]
      where invocation.has(name) {
        throw CommandError.usage("\(name) is for --capsule; 'wakelog events' filters a listing")
      }
      return try Log.reading(invocation) { log in
        var progress = ProgressLine()
        let last = log.last
        try log.events(from: try log.engine.firstEvent(), to: last) { event in
          progress.show("\(event.shown("seq")) of \(last) events")
          return event.text + "\n"
        }
        progress.finish()
        return .done
      }
    })

  private static func writeCapsule(_ file: String, _ invocation: Invocation) throws -> ExitStatus {
    try invocation.withIncidentLog { log in
      var choice = CapsuleChoice()
      let keys = invocation.options.filter { $0.name == "--session" }.map(\.value)
      if !keys.isEmpty { choice.sessions = Set(try keys.map { try log.session($0) }) }
      choice.since = try invocation.moment("--since")
      choice.until = try invocation.moment("--until")
      choice.fullIds = invocation.has("--full-ids")
      choice.evidence = invocation.has("--evidence")
      let summary = try WholeFile.write(to: file, replacing: false) { write in
        try log.capsule(choice, write)
      }
      if invocation.wantsJSON {
        let result: JSONValue = [
          "capsule": .string(file), "events": .integer(Int64(clamping: summary.events)),
          "commits": .integer(Int64(clamping: summary.commits)),
          "shortened": .integer(Int64(clamping: summary.shortened)),
          "withheld": .integer(Int64(clamping: summary.withheld)),
          "seal": .string(summary.seal), "digest": .string(summary.digest),
        ]
        printOut(result.text + "\n")
      } else {
        printOut(
          "\(summary.events) events to \(printable(file)); \(summary.shortened) strings shortened, "
            + "evidence of \(summary.withheld) events withheld\n"
            + "digest \(summary.digest)\n"
            + "'wakelog verify FILE --digest DIGEST' on the other machine checks it\n")
      }
      return .done
    }
  }
}
