import Wakelog
import WakelogModel

/// Rows exported as files: one file per table in a directory, JSON lines or CSV.
struct ExportedRows {
  let folder: Folder
  let gathering: Gathering

  /// The file of a table; nil when there is none, or when it is none to be read.
  static func name(of table: String, in folder: Folder) -> String? {
    ["jsonl", "ndjson", "csv"].map { "\(table).\($0)" }.first {
      if case .none = folder.kind(of: $0) { false } else { true }
    }
  }

  /// Loads the files of tables.
  func load(_ shapes: [Rows.Shape]) throws -> Rows {
    try Rows.loading(shapes) { loader in
      for shape in shapes {
        guard let name = Self.name(of: shape.table, in: folder) else { continue }
        guard let file = folder.file(name) else {
          gathering.skip(name, "is no regular file; it is not followed")
          continue
        }
        if name.hasSuffix(".csv") {
          try readCSV(file, name) { try loader.add($0, to: shape.table) }
        } else {
          try readJSON(file, name) { try loader.add($0, to: shape.table) }
        }
      }
    }
  }

  private func readJSON(
    _ file: Lines, _ name: String, _ body: (JSONObject) throws -> Void
  ) throws {
    while let line = file.next() {
      gathering.count()
      switch line {
      case .tooLong(let offset): gathering.skip("\(name)@\(offset)", "is longer than 16 MiB")
      case .bytes(let bytes, let offset):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
        let value = try? unsafe bytes.withUnsafeBytes { unsafe try JSONParser.parse($0) }
        guard let object = value?.object else {
          gathering.skip("\(name)@\(offset)", "is no JSON object; it may be cut off")
          continue
        }
        try body(object)
      }
    }
  }

  private func readCSV(
    _ file: Lines, _ name: String, _ body: (JSONObject) throws -> Void
  ) throws {
    var reader = CSVReader(file)
    guard let header = reader.next(), case .fields(let names, _) = header else {
      return gathering.skip(name, "has no line of column names")
    }
    while let record = reader.next() {
      gathering.count()
      switch record {
      case .fault(let because, let offset): gathering.skip("\(name)@\(offset)", because)
      case .fields(let fields, let offset):
        guard fields.count == names.count else {
          gathering.skip(
            "\(name)@\(offset)", "has \(fields.count) fields, and there are \(names.count) columns")
          continue
        }
        var object = JSONObject()
        for (column, field) in zip(names, fields) {
          // COPY writes NULL as nothing, and empty text in quotation marks; neither says anything.
          guard let column, let field, !field.isEmpty, object[column] == nil else { continue }
          object.append(column, .string(field))
        }
        try body(object)
      }
    }
  }
}

/// Reads CSV as RFC 4180 has it: fields in quotation marks may hold line ends.
struct CSVReader {
  private let lines: Lines

  init(_ lines: Lines) { self.lines = lines }

  /// One record, or what is wrong in its place.
  enum Record {
    case fields([String?], at: Int64)
    case fault(String, at: Int64)
  }

  /// The next record; nil at the end.
  mutating func next() -> Record? {
    var bytes: [UInt8] = []
    var begin: Int64?
    while let line = lines.next() {
      guard case .bytes(let part, let offset) = line else {
        return .fault("is longer than 16 MiB", at: begin ?? lines.offset)
      }
      begin = begin ?? offset
      bytes += part
      if let fields = Self.fields(bytes) { return .fields(fields, at: begin ?? 0) }
      guard bytes.count <= Lines.longest else {
        return .fault("is longer than 16 MiB; a quotation mark may be missing", at: begin ?? 0)
      }
      bytes.append(0x0A)
    }
    return begin.map { .fault("ends within quotation marks; it may be cut off", at: $0) }
  }

  /// The fields of a record; nil while a quotation mark is open.
  private static func fields(_ record: [UInt8]) -> [String?]? {
    let quote = UInt8(ascii: "\"")
    let comma = UInt8(ascii: ",")
    var bytes = record[...]
    if bytes.last == 0x0D { bytes.removeLast() }
    var fields: [String?] = []
    while true {
      var field: [UInt8] = []
      if bytes.first == quote {
        bytes.removeFirst()
        while true {
          guard let end = bytes.firstIndex(of: quote) else { return nil }
          field += bytes[..<end]
          bytes = bytes[(end + 1)...]
          guard bytes.first == quote else { break }
          field.append(quote)
          bytes.removeFirst()
        }
      }
      let end = bytes.firstIndex(of: comma) ?? bytes.endIndex
      field += bytes[..<end]
      fields.append(String(decoding: field, as: UTF8.self))
      guard end < bytes.endIndex else { return fields }
      bytes = bytes[(end + 1)...]
    }
  }
}
