internal import Wakelog
internal import WakelogModel

extension Command {
  static let backup = copying(
    name: "backup", compact: false,
    summary: "Copy a log while hosts write to it",
    about: """
      The copy is the log as it was at one moment: every event that was answered before is in it, \
      and 'verify' says of it what it says of the original. DEST must not exist or be empty.
      """)

  static let compact = copying(
    name: "compact", compact: true,
    summary: "Copy a log without its free pages",
    about: """
      Like 'backup', and smaller: pages that nothing uses any more are left out, and with them what \
      was redacted. To put the copy in the log's place, stop the hosts first.
      """)

  private static func copying(
    name: String, compact: Bool, summary: String, about: String
  ) -> Command {
    Command(
      name: name, summary: summary, about: about,
      operands: [Operand(name: "DEST")],
      options: [.log],
      examples: ["wakelog \(name) /backup/agents --log /var/lib/agents/log"],
      run: { invocation in
        let destination = invocation.operands[0]
        return try Log.reading(invocation) { log in
          try log.engine.copy(to: destination, compact: compact)
          if invocation.wantsJSON {
            printOut((["copy": .string(destination)] as JSONValue).text + "\n")
          } else {
            printOut("copied to \(destination); 'wakelog verify --log \(destination)' checks it\n")
          }
          return .done
        }
      })
  }
}
