internal import WakelogHost
internal import WakelogModel
internal import WakelogProviders

extension Command {
  static let providers = Command(
    name: "providers",
    summary: "Print what is known of agent CLIs, as 'run' and the doctor go by it",
    about: """
      Without NAME a table: how each CLI resumes a session, where it begins one under a given id, \
      and where its transcripts lie. With NAME (claude, codex, gemini, opencode … or a JSON file) \
      the whole document, with the source of each fact: the form that 'run --provider-file' reads, \
      so that it can be copied and changed for another CLI; a file is checked first.
      """,
    operands: [Operand(name: "NAME", isRequired: false)],
    examples: ["wakelog providers", "wakelog providers codex > mine.json"],
    run: { invocation in
      guard let name = invocation.operands.first else {
        if invocation.wantsJSON {
          printOut(JSONValue.array(Provider.all.map(\.json)).text + "\n")
        } else {
          printOut(table.text())
        }
        return .done
      }
      let document = try (Provider.named(name) ?? readProvider(name)).json
      printOut((invocation.wantsJSON ? document.text : document.pretty()) + "\n")
      return .done
    })

  private static var table: Table {
    var table = Table(["NAME", "RESUMES BY", "BEGINS BY", "TRANSCRIPTS"])
    for row in Provider.all {
      table.add([
        .init(row.name),
        .init(
          row.protocolName.map { "messages of \($0)" } ?? row.call.resume.joined(separator: " ")),
        .init(row.call.begin.isEmpty ? "-" : row.call.begin.joined(separator: " ")),
        .init(row.transcripts.map { "~/\($0.home)/\($0.root)" } ?? "-"),
      ])
    }
    return table
  }
}

extension Provider {
  /// Every name by which a provider is known.
  static let knownNames = all.flatMap { [$0.name] + $0.aliases }
}

/// Reads a provider's document from a file.
func readProvider(_ file: String) throws -> Provider {
  guard let text = readFile(file) else {
    throw CommandError.usage(
      "no provider '\(file)': neither a file (\(systemError())) nor known"
        + hint(file, among: Provider.knownNames))
  }
  do {
    return try Provider(text: text)
  } catch {
    throw CommandError.usage("\(file): \(error)")
  }
}
