internal import Glibc
internal import Wakelog
internal import WakelogModel

extension Command {
  static let stats = Command(
    name: "stats",
    summary: "Say how large a log is, table by table, and give the hash of its state",
    about: """
      Two logs with the same events have the same state hash, on any machine: the way to compare a \
      copy, an export or a mirror with the original.
      """,
    options: [.log],
    examples: ["wakelog stats --log /var/lib/agents/log"],
    run: { invocation in
      try Log.reading(invocation) { log in
        let statistics = try log.engine.stats()
        if invocation.wantsJSON {
          printOut(statistics.text + "\n")
          return .done
        }
        var table = Table(["TABLE", ">ROWS", ">BYTES"])
        for row in statistics["tables"]?.array ?? [] {
          table.add([
            .init(row.shown("name")), .init(row.shown("entries")), .init(row.shown("bytes")),
          ])
        }
        printOut(table.text() + "\n")
        var rest = statistics.object ?? JSONObject()
        rest["tables"] = nil
        printFields(.object(rest), invocation)
        return .done
      }
    })
}
