internal import Glibc
internal import Wakelog
internal import WakelogForensics
internal import WakelogHost
internal import WakelogModel

extension Command {
  static let verify = Command(
    name: "verify",
    summary: "Check every seal, record and digest of a log or a capsule; name the first bad place",
    about: """
      Walks the chain of seals over the whole log: a flipped bit, a removed event and a changed \
      text are found, and the first bad place is named. Evidence that was redacted is counted, not \
      missed. Exit status 1 when something is wrong. Works beside a host that writes.

      With FILE checks a capsule that 'export --capsule' wrote, on any machine: whether what it \
      holds is as it was sealed. Give the digest that was told with it: without it, a capsule that \
      was made anew as a whole looks like any other. It says nothing of what was left out. FILE may \
      be one segment of an archive too.

      With --archive DIR checks every segment that 'trim' wrote there, and that each follows the one \
      before; with --log too, also that the log goes on where the archive ends.
      """,
    operands: [Operand(name: "FILE", isRequired: false)],
    options: [
      Option(name: "--log", value: "DIR", help: "the log's folder; left out, $WAKELOG_LOG"),
      Option(name: "--archive", value: "DIR", help: "the archive to check"),
      Option(name: "--digest", value: "DIGEST", help: "the digest that 'export' printed (FILE)"),
    ],
    examples: [
      "wakelog verify --log /var/lib/agents/log",
      "wakelog verify incident.capsule",
    ],
    run: { invocation in
      if let file = invocation.operands.first { return try verifyCapsule(file, invocation) }
      guard !invocation.has("--digest") else {
        throw CommandError.usage("--digest is for a capsule: name its FILE")
      }
      if let archive = invocation.value("--archive") {
        let log = invocation.has("--log") ? try invocation.logFolder() : nil
        var line = ProgressLine()
        let result = try Engine.verify(archive: archive, with: log) { done, total in
          line.show("\(done) of \(total) events")
        }
        line.finish()
        return archivePage(result, invocation)
      }
      return try verifyLog(invocation)
    })

  private static func archivePage(
    _ result: JSONValue, _ invocation: Invocation
  ) -> ExitStatus {
    let isSound = result["ok"]?.bool == true
    if invocation.wantsJSON {
      printOut(result.text + "\n")
    } else if isSound {
      printOut(
        "\(Style.green.apply("sound")): events \(result.shown("first")) to \(result.shown("last")) "
          + "in \(result.shown("segments")) segments, \(result.shown("commits")) seals, "
          + "\(result.shown("withheld")) names withheld\n")
    } else {
      let bad = result["firstBad"] ?? .null
      printOut(
        "\(Style.red.apply("damaged")) at event \(bad.shown("seq")) in "
          + "\(printable(bad.shown("segment"))): \(printable(bad.shown("because")))\n")
    }
    return isSound ? .done : .finding
  }

  private static func verifyLog(_ invocation: Invocation) throws -> ExitStatus {
    try Log.reading(invocation) { log in
      var progress = ProgressLine()
      let result = try log.engine.verify { done, total in
        progress.show("\(done) of \(total) events")
      }
      progress.finish()
      if invocation.wantsJSON {
        printOut(result.text + "\n")
      } else if result["ok"]?.bool == true {
        printOut(
          "\(Style.green.apply("sound")): \(result.shown("events")) events, "
            + "\(result.shown("seals")) seals, \(result.shown("redacted")) redacted\n")
      } else {
        let bad = result["firstBad"] ?? .null
        printOut(
          "\(Style.red.apply("damaged")) at event \(bad.shown("seq")): "
            + "\(bad.shown("because"))\n")
      }
      return result["ok"]?.bool == true ? .done : .finding
    }
  }

  private static func verifyCapsule(_ file: String, _ invocation: Invocation) throws -> ExitStatus {
    guard !invocation.has("--log") else {
      throw CommandError.usage("FILE and --log are two things to check; give one of them")
    }
    let input = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else {
      throw CommandError(status: .unreadable, message: "\(file): \(systemError())")
    }
    defer { close(input) }
    var status = stat()
    guard unsafe fstat(input, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw CommandError.usage("\(file) is a folder; a log is checked with --log \(file)")
    }
    if let result = try Engine.verify(segment: file) { return archivePage(result, invocation) }
    var lines = LineReader(input)
    let found = try Capsule.check(expecting: invocation.value("--digest")) {
      switch lines.next() {
      case .line(let line): line
      // No line of a capsule is so long, so this is none of its lines.
      case .tooLong: []
      case nil: nil
      }
    }
    printOut(invocation.wantsJSON ? json(found).text + "\n" : page(found, invocation))
    return found.ok ? .done : .finding
  }

  private static func page(_ found: Capsule.Check, _ invocation: Invocation) -> String {
    guard let bad = found.firstBad else {
      let isKnown = invocation.has("--digest")
      return
        "\(Style.green.apply("unaltered")): \(found.events) events in \(found.commits) commits "
        + "of log \(found.log.prefix(16)); \(found.shortened) strings shortened, "
        + "evidence of \(found.withheld) events withheld\n"
        + (isKnown ? "" : "digest \(found.digest): compare it with the one that 'export' printed\n")
    }
    let place = bad.sequence.map { "event \($0), line \(bad.line)" } ?? "line \(bad.line)"
    return "\(Style.red.apply("altered")) at \(place): \(printable(bad.because))\n"
  }

  private static func json(_ found: Capsule.Check) -> JSONValue {
    let bad = found.firstBad.map { bad -> JSONValue in
      [
        "line": .integer(Int64(bad.line)),
        "seq": bad.sequence.map { .integer(Int64(clamping: $0)) } ?? .null,
        "because": .string(bad.because),
      ]
    }
    return [
      "ok": .bool(found.ok), "events": .integer(Int64(clamping: found.events)),
      "commits": .integer(Int64(clamping: found.commits)),
      "shortened": .integer(Int64(clamping: found.shortened)),
      "withheld": .integer(Int64(clamping: found.withheld)), "firstBad": bad ?? .null,
      "log": .string(found.log), "seal": .string(found.seal), "digest": .string(found.digest),
    ]
  }
}
