import Wakelog
import WakelogModel

extension Gathering {
  /// The entries of `sessions.json`, which more than one host keeps: one object, by session key.
  ///
  /// Empty where there is none; one that cannot be read is reported.
  func sessionEntries(in sessions: Folder) -> [(key: String, value: JSONValue, row: String)] {
    let name = "sessions.json"
    let row = "sessions/\(name)"
    guard let file = sessions.file(name) else {
      if case .none = sessions.kind(of: name) { return [] }
      skip(row, "is no regular file; it is not followed")
      return []
    }
    guard let bytes = file.all(atMost: 256 << 20) else {
      skip(row, "is larger than 256 MiB")
      return []
    }
    let entries = json(String(decoding: bytes, as: UTF8.self), row: row, field: "file")?.object
    return (entries?.members ?? []).map { ($0.name, $0.value, "\(row)/\($0.name)") }
  }
}
