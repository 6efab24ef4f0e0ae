internal import Glibc
internal import WakelogForensics
internal import WakelogHost
internal import WakelogModel

extension Command {
  static let timeline = Command(
    name: "timeline",
    summary: "Draw what happened to a session: wakes, attempts, fallbacks and resets against time",
    about: """
      The shape of an incident at a glance: time runs to the right, each provider session has a \
      lane, an attempt is a line with how it ended at its end, and a reset is a wall through all \
      lanes. Long pauses are drawn shorter than they were. With --json each mark is an object with \
      its event's number, for 'show' and 'why'.
      """,
    operands: [Operand(name: "SESSION")],
    options: [
      .log, .archive, .since, .until, .outcome, .family,
      Option(name: "--limit", value: "N", help: "the latest so many attempts; left out, 100"),
    ],
    examples: ["wakelog timeline agent:main --since 2d --log /var/lib/agents/log"],
    run: { invocation in
      let given = try Filter(invocation)
      var filter = Timeline.Filter()
      filter.since = given.since
      filter.until = given.until
      filter.outcome = given.outcome
      filter.family = given.family
      filter.limit = Int(try invocation.integer("--limit", in: 1...1_000_000) ?? 100)
      return try invocation.withIncidentLog { log in
        let timeline = try log.timeline(of: try log.session(invocation.operands[0]), filter)
        if invocation.wantsJSON {
          printArray(timeline.marks.map(\.json))
        } else if timeline.marks.isEmpty {
          printOut("nothing happened\n")
        } else {
          let width =
            Descriptor.columns(STDOUT_FILENO) ?? environment("COLUMNS").flatMap(Int.init) ?? 100
          printOut(Swimlane(timeline, width: width).text + "\n")
          printOut(Style.dim.apply(Swimlane.legend) + "\n")
        }
        return .done
      }
    })
}
