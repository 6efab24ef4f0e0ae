internal import Wakelog
internal import WakelogModel
internal import WakelogStore

extension Command {
  static let salvage = Command(
    name: "salvage",
    summary: "Save what can be saved of a damaged log into a new one",
    about: """
      Reads the damaged file page by page, and changes nothing in it. The new log has every event \
      before the first that is lost, with the names, texts and replies that are sound; its seals are \
      made anew. A log that was trimmed begins where it did. Events behind a gap cannot be in a log: they go to lost+found.ndjson beside it, as \
      records. Prints what was lost. Stop the hosts first. Exit status 0 when nothing was lost, 1 \
      when something was, 3 when nothing can be saved.
      """,
    operands: [Operand(name: "DIR")],
    options: [
      Option(
        name: "--to", value: "DIR2", help: "where the new log goes: a new or empty folder",
        isRequired: true)
    ],
    examples: ["wakelog salvage /var/lib/agents/log --to /var/lib/agents/saved"],
    run: { invocation in
      let source = invocation.operands[0]
      let destination = invocation.value("--to") ?? ""
      let saved: Salvage
      do {
        saved = try Salvage.run(source, to: destination)
      } catch {
        let message = (error as? StoreError)?.message ?? String(describing: error)
        throw CommandError(status: .unreadable, message: "\(source): \(message)")
      }
      let strays = try keep(saved.strays, in: destination)
      show(saved, destination, strays, invocation)
      return saved.losses.isEmpty ? .done : .finding
    })

  /// Writes events that no log can have, a line each; returns the file, nil where there are none.
  private static func keep(
    _ strays: [(sequence: UInt64, record: [UInt8])], in folder: String
  ) throws -> String? {
    guard !strays.isEmpty else { return nil }
    let path = folder + "/lost+found.ndjson"
    try WholeFile.write(to: path, replacing: false) { write in
      for stray in strays {
        let event = Event(
          record: unsafe stray.record.span.bytes, sequence: SequenceNumber(stray.sequence))
        let line: JSONValue = [
          "seq": .integer(Int64(clamping: stray.sequence)), "at": .string(event.at.description),
          "kind": .string(event.body.kind?.name ?? "unknown"),
          "sessionSymbol": .integer(Int64(event.session.number)),
          "record": .hexadecimal(stray.record),
        ]
        try write(Array((line.text + "\n").utf8))
      }
    }
    return path
  }

  private static func show(
    _ saved: Salvage, _ destination: String, _ strays: String?, _ invocation: Invocation
  ) {
    if invocation.wantsJSON {
      let result: JSONValue = [
        "log": .string(destination), "base": .integer(Int64(clamping: saved.base)),
        "events": .integer(Int64(clamping: saved.events)),
        "lastSeen": .integer(Int64(clamping: saved.lastSeen)),
        "lost": .array(saved.losses.map { .string($0) }),
        "strays": .integer(Int64(saved.strays.count)),
        "lostAndFound": strays.map { .string($0) } ?? .null,
      ]
      return printOut(result.text + "\n")
    }
    let place = saved.base == 0 ? "" : " behind event \(saved.base), where it was trimmed,"
    printOut("\(saved.events) events\(place) saved to \(destination)\n")
    for loss in saved.losses { printOut("lost: \(loss)\n") }
    if let strays { printOut("\(saved.strays.count) events behind the gap are in \(strays)\n") }
    if saved.losses.isEmpty { printOut("nothing was lost\n") }
  }
}
