import WakelogModel

/// How a row's fields lie in it, by name: what a later release needs to read rows of this one.
///
/// Rows are kept by their bytes. A release that adds a field, or moves one, finds the others by
/// their names; what it does not know it leaves aside, and what it misses has its default.
struct RowSchema: Equatable {
  /// One field.
  struct Field: Equatable {
    var name: String
    var offset: Int
    var size: Int
    /// Its bytes in a row of something never seen. A code that is nil is kept as the number after
    /// its last case, which changes with the cases.
    var empty: [UInt8]
  }

  var size: Int
  var fields: [Field]

  /// The schema of this release's rows of a type.
  init<Row: StateRow>(_ type: Row.Type) {
    size = MemoryLayout<Row>.size
    fields = []
    add(Row(), prefix: "", at: 0, of: rowBytes(Row()))
  }

  /// Fields lie in the order of their declaration without gaps; a test of the model sees to it.
  private mutating func add(_ row: Any, prefix: String, at start: Int, of bytes: [UInt8]) {
    var offset = start
    for child in Mirror(reflecting: row).children {
      let name = prefix + (child.label ?? "\(offset)")
      let size = Self.size(child.value)
      if Self.isWithoutGaps(child.value) {
        add(child.value, prefix: name + ".", at: offset, of: bytes)
      } else {
        fields.append(
          Field(
            name: name, offset: offset, size: size, empty: Array(bytes[offset..<offset + size])))
      }
      offset += size
    }
  }

  /// Whether a value is made of fields that lie one behind the other.
  private static func isWithoutGaps(_ value: Any) -> Bool {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .struct, !mirror.children.isEmpty else { return false }
    return mirror.children.reduce(0) { $0 + size($1.value) } == size(value)
  }

  private static func size(_ value: Any) -> Int {
    func measured<Value>(_ value: Value) -> Int { MemoryLayout<Value>.size }
    return _openExistential(value, do: measured)
  }

  /// The schema as it is kept.
  var json: JSONValue {
    [
      "size": .integer(Int64(size)),
      "fields": .array(
        fields.map {
          [
            "name": .string($0.name), "offset": .integer(Int64($0.offset)),
            "size": .integer(Int64($0.size)), "empty": .hexadecimal($0.empty),
          ]
        }),
    ]
  }

  /// Reads a schema; nil for what is none.
  init?(json: JSONValue?) {
    guard let size = json?["size"]?.integer, let list = json?["fields"]?.array, size > 0,
      size < 65_536
    else { return nil }
    self.size = Int(size)
    fields = []
    for item in list {
      guard let name = item["name"]?.string, let offset = item["offset"]?.integer,
        let width = item["size"]?.integer, let empty = item["empty"]?.hexadecimal, offset >= 0,
        width > 0, offset + width <= size, empty.count == Int(width)
      else { return nil }
      fields.append(Field(name: name, offset: Int(offset), size: Int(width), empty: empty))
    }
  }
}

/// Reads rows of one schema as rows of another.
struct RowConversion {
  private var moves: [(from: RowSchema.Field, to: RowSchema.Field)]
  private let isSame: Bool
  let size: Int

  /// From a schema that was kept to this release's.
  init(_ kept: RowSchema, _ present: RowSchema) {
    size = kept.size
    isSame = kept == present
    moves = []
    for field in present.fields {
      guard let old = kept.fields.first(where: { $0.name == field.name }) else { continue }
      moves.append((old, field))
    }
  }

  /// A row of its bytes, of which there are `size`.
  func row<Row: StateRow>(_ type: Row.Type, _ bytes: UnsafeRawBufferPointer) -> Row {
    if isSame { return unsafe bytes.loadUnaligned(as: Row.self) }
    var row = Row()
    unsafe withUnsafeMutableBytes(of: &row) { target in
      for (old, new) in moves {
        let value = unsafe bytes[old.offset..<old.offset + old.size]
        // What said nothing says nothing still, in whatever way this release writes that.
        if unsafe value.elementsEqual(old.empty) { continue }
        // Numbers are little-endian: one that became wider has zeros behind it.
        for index in 0..<min(old.size, new.size) {
          unsafe target[new.offset + index] = unsafe value[old.offset + index]
        }
        for index in min(old.size, new.size)..<new.size {
          unsafe target[new.offset + index] = 0
        }
      }
    }
    return row
  }
}
