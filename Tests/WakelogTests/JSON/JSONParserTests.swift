import Glibc
import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog

struct JSONParserTests {
  @Test(
    "Any value may stand at the top, and reads as written",
    arguments: [
      ("null", .null), (" true ", true), ("false\n", false), ("0", 0), ("-0", 0), ("-17", -17),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("1.0", .number(1)), ("1e2", .number(100)), ("-2.5E-3", .number(-0.0025)),
      ("1e+20", .number(1e20)), ("1e-999", .number(0)), ("-0.0", .number(-0.0)),
      ("\"\"", ""), ("\"a\\u00e9\\ud83d\\ude42\\/\\n\"", "aé🙂/\n"),
      ("\"\\u0000x\"", "\u{0}x"), ("[]", []), ("{}", [:]), ("[1,[null,{}]]", [1, [nil, [:]]]),
      ("{\"z\":1,\"a\":2,\"m\":{\"y\":0,\"b\":0}}", ["z": 1, "a": 2, "m": ["y": 0, "b": 0]]),
    ] as [(String, JSONValue)])
  func reads(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(text) == value)
  }

  @Test(
    "What is no JSON is refused with a place and a reason",
    arguments: [
      "", " ", "\n", "nul", "True", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "0x10",
      "[", "]", "[1,]", "[1 2]", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}",
      "'a'", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "\"\t\"", "[1] 2", "1 1",
      "/* */ 1", "// x\n1", "\u{FEFF}1", "\u{0}", "1\u{0}", "[1\u{0},2]", "\"\u{0}\"", "{\"a\":1}}",
      "[1}", "{\"a\":1]",
      "\"\\ud83d\"", "\"\\ude42\"", "\"\\ud83d\\u0041\"", "\"\\ud83dx\"", "\"\\ude42\\ud83d\"",
    ])
  func refuses(text: String) {
    let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(text) }
    #expect(error?.message.isEmpty == false)
    #expect((0...text.utf8.count).contains(error?.position ?? -1))
  }

  @Test(
    "Errors say what to do",
    arguments: [
      ("{\"a\":1,\n\"a\":2}", 2, "duplicate"),
      ("[9223372036854775808]", 1, "64 bits"),
      ("-9223372036854775809", 1, "64 bits"),
      ("[\n1e400]", 2, "too large"),
      ("{\"a\\u0000b\":1}", 1, "\\u0000"),
    ])
  func reasons(text: String, line: Int, part: String) {
    let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(text) }
    #expect(error?.line == line)
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
  }

  @Test(
    "Invalid UTF-8 is refused",
    arguments: [
      [0x80], [0xFF], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xC3, 0x28],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for text in [[0x22] + bytes + [0x22], bytes, Array("{\"".utf8) + bytes + Array("\":1}".utf8)] {
      #expect(throws: JSONParseError.self) { try parse(text) }
    }
  }

  @Test("Nesting is read to the limit, and refused beyond it with its place")
  func depth() throws {
    let limit = JSONParser.maximumDepth
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try JSONParser.parse(nested(limit)).text == nested(limit))
    let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(nested(limit + 1)) }
    #expect(error?.position == limit + 1 && error?.message.contains("128") == true)
    #expect(throws: JSONParseError.self) {
      try JSONParser.parse(String(repeating: "{\"a\":", count: 1_000_000))
    }
    let brackets = JSONValue.string(String(repeating: "[\\\"{", count: 1_000))
    #expect(try JSONParser.parse(brackets.text) == brackets)
  }

  @Test("The deepest text fits a thread of 512 KiB")
  func smallStack() {
    let text = String(repeating: "{\"a\":[", count: 64) + String(repeating: "]}", count: 64)
    let deeper = String(repeating: "[", count: 1_000_000)
    #expect(onThread(stackBytes: 512 << 10) { (try? JSONParser.parse(text))?.text == text })
    #expect(onThread(stackBytes: 512 << 10) { (try? JSONParser.parse(deeper)) == nil })
  }

  @Test("Random values read back as written, byte for byte")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 0x4A)
    for _ in 0..<5_000 {
      let value = randomValue(depth: 5, &random)
      let text = value.text
      let read = try JSONParser.parse(text)
      #expect(read == value && read.text == text, "seed \(random.seed)")
    }
  }

  @Test("Damaged text is read or refused, never a trap")
  func damaged() {
    var random = SeededGenerator(seed: 0xBAD)
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = Array(randomValue(depth: 4, &random).text.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.insert(Array("[]{},:\"\\u0".utf8).randomElement(using: &random)!, at: place)
        default: bytes = bytes.count > 1 ? Array(bytes[..<place]) + [0x20] : bytes
        }
      }
      do { _ = try parse(bytes).text } catch { refused += 1 }
    }
    #expect(refused > 5_000, "seed \(random.seed)")
  }

  private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    try bytes.withUnsafeBytes { try JSONParser.parse($0) }
  }
}

struct JSONParserLocaleTests {
  /// A locale whose decimal separator is two bytes long, where the system has one.
  nonisolated(unsafe) static let pashto = newlocale(LC_NUMERIC_MASK, "ps_AF.UTF-8", nil)

  // jansson rewrites the point to the first byte of the locale's separator and then asserts that
  // `strtod` has read all of it: a host with such a locale would be aborted by any real number.
  @Test(
    "Numbers have a decimal point under any locale, and the locale stays",
    .enabled(if: pashto != nil, "no locale ps_AF.UTF-8 on this machine"))
  func locale() throws {
    let previous = uselocale(Self.pashto)
    defer { uselocale(previous) }
    #expect(try JSONParser.parse("[1.5,-2.25e3]") == [.number(1.5), .number(-2250)])
    #expect(uselocale(nil) == Self.pashto)
    #expect(JSONValue.number(1.5).text == "1.5")
  }
}
