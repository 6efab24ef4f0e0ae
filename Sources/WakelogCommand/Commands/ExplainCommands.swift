internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let show = Command(
    name: "show",
    summary: "Show one event in full, or one session by its key",
    about: """
      After 'events', 'runs' or 'sessions' pointed to something: every field of it, with what the \
      program printed, unless that was redacted. A number is an event; anything else is a session.
      """,
    operands: [Operand(name: "SEQ|SESSION")],
    options: [.log, .archive],
    examples: [
      "wakelog show 1042 --log /var/lib/agents/log",
      "wakelog show agent:main --log /var/lib/agents/log",
    ],
    run: { invocation in
      try Log.reading(invocation) { log in
        let name = invocation.operands[0]
        guard let number = Int64(name), number > 0 else {
          printFields(try log.call("session", ["session": .string(name)]), invocation)
          return .done
        }
        let page = try log.call(
          "events", ["from": .integer(number), "to": .integer(number), "limit": 1])
        guard var event = page["items"]?.array?.first?.object else {
          throw CommandError.refused("no event \(number): the log has \(log.last)")
        }
        let evidence = try log.engine.evidence(of: UInt64(number))
        if !evidence.isNull { event["evidence"] = evidence }
        printFields(.object(event), invocation)
        return .done
      }
    })

  static let why = Command(
    name: "why",
    summary: "Explain why a session is as it is, or why an event happened",
    about: """
      Names the few events that made a session resume what it resumes, or that a decision was \
      made on, and leaves out everything that made no difference. That is checked: the rules are \
      run over those events alone, and with each of them left out. A number is an event; anything \
      else is a session key.
      """,
    operands: [Operand(name: "SESSION|SEQ")],
    options: [.log, .archive],
    examples: ["wakelog why agent:main --log /var/lib/agents/log"],
    run: { invocation in
      try invocation.withIncidentLog { log in
        let name = invocation.operands[0]
        let found =
          if let number = UInt64(name) {
            try log.why(SequenceNumber(number))
          } else {
            try log.why(try log.session(name))
          }
        printOut(invocation.wantsJSON ? try found.json(log).text + "\n" : page(of: found))
        return .done
      }
    })

  private static func page(of found: Explanation) -> String {
    var text = printable(found.answer) + "\n\n"
    for step in found.steps {
      let number = "\(step.event.sequence.value)"
      text += String(repeating: " ", count: max(0, 8 - number.count)) + Style.bold.apply(number)
      text += "  \(Clock.date(step.event.at.description))  \(printable(step.sentence))\n"
    }
    let count = found.steps.filter { !$0.decides.isEmpty }.count
    guard count > 0, found.isSufficient, found.isMinimal else {
      return found.isSufficient ? text : text + "\nThese events alone do not explain it.\n"
    }
    return text
      + Style.dim.apply(
        "\nChecked: "
          + (count == 1
            ? "that event alone gives the same, and without it, it would not be so."
            : "the \(count) events before that decide give the same alone, and none can be left out.")
      ) + "\n"
  }

  static let policy = Command(
    name: "policy",
    summary: "Print a policy: a built-in one, one from a file, or the one a log goes by",
    about: """
      A policy says when sessions are reset, resumed and given up. With NAME (standard, \
      paperclip, openclaw, openclaw-2026.4, archon, hermes, hermes-2026.6, or a JSON file) prints \
      the whole document, so that it can be copied and changed; a file is checked first. With \
      --log alone prints the policy that the log goes by; with both and --adopt, adopts it.
      """,
    operands: [Operand(name: "NAME", isRequired: false)],
    options: [
      Option(name: "--log", value: "DIR", help: "the log's folder"),
      Option(name: "--adopt", value: nil, help: "adopt NAME for every process on the log"),
    ],
    examples: ["wakelog policy standard > mine.json", "wakelog policy --log /var/lib/agents/log"],
    run: { invocation in
      let document = try invocation.operands.first.map { try readPolicy($0).json }
      if invocation.has("--adopt") {
        guard let document else { throw CommandError.usage("--adopt needs NAME") }
        return try Log.writing(invocation) { log in
          printPolicy(try log.call("policy", ["adopt": document]), invocation)
        }
      }
      guard let document else {
        return try Log.reading(invocation) { log in
          printPolicy(try log.call("policy"), invocation)
        }
      }
      printOut((invocation.wantsJSON ? document.text : document.pretty()) + "\n")
      return .done
    })

  private static func printPolicy(_ result: JSONValue, _ invocation: Invocation) -> ExitStatus {
    if invocation.wantsJSON {
      printOut(result.text + "\n")
    } else {
      printOut((result["policy"] ?? .null).pretty() + "\n")
    }
    return .done
  }
}

/// Prints an object's members, one a line, or the object as it is for programs.
func printFields(_ value: JSONValue, _ invocation: Invocation) {
  if invocation.wantsJSON { return printOut(value.text + "\n") }
  let members = value.object?.members ?? []
  let width = members.map(\.name.count).max() ?? 0
  let now = Clock.now
  for member in members {
    let gap = String(repeating: " ", count: width - member.name.count + 2)
    printOut(Style.bold.apply(member.name) + gap + fieldText(member, now: now, indent: width + 2))
  }
}

private func fieldText(_ member: JSONObject.Member, now: Instant, indent: Int) -> String {
  switch member.value {
  case .string(let text) where member.name == "at" || member.name == "since":
    return Clock.words(text, now: now) + "\n"
  case .object, .array:
    return member.value.pretty(indent: String(repeating: " ", count: indent)) + "\n"
  case .string(let text) where text.contains("\n"):
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      printable(String($0))
    }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n"
  default: return printable(member.value.shown) + "\n"
  }
}
