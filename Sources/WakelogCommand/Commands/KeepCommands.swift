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

  static let verify = Command(
    name: "verify",
    summary: "Check every seal, record and digest of a log; name the first bad position",
    about: """
      Walks the chain of seals over the whole log: a flipped bit, a removed event and a changed \
      text are found, and the first bad place is named. Evidence that was redacted is counted, not \
      missed. Exit status 1 when something is wrong. Works beside a host that writes.
      """,
    options: [.log],
    examples: ["wakelog verify --log /var/lib/agents/log"],
    run: { invocation in
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
    })
}
