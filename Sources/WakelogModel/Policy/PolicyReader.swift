/// One object of a policy document: hands out its values by type, and names the one at fault.
///
/// A variable that can hold nil takes null for nil; any other keeps its value on null, as when
/// the key is left out.
struct PolicyReader {
  /// How many entries a list may have.
  static let longestList = 256
  /// How many bytes a name may have.
  static let longestName = 1_024

  private let object: JSONObject
  private let path: String
  /// Whether a log has the document since before limits of 0 were refused.
  let isRecorded: Bool

  /// Takes an object all of whose names are known.
  init(
    _ json: JSONValue, path: String, keys: [String], isRecorded: Bool
  ) throws(PolicyError) {
    self.isRecorded = isRecorded
    guard let object = json.object else {
      throw PolicyError(
        field: path.isEmpty ? "policy" : path, message: "must be an object")
    }
    self.object = object
    self.path = path
    for member in object.members where !keys.contains(member.name) {
      throw PolicyError(
        field: self.path(of: member.name),
        message: "unknown key; remove it, or use one of \(keys.joined(separator: ", "))")
    }
  }

  /// The dotted path of a key of this object; a key longer than any known one is cut.
  func path(of key: String) -> String {
    let scalars = key.unicodeScalars
    let cut = scalars.count > 64 ? String(scalars.prefix(64)) + "…" : key
    let shown = cut.isEmpty ? "\"\"" : cut
    return path.isEmpty ? shown : "\(path).\(shown)"
  }

  /// Whether a key is there and null.
  func isNull(_ key: String) -> Bool { object[key]?.isNull == true }

  /// The integer of a key; nil for anything else.
  func integer(_ key: String) -> Int64? { object[key]?.integer }

  /// The object of a key; nil when left out or null.
  func object(_ key: String, keys: [String]) throws(PolicyError) -> PolicyReader? {
    guard let value = given(key) else { return nil }
    return try PolicyReader(value, path: path(of: key), keys: keys, isRecorded: isRecorded)
  }

  /// The entries of a key, not too many; nil when left out or null.
  func list(_ key: String) throws(PolicyError) -> [JSONValue]? {
    guard let value = given(key) else { return nil }
    guard let elements = value.array else { throw fault(key, "must be an array") }
    guard elements.count <= Self.longestList else {
      throw fault(key, "must have at most \(Self.longestList) entries")
    }
    return elements
  }

  func read(_ key: String, into target: inout Bool) throws(PolicyError) {
    guard let value = given(key) else { return }
    guard let truth = value.bool else { throw fault(key, "must be true or false") }
    target = truth
  }

  func read<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Int64>, into target: inout Number
  ) throws(PolicyError) {
    guard let value = given(key) else { return }
    guard let number = value.integer, range.contains(number), let fits = Number(exactly: number)
    else {
      let bounds =
        range.upperBound == .max
        ? "not negative" : "from \(range.lowerBound) to \(range.upperBound)"
      throw fault(key, "must be an integer, \(bounds)")
    }
    target = fits
  }

  func read<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Int64>, into target: inout Number?
  ) throws(PolicyError) {
    if isNull(key) { target = nil }
    guard given(key) != nil else { return }
    var number: Number = 0
    try read(key, in: range, into: &number)
    target = number
  }

  /// Reads a limit that null switches off: of 0, which many hosts write for "never", nobody knows
  /// what it means.
  func readLimit(
    _ key: String, atMost most: Int64, into target: inout Int64?
  ) throws(PolicyError) {
    if integer(key) == 0, !isRecorded { throw fault(key, "is 0; give null for never") }
    try read(key, in: 0...most, into: &target)
  }

  /// Reads one of an enumeration's words.
  func read<Word: CaseIterable & RawRepresentable>(
    _ key: String, into target: inout Word
  ) throws(PolicyError) where Word.RawValue == String {
    guard let value = given(key) else { return }
    guard let text = value.string,
      let word = Word.allCases.first(where: { $0.rawValue.isSame(as: text) })
    else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(key, "must be one of \(known)")
    }
    target = word
  }

  func read(_ key: String, into target: inout String) throws(PolicyError) {
    guard let value = given(key) else { return }
    target = try name(value, path: path(of: key))
  }

  func read(_ key: String, into target: inout String?) throws(PolicyError) {
    guard let value = given(key) else { return target = nil }
    target = try name(value, path: path(of: key))
  }

  func read(_ key: String, into target: inout [String]) throws(PolicyError) {
    guard let elements = try list(key) else { return }
    var names: [String] = []
    for (index, element) in elements.enumerated() {
      let place = "\(path(of: key))[\(index)]"
      let name = try name(element, path: place)
      guard !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw PolicyError(field: place, message: "is given twice; name each once")
      }
      names.append(name)
    }
    target = names
  }

  func read(_ key: String, into target: inout [Source]) throws(PolicyError) {
    guard given(key) != nil else { return }
    var names: [String] = []
    try read(key, into: &names)
    var sources: [Source] = []
    for (index, name) in names.enumerated() {
      guard let source = Source(name: name) else {
        let known = Source.allCases.map(\.name).joined(separator: ", ")
        throw PolicyError(field: "\(path(of: key))[\(index)]", message: "must be one of \(known)")
      }
      sources.append(source)
    }
    target = sources
  }

  /// The value of a key; nil when left out or null.
  private func given(_ key: String) -> JSONValue? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  private func name(_ value: JSONValue, path: String) throws(PolicyError) -> String {
    guard let text = value.string, (1...Self.longestName).contains(text.utf8.count) else {
      throw PolicyError(
        field: path, message: "must be a string of 1 to \(Self.longestName) bytes")
    }
    return text
  }

  private func fault(_ key: String, _ message: String) -> PolicyError {
    PolicyError(field: path(of: key), message: message)
  }
}
