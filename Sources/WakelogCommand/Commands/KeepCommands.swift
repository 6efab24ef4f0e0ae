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

  static let importing = Command(
    name: "import",
    summary: "Make a log of exported events",
    about: """
      'wakelog import wakelog FILE --log DIR' makes a log in DIR, which must not exist or be empty, \
      of what 'export' wrote; '-' reads standard input. The new log has the same state, and runs \
      that were open are then ended as interrupted. A bad line is named and nothing is left behind.
      """,
    operands: [Operand(name: "wakelog"), Operand(name: "FILE")],
    options: [.log],
    examples: ["wakelog import wakelog agents.ndjson --log /var/lib/agents/copy"],
    run: { invocation in
      guard invocation.operands[0] == "wakelog" else {
        throw CommandError.usage(
          "no format '\(invocation.operands[0])': what can be imported is 'wakelog', an export")
      }
      let path = invocation.operands[1]
      let input = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard input >= 0 else { throw CommandError.usage("\(path): \(systemError())") }
      let folder = try invocation.logFolder()
      var lines = LineReader(input)
      var number = 0
      var progress = ProgressLine()
      let count = try Engine.importLog(to: folder) {
        while let item = lines.next() {
          number += 1
          progress.show("\(number) events")
          guard case .line(let line) = item else {
            throw CommandError.usage("line \(number): longer than 1 MiB")
          }
          if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
          do {
            return try unsafe line.withUnsafeBytes { unsafe try JSONParser.parse($0) }
          } catch {
            throw CommandError.usage("line \(number): \(error)")
          }
        }
        return nil
      }
      progress.finish()
      if invocation.wantsJSON {
        printOut((["events": .integer(Int64(clamping: count))] as JSONValue).text + "\n")
      } else {
        printOut("\(count) events imported into \(folder)\n")
      }
      return .done
    })
}
