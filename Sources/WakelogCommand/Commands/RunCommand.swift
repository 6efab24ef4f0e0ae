extension Command {
  static let run = Command(name: "run", summary: "", about: "", examples: [], run: { _ in .done })
}
