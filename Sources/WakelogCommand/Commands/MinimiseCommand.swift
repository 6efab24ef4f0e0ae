internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let minimise = Command(
    name: "minimise",
    summary: "Cut an incident down to the fewest events that still break a law",
    about: """
      Makes a test case of an incident. The list is one-minimal: without any one of its events the \
      law is kept, or the list is no log any more. --emit json writes the events, to be imported \
      or kept as a fixture; --emit swift writes a file of Swift Testing: what came from outside, \
      cut down in the same way, which breaks the law with the host as it was and keeps it here. \
      Ids of provider sessions are replaced unless --full-ids is given.
      """,
    options: [
      .log, .archive,
      Option(
        name: "--law", value: "NAME", help: "the law, as 'diagnose' names it", isRequired: true),
      Option(
        name: "--session", value: "KEY", help: "on this session; left out, where it broke first"),
      Option(name: "--emit", value: "swift|json", help: "write a test, or the events"),
      Option(name: "--full-ids", value: nil, help: "keep the ids of provider sessions"),
    ],
    examples: [
      "wakelog minimise --law deadStaysDead --log /tmp/imported",
      "wakelog minimise --law deadStaysDead --emit swift --log /tmp/imported > DeadTests.swift",
    ],
    run: minimise)

  private static func minimise(_ invocation: Invocation) throws -> ExitStatus {
    let names = Law.allCases.map(\.rawValue)
    guard let name = invocation.value("--law") else {
      throw CommandError.usage("--law NAME is missing: one of \(names.joined(separator: ", "))")
    }
    guard let law = Law(rawValue: name) else {
      throw CommandError.usage("no law is called '\(name)'\(hint(name, among: names))")
    }
    let form = invocation.value("--emit")
    guard form == nil || form == "swift" || form == "json" else {
      throw CommandError.usage("--emit takes swift or json, not '\(form ?? "")'")
    }
    return try invocation.withIncidentLog { log in
      let session = try invocation.value("--session").map { try log.session($0) }
      let events = try log.events()
      guard let minimum = Minimum(events, breaks: law, on: session) else {
        throw CommandError.refused(
          "nothing in this log breaks \(law.rawValue); 'wakelog diagnose' says what is broken")
      }
      let texts: any SymbolTexts = invocation.has("--full-ids") ? log : Pseudonyms(log)
      switch form {
      case "swift":
        guard let story = Story(minimum, of: events, texts) else {
          throw CommandError.refused(
            "no host whose rules are known breaks the law so; --emit json gives the events")
        }
        printOut(story.swift)
      case "json": for line in minimum.lines(texts) { printOut(line.text + "\n") }
      default: show(minimum, texts, of: events.count, invocation)
      }
      return .done
    }
  }

  private static func show(
    _ minimum: Minimum, _ texts: any SymbolTexts, of count: Int, _ invocation: Invocation
  ) {
    let lines = minimum.lines(texts)
    if invocation.wantsJSON {
      let result = object([
        ("law", .string(minimum.violation.law.rawValue)),
        ("because", .string(minimum.violation.because)),
        ("incident", minimum.recorded.incident.map { .string($0) } ?? .null),
        ("seq", .integer(Int64(clamping: minimum.recorded.sequence.value))),
        ("events", .array(lines)),
        (
          "sequences",
          .array(minimum.sequences.map { .integer(Int64(clamping: $0.value)) })
        ),
      ])
      return printOut(result.text + "\n")
    }
    let now = Clock.now
    for (line, sequence) in zip(lines, minimum.sequences) {
      var shown = line.object ?? JSONObject()
      shown["seq"] = .integer(Int64(clamping: sequence.value))
      printOut(eventLine(.object(shown), now: now))
    }
    printOut(
      "\n\(minimum.violation.law.rawValue): \(minimum.recorded.because). \(minimum.events.count) "
        + "of \(count) events still show it\n")
  }
}
