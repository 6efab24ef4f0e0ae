internal import Glibc
internal import Wakelog
internal import WakelogModel

extension Command {
  static let classify = Command(
    name: "classify",
    summary: "Say why attempts failed, from what they printed: JSON lines in, JSON lines out",
    about: """
      For host programs that want the classifier alone, and for trying a text before an incident \
      does. Each line of standard input is an object with 'id' and any of provider, exitCode, \
      signal, stdout, stderr, message, status, errorCode, turns, outcome, resuming; each line of \
      standard output is {"id", "kind", "family", "because"}, kind null for a success. A line that \
      cannot be read is answered with {"id", "error"}, and the exit status is 2 at the end.
      """,
    examples: [
      #"echo '{"id":1,"provider":"gemini","exitCode":42,"stderr":"Invalid session identifier"}' "#
        + "| wakelog classify"
    ],
    run: { _ in
      var status = ExitStatus.done
      var lines = LineReader(STDIN_FILENO)
      while !StandardOutput.hasFailed, let item = lines.next() {
        switch item {
        case .tooLong:
          status = .usage
          printAnswer(id: .null, WakelogError(.tooLarge, "a line has at most 1 MiB"))
        case .line(let line):
          if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
          if !classifyLine(line) { status = .usage }
        }
      }
      return status
    })

  /// Answers one line; false when it could not be read.
  private static func classifyLine(_ line: [UInt8]) -> Bool {
    var id = JSONValue.null
    do {
      let json = try unsafe line.withUnsafeBytes { unsafe try JSONParser.parse($0) }
      id = json["id"] ?? .null
      guard let facts = json.object else {
        throw WakelogError(.invalidParameter, "a line is an object with the traces of an attempt")
      }
      let answer = JSONValue.object(try Wakelog.classify(facts: facts))
      printOut(answer.text + "\n")
      return true
    } catch let error as WakelogError {
      printAnswer(id: id, error)
    } catch {
      printAnswer(id: id, WakelogError(.invalidParameter, "\(error)"))
    }
    return false
  }

  private static func printAnswer(id: JSONValue, _ error: WakelogError) {
    let answer: JSONValue = [
      "id": id,
      "error": [
        "field": error.field.map { .string($0) } ?? .null, "message": .string(error.message),
      ],
    ]
    printOut(answer.text + "\n")
  }
}
