/// Shortens ids as far as they stay different from each other.
struct Abbreviation {
  private let length: Int

  /// Looks at the ids that will be shown together.
  init(_ ids: some Sequence<String>) {
    let sorted = Set(ids).sorted()
    var shared = 0
    for (left, right) in zip(sorted, sorted.dropFirst()) {
      shared = max(shared, zip(left, right).prefix { $0 == $1 }.count)
    }
    length = max(8, shared + 1)
  }

  /// The id, or the start of it that no other id has, with `…`.
  func short(_ id: String) -> String {
    id.count <= length + 1 ? id : id.prefix(length) + "…"
  }
}
