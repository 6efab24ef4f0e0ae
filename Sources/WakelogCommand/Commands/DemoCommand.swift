extension Command {
  static let demo = Command(
    name: "demo",
    summary: "Play five public incidents: as they happened, and as they go here",
    about: """
      The first thing to look at. Five incidents of Paperclip, OpenClaw, Archon and Hermes, each \
      played twice from the same recorded facts: by the host's rules of the time, and by Wakelog. \
      Shows wake by wake what each did and which law broke where, and leaves both logs for the \
      other commands to look at. Exit status 1 if a law broke here, or none did as it was.
      """,
    options: [
      Option(name: "--log", value: "DIR", help: "where to leave the logs; left out, a new folder")
    ],
    examples: ["wakelog demo", "wakelog demo --json"],
    run: { invocation in
      var options = Demo.Options()
      options.asJSON = invocation.wantsJSON
      options.hasColour = Style.isShown
      options.directory = invocation.value("--log")
      return Demo.run(options) { printOut($0) } == 0 ? .done : .finding
    })
}
