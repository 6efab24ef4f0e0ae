import Testing
import WakelogModel

@testable import WakelogForensics

/// A run during which the clock was set back took a negative time in `wakelog runs`.
@Suite struct SpanTests {
  private func took(_ nanoseconds: Int64) -> String {
    let start = Instant(nanoseconds: 1_768_000_000_000_000_000)
    return Span.words(
      from: start, to: Instant(nanoseconds: start.nanoseconds + nanoseconds))
  }

  @Test func `a span is said in its largest unit, and is unknown when the clock went back`() {
    #expect(took(0) == "0 ms")
    #expect(took(9_999_000_000) == "9999 ms")
    #expect(took(59_000_000_000) == "59 s")
    #expect(took(3_599_000_000_000) == "59 min")
    #expect(took(47 * 3_600_000_000_000) == "47 h")
    #expect(took(49 * 3_600_000_000_000) == "2 d")
    #expect(took(-1) == "?")
    #expect(took(-86_400_000_000_000) == "?")
    #expect(
      Span.words(from: Instant(nanoseconds: .min), to: Instant(nanoseconds: .max)) == "?")
  }
}
