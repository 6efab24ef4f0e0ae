import Testing
import WakelogTesting

@testable import WakelogModel

struct JSONWriterTests {
  @Test(
    "Values are written compactly and in order",
    arguments: [
      (.null, "null"), (true, "true"), (false, "false"),
      (0, "0"), (-1, "-1"), (1_234_567_890, "1234567890"),
      (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
      ([], "[]"), ([:], "{}"), ([1, [2, nil], "x"], "[1,[2,null],\"x\"]"),
      (["z": 1, "a": ["y": [:], "b": []]], "{\"z\":1,\"a\":{\"y\":{},\"b\":[]}}"),
      (["": ""], "{\"\":\"\"}"),
    ] as [(JSONValue, String)])
  func compact(value: JSONValue, text: String) {
    #expect(value.text == text)
  }

  @Test(
    "Numbers are the shortest that read back, and never look like an integer",
    arguments: [
      (1.5, "1.5"), (0.1, "0.1"), (100, "100.0"), (-0.0, "-0.0"), (1e20, "1e+20"),
      (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
      (.infinity, "null"), (-.infinity, "null"), (.nan, "null"),
    ] as [(Double, String)])
  func numbers(number: Double, text: String) {
    #expect(JSONValue.number(number).text == text)
  }

  @Test("Finite doubles keep to the grammar and read back to the bit")
  func everyKindOfDouble() {
    var random = SeededGenerator(seed: 0xD0)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let text = JSONValue.number(number).text
      #expect(text.allSatisfy { "-+.e0123456789".contains($0) }, "seed \(random.seed)")
      #expect(text.contains(".") || text.contains("e"), "seed \(random.seed)")
      #expect(Double(text)?.bitPattern == number.bitPattern, "seed \(random.seed)")
    }
  }

  @Test("Strings escape the quote, the backslash and every control, and nothing else")
  func escapes() {
    let short: [UInt8: String] = [
      0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: "\\\"", 0x5C: "\\\\",
    ]
    for byte in UInt8(0)..<0x80 {
      let character = String(UnicodeScalar(byte))
      let digits = String(byte, radix: 16)
      let long = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      let escaped = short[byte] ?? (byte < 0x20 ? long : character)
      #expect(JSONValue.string("a" + character).text == "\"a\(escaped)\"")
    }
    #expect(JSONValue.string("é\u{2028}\u{7F}🙂/").text == "\"é\u{2028}\u{7F}🙂/\"")
    #expect((["\n\"": 1] as JSONValue).text == "{\"\\n\\\"\":1}")
  }

  @Test("Writing appends to what is there")
  func appends() {
    var buffer = TextBuffer(capacity: 0)
    buffer.append("x")
    JSONWriter.write([1], to: &buffer)
    #expect(buffer.bytes() == Array("x[1]".utf8))
  }
}
