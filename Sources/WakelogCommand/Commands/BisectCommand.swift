internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let bisect = Command(
    name: "bisect",
    summary: "Find the first event at which a law broke or something became so of a session",
    about: """
      Give --law with the name of a law, or --where with an expression over a session's state: \
      fields compared with numbers, 'texts', true, false and null by == != < <= > >=, joined by \
      && || ! and brackets. Counters compared as being greater are found by halving between kept \
      states; for all else the log is read once. Exit status 1 when an event is found. The fields: \
      \(PredicateField.all.map { "\($0.name) (\($0.help))" }.joined(separator: ", ")).
      """,
    options: [
      .log, .archive,
      Option(name: "--law", value: "NAME", help: "a law, as 'diagnose' names it"),
      Option(name: "--where", value: "EXPR", help: "an expression over a session's state"),
      Option(name: "--session", value: "KEY", help: "only this session; left out, any"),
    ],
    examples: [
      "wakelog bisect --law deadStaysDead --log /var/lib/agents/log",
      "wakelog bisect --where 'status == \"queued\" && condemned > 2' --log /var/lib/agents/log",
    ],
    run: { invocation in
      let question = try Question(invocation)
      return try invocation.withIncidentLog { log in
        let session = try invocation.value("--session").map { try log.session($0) }
        guard let found = try question.first(in: log, on: session) else {
          printOut(
            invocation.wantsJSON ? "null\n" : "never in \(counted(log.last.value, "event"))\n")
          return .done
        }
        if invocation.wantsJSON {
          printOut(try json(found, log).text + "\n")
        } else {
          let time = Clock.words(found.event.at.description, now: Clock.now)
          printOut(
            "\(Style.bold.apply("event \(found.event.sequence.value)")), \(time), session "
              + "\(printable(found.session ?? "-"))\n\(printable(found.because))\n"
              + Style.dim.apply("'wakelog why \(found.event.sequence.value)' says why") + "\n")
        }
        return .finding
      }
    })

  private enum Question {
    case law(Law)
    case predicate(Predicate)

    init(_ invocation: Invocation) throws {
      switch (invocation.value("--law"), invocation.value("--where")) {
      case (let name?, nil):
        guard let law = Law(rawValue: name) else {
          let known = Law.allCases.map(\.rawValue)
          throw CommandError.usage(
            "no law is called '\(name)'\(hint(name, among: known)); the laws are "
              + known.joined(separator: ", "))
        }
        self = .law(law)
      case (nil, let text?): self = .predicate(try Predicate(text))
      default: throw CommandError.usage("give either --law or --where")
      }
    }

    func first(in log: IncidentLog, on session: SessionSymbol?) throws -> FirstEvent? {
      switch self {
      case .law(let law): try log.first(breaking: law, on: session)
      case .predicate(let predicate): try log.first(predicate, on: session)
      }
    }
  }

  private static func json(_ found: FirstEvent, _ log: IncidentLog) throws -> JSONValue {
    [
      "seq": .integer(Int64(clamping: found.event.sequence.value)),
      "session": found.session.map { .string($0) } ?? .null,
      "because": .string(found.because), "event": try log.json(found.event),
      "read": .integer(Int64(clamping: found.read)),
    ]
  }
}
