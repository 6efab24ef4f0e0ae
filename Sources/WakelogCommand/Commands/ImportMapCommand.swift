internal import Wakelog
internal import WakelogImport
internal import WakelogModel
internal import WakelogProviders

extension Command {
  /// What became of the sessions of a table.
  private struct Adopted {
    var new = 0
    var known = 0
    var kept: [(entry: SessionMap.Entry, because: String)] = []

    func json(_ map: SessionMap) -> JSONValue {
      [
        "adopted": .integer(Int64(new)), "known": .integer(Int64(known)),
        "empty": .integer(Int64(map.empty)),
        "kept": .array(
          kept.map { entry, because in
            [
              "session": .string(entry.session), "sessionId": .string(entry.sessionId),
              "because": .string(because),
            ]
          }),
      ]
    }
  }

  /// Points keys to the ids that a host had for them.
  static func importMap(_ invocation: Invocation) throws -> ExitStatus {
    guard invocation.operands.count > 1 else {
      throw CommandError.usage("PATH is missing: the file with the sessions")
    }
    let map: SessionMap
    do throws(ImportError) {
      map = try SessionMap(contentsOf: invocation.operands[1])
    } catch {
      throw CommandError(status: .refused, message: error.message)
    }
    let requests = try requests(map, invocation)
    return try Log.writing(invocation) { log in
      var adopted = Adopted()
      for (entry, request) in zip(map.entries, requests) {
        if isKnown(request, log.engine) {
          adopted.known += 1
          continue
        }
        do throws(WakelogError) {
          _ = try log.engine.adopt(request)
          adopted.new += 1
        } catch {
          guard error.code == .conflict else { throw error }
          adopted.kept.append((entry, error.message))
        }
      }
      print(adopted, map, invocation)
      return adopted.kept.isEmpty ? .done : .refused
    }
  }

  /// The requests to the engine, all of them validated before anything is written.
  private static func requests(
    _ map: SessionMap, _ invocation: Invocation
  ) throws -> [AdoptRequest] {
    try map.entries.map { entry in
      guard let agent = entry.agent ?? invocation.value("--agent") else {
        throw CommandError.usage("\(entry.place) names no agent; give --agent NAME for such")
      }
      guard let named = entry.provider ?? invocation.value("--provider") else {
        throw CommandError.usage("\(entry.place) names no provider; give --provider NAME for such")
      }
      guard Provider.named(named) != nil || invocation.has("--unknown-provider") else {
        throw CommandError.usage(
          "\(entry.place): no provider '\(named)'\(hint(named, among: Provider.knownNames)); "
            + "--unknown-provider takes one that is not known")
      }
      var members = JSONObject()
      members["session"] = .string(entry.session)
      members["agent"] = .string(agent)
      members["provider"] = .string(named)
      members["sessionId"] = .string(entry.sessionId)
      members["by"] = .string(invocation.actor)
      let given = invocation.value("--workspace").map(absolutePath)
      if let workspace = entry.workspace ?? given {
        members["workspace"] = ["path": .string(workspace), "kind": "project"]
      }
      if let display = entry.displayId { members["displayId"] = .string(display) }
      do throws(WakelogError) {
        return try AdoptRequest(json: members)
      } catch {
        throw CommandError.usage("\(entry.place): \(error.message)")
      }
    }
  }

  private static func isKnown(_ request: AdoptRequest, _ engine: Engine) -> Bool {
    let session = try? engine.session(SessionRequest(session: request.session))
    return session?.sessionIds[request.provider] == request.sessionId
  }

  private static func print(
    _ adopted: Adopted, _ map: SessionMap, _ invocation: Invocation
  ) {
    if invocation.wantsJSON { return printOut(adopted.json(map).text + "\n") }
    var words = ["\(counted(adopted.new, "session")) adopted"]
    if adopted.known > 0 { words.append("\(adopted.known) known already") }
    if map.empty > 0 { words.append("\(map.empty) without an id") }
    printOut(words.joined(separator: ", ") + "\n")
    guard !adopted.kept.isEmpty else { return }
    var table = Table(["SESSION", "ID", "LEFT AS IT IS, BECAUSE"])
    for (entry, because) in adopted.kept {
      table.add([.init(entry.session), .init(entry.sessionId), .init(because)])
    }
    printOut("\n" + table.text())
  }
}
