internal import WakelogModel

extension Command {
  static let repair = Command(
    name: "repair",
    summary: "Point a session to another provider session, or revive a condemned one, by hand",
    about: """
      When you know better than the log: a transcript was restored from a backup, or the wrong \
      session was bound. Say with --expect what you saw, so that nothing is changed when somebody \
      was faster. Refused while a run is open.
      """,
    operands: [Operand(name: "SESSION")],
    options: [
      .log,
      Option(name: "--set", value: "ID", help: "resume this provider session from now on"),
      Option(name: "--unbind", value: nil, help: "resume none"),
      Option(name: "--revive", value: "ID", help: "offer this condemned id again"),
      Option(
        name: "--expect", value: "ID", help: "only if this id is bound; 'none' if none should be"),
      Option(name: "--expect-last-run", value: "OUTCOME", help: "only if the last run ended so"),
      .by, .why,
    ],
    examples: [
      "wakelog repair agent:main --revive 4f1c --set 4f1c --expect none "
        + "--why 'restored from backup' --log /var/lib/agents/log"
    ],
    run: { invocation in
      guard invocation.has("--set") || invocation.has("--unbind") || invocation.has("--revive")
      else { throw CommandError.usage("say what to change: --set, --unbind or --revive") }
      guard !(invocation.has("--set") && invocation.has("--unbind")) else {
        throw CommandError.usage("--set and --unbind exclude each other")
      }
      let id: JSONValue? =
        invocation.has("--unbind") ? .null : invocation.value("--set").map(JSONValue.string)
      let expected: JSONValue? = invocation.value("--expect").map {
        $0 == "none" ? .null : .string($0)
      }
      return try act(
        invocation, "repair",
        [
          "session": .string(invocation.operands[0]),
          "expect": object([
            ("sessionId", expected),
            ("lastRun", invocation.value("--expect-last-run").map(JSONValue.string)),
          ]),
          "set": object([
            ("sessionId", id), ("revive", invocation.value("--revive").map(JSONValue.string)),
          ]),
          "by": .string(invocation.actor), "why": .string(invocation.value("--why") ?? ""),
        ])
    })
}
