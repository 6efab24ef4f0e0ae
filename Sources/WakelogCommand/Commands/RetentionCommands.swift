internal import Wakelog
internal import WakelogModel

extension Command {
  static let trim = Command(
    name: "trim",
    summary: "Move old events into an archive, so that the log does not grow for ever",
    about: """
      Events before TIME, or before the event SEQ, go to sealed, compressed segments in DIR; the \
      log keeps the state at that place, so every answer stays as it is. Hosts go on meanwhile. \
      What is younger than 25 hours of the log's time stays, and so does everything from the first \
      event of an open run or a waiting wake on; it says so. Broken off, it goes on when called \
      again. The file keeps its size and uses the room anew; 'compact' makes it smaller. The \
      archive holds what the log held: keep it as safe.

      With --archive DIR 'events', 'show', 'why', 'timeline', 'export', 'report', 'diagnose', 'at', \
      'bisect', 'replay' and 'minimise' see the whole log again; 'verify --archive DIR' checks it; \
      'import wakelog DIR' makes one log of it.
      """,
    options: [
      .log,
      Option(
        name: "--before", value: "TIME|SEQ",
        help: "what is older goes: a time, 90d ago, or the number of an event", isRequired: true),
      Option(
        name: "--archive", value: "DIR", help: "where it goes; made if there is none",
        isRequired: true),
      .by,
    ],
    examples: ["wakelog trim --before 90d --archive /backup/agents --log /var/lib/agents/log"],
    run: { invocation in
      let text = invocation.value("--before") ?? ""
      let point: TrimPoint =
        if let number = UInt64(text) {
          .event(number)
        } else {
          .moment(try Moment.read(text, "--before"))
        }
      let archive = invocation.value("--archive") ?? ""
      return try Log.writing(invocation) { log in
        var line = ProgressLine()
        let result = try log.engine.trim(before: point, archive: archive, by: invocation.actor) {
          done, total in line.show("\(done) of \(total) events archived")
        }
        line.finish()
        printOut(invocation.wantsJSON ? result.text + "\n" : trimPage(result))
        return .done
      }
    })

  private static func trimPage(_ result: JSONValue) -> String {
    let count = result["events"]?.integer ?? 0
    let through = result["through"]?.integer ?? 0
    var text =
      count > 0
      ? "\(count) events archived; the log begins with event \(through + 1)\n"
      : "nothing to archive; the log begins with event \(through + 1)\n"
    if let held = result["heldBack"], !held.isNull {
      let session = held["session"]?.string.map { " of \(printable($0))" } ?? ""
      let run = held["run"]?.integer.map { " \($0)" } ?? ""
      let what =
        switch held["because"]?.string {
        case "openRun": "run\(run)\(session) is open: "
        case "waitingWake": "wake\(run)\(session) waits: "
        default: ""
        }
      text += "held back: \(what)\(held.shown("do"))\n"
    }
    return text
  }

  static let forget = Command(
    name: "forget",
    summary: "Remove a session for good: its names, and what its programs printed",
    about: """
      When a person asks to be forgotten. The session's name, every name that only its events use, \
      its texts and replies are overwritten in the log, and in the archive with --archive DIR; ids \
      that were condemned stay so by their digest. Its events stay as numbers and show as \
      forgotten:N, and the log still verifies. Woken again the session is a new one. Copies that \
      were made before hold it still, and so does an archive that is not named here.
      """,
    operands: [Operand(name: "SESSION")],
    options: [
      .log,
      Option(
        name: "--archive", value: "DIR",
        help: "the log's archive; left out, the one that its policy names"),
      .by, .why,
    ],
    examples: [
      "wakelog forget telegram:42 --why 'asked for on 3 May' --log /var/lib/agents/log"
    ],
    run: { invocation in
      try Log.writing(invocation) { log in
        let request = ForgetRequest(
          session: invocation.operands[0], by: invocation.actor,
          why: invocation.value("--why") ?? "")
        let result = try log.engine.forget(request, archive: invocation.value("--archive"))
        printFields(result.json, invocation)
        return .done
      }
    })
}
