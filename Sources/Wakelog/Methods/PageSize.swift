import WakelogModel

/// How much one page of a listing holds, beside its `limit` of rows.
///
/// Ten thousand rows of 16 KB in one page would hold up every other call, and take 160 MB to be
/// answered: a page ends early instead, with the cursor from where to go on.
enum PageSize {
  /// About how many bytes of JSON. A page holds one row at least, however large that is.
  static let bytes = 1 << 20
}

extension JSONValue {
  /// About how many bytes the value has as JSON.
  var approximateBytes: Int {
    switch self {
    case .null, .bool: 5
    case .integer, .number: 12
    case .string(let text): text.utf8.count + 3
    case .array(let values): values.reduce(2) { $0 + $1.approximateBytes }
    case .object(let object):
      object.members.reduce(2) { $0 + $1.name.utf8.count + 4 + $1.value.approximateBytes }
    }
  }
}
