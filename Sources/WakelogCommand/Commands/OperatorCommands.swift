internal import Wakelog
internal import WakelogModel

extension Command {
  static let pause = agentCommand(
    "pause", summary: "Keep an agent from being woken",
    about: """
      While an agent is paused every wake of its sessions is refused and recorded; an open run \
      goes on. 'unpause' ends it.
      """)

  static let unpause = agentCommand(
    "unpause", summary: "Let a paused agent be woken again",
    about: "The counterpart of 'pause'. What was refused meanwhile is not made up for.")

  private static func agentCommand(_ method: String, summary: String, about: String) -> Command {
    Command(
      name: method, summary: summary, about: about, operands: [Operand(name: "AGENT")],
      options: [.log, .by], examples: ["wakelog \(method) ada --log /var/lib/agents/log"],
      run: { invocation in
        try act(
          invocation, method,
          ["agent": .string(invocation.operands[0]), "by": .string(invocation.actor)])
      })
  }

  static let reset = Command(
    name: "reset",
    summary: "End a session's generation: the next wake starts fresh, and nothing old comes back",
    about: """
      When a conversation is to begin anew, or its session is beyond repair. An open run of the \
      session is closed, and what it writes later is refused.
      """,
    operands: [Operand(name: "SESSION")],
    options: [
      .log,
      Option(name: "--because", value: "TEXT", help: "why, for whoever reads the log later"),
      Option(
        name: "--if-generation", value: "N", help: "only if the session is at this generation"),
    ],
    examples: ["wakelog reset agent:main --because 'new task' --log /var/lib/agents/log"],
    run: { invocation in
      try act(
        invocation, "reset",
        object([
          ("session", .string(invocation.operands[0])),
          ("because", invocation.value("--because").map(JSONValue.string)),
          ("ifGeneration", try invocation.integer("--if-generation").map(JSONValue.integer)),
        ]))
    })

  static let abandon = Command(
    name: "abandon",
    summary: "End an open run whose process is gone",
    about: """
      When 'attention' shows a silent run and nobody will finish it. The run ends as interrupted \
      and its session keeps what it resumes. To begin anew instead, use 'reset'.
      """,
    operands: [Operand(name: "RUN")], options: [.log, .by, .why],
    examples: ["wakelog abandon 1042 --why 'machine lost' --log /var/lib/agents/log"],
    run: { invocation in
      try act(
        invocation, "abandon",
        [
          "run": .integer(try invocation.number(0)), "by": .string(invocation.actor),
          "why": .string(invocation.value("--why") ?? ""),
        ])
    })

  static let redact = Command(
    name: "redact",
    summary: "Remove for good what a program printed in one event",
    about: """
      When a secret or a person's words ended up in the log. The event stays, with the digest of \
      what was there, so that the log still verifies. The bytes are overwritten in the file too, \
      unless somebody still reads the log as it was before: 'overwritten' says so, and the next \
      'redact', or a host that writes, does it then.
      """,
    operands: [Operand(name: "SEQ")], options: [.log, .by, .why],
    examples: ["wakelog redact 1042 --why 'contains a token' --log /var/lib/agents/log"],
    run: { invocation in
      try act(
        invocation, "redact",
        [
          "seq": .integer(try invocation.number(0)), "by": .string(invocation.actor),
          "why": .string(invocation.value("--why") ?? ""),
        ])
    })

  /// Carries out a method that changes the log and shows its result.
  static func act(
    _ invocation: Invocation, _ method: String, _ params: JSONValue
  ) throws -> ExitStatus {
    try Log.writing(invocation) { log in
      printFields(try log.call(method, params), invocation)
      return .done
    }
  }
}
