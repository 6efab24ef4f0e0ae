import Testing
import WakelogTesting

@testable import WakelogModel

struct InstantTests {
  static let readable: [(text: String, nanoseconds: Int64, offset: Int16)] = [
    ("1970-01-01T00:00:00Z", 0, 0),
    ("1970-01-01T00:00:00+00:00", 0, 0),
    ("1970-01-01T00:00:00-00:00", 0, 0),
    ("2026-01-18T05:00:00+01:00", 1_768_708_800_000_000_000, 60),
    ("2026-01-18t04:00:00z", 1_768_708_800_000_000_000, 0),
    ("2026-01-18T09:30:00.5+05:30", 1_768_708_800_500_000_000, 330),
    ("2026-01-18T04:00:00.000000001Z", 1_768_708_800_000_000_001, 0),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000, 0),
    ("2000-02-29T23:59:59Z", 951_868_799_000_000_000, 0),
    ("1969-12-31T23:00:00-01:00", 0, -60),
    ("2262-01-01T00:59:59.999999999+01:00", 9_214_646_399_999_999_999, 60),
    ("1970-01-01T23:59:00+23:59", 0, 1_439),
    // The leap seconds of 2016 and of 2015, the latter seen from Tokyo.
    ("2016-12-31T23:59:60Z", 1_483_228_799_999_999_999, 0),
    ("2015-07-01T08:59:60.25+09:00", 1_435_708_799_999_999_999, 540),
  ]

  @Test("RFC 3339 reads to the nanosecond, with its offset", arguments: readable)
  func reads(text: String, nanoseconds: Int64, offset: Int16) {
    #expect(Instant(text) == Instant(nanoseconds: nanoseconds, offsetMinutes: offset))
  }

  @Test(
    "Text outside the grammar, the calendar or the years is refused",
    arguments: [
      "", "2026", "2026-01-18", "2026-01-18T05:00:00", "2026-01-18 05:00:00Z",
      "2026-01-18T05:00Z", "2026-01-18T05:00:00.Z", "2026-01-18T05:00:00.1234567890Z",
      "2026-01-18T05:00:00,5Z", "2026-01-18T05:00:00+0100", "2026-01-18T05:00:00+1:00",
      "2026-01-18T05:00:00+24:00", "2026-01-18T05:00:00+01:60", "2026-01-18T24:00:00Z",
      "2026-01-18T05:60:00Z", "2026-01-18T05:00:61Z", "2026-01-18T05:00:60Z",
      "2026-00-18T05:00:00Z", "2026-13-18T05:00:00Z", "2026-01-00T05:00:00Z",
      "2026-01-32T05:00:00Z", "2026-04-31T05:00:00Z", "2025-02-29T05:00:00Z",
      "2100-02-29T05:00:00Z", "2026-02-30T05:00:00Z", "26-01-18T05:00:00Z",
      "+2026-01-18T05:00:00Z", " 2026-01-18T05:00:00Z", "2026-01-18T05:00:00Z ",
      "2026-01-18T05:00:00ZZ", "1969-12-31T23:59:59Z", "1970-01-01T00:59:59+01:00",
      "2262-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
      "２０２６-01-18T05:00:00Z", "2026-01-18T05:00:00-01:00\u{0}", "2026-1a-18T05:00:00Z",
      "2026-01-18T05:00:00+\u{2212}1:00",
    ])
  func refuses(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(
    "Formatting keeps the offset and the shortest of 0, 3, 6 and 9 digits",
    arguments: [
      (0, 0, "1970-01-01T00:00:00+00:00"),
      (1_768_708_800_000_000_000, 60, "2026-01-18T05:00:00+01:00"),
      (1_768_708_800_500_000_000, -210, "2026-01-18T00:30:00.500-03:30"),
      (1_768_708_800_000_001_000, 0, "2026-01-18T04:00:00.000001+00:00"),
      (1_768_708_800_000_000_010, 0, "2026-01-18T04:00:00.000000010+00:00"),
      (9_214_646_399_999_999_999, 0, "2261-12-31T23:59:59.999999999+00:00"),
    ] as [(Int64, Int16, String)])
  func formats(nanoseconds: Int64, offset: Int16, text: String) {
    #expect(Instant(nanoseconds: nanoseconds, offsetMinutes: offset).description == text)
  }

  @Test("Any moment and offset reads back as written")
  func roundTrip() {
    var random = SeededGenerator(seed: 0x1970)
    for _ in 0..<20_000 {
      let unit: Int64 = [1, 1_000, 1_000_000, 1_000_000_000].randomElement(using: &random)!
      let instant = Instant(
        nanoseconds: .random(in: Instant.moments, using: &random) / unit * unit,
        offsetMinutes: .random(in: Instant.offsets, using: &random))
      #expect(Instant(instant.description) == instant, "seed \(random.seed)")
    }
  }

  @Test("Bits outside the range print without trapping")
  func total() {
    for nanoseconds in [Int64.min, -1, 0, .max] {
      for offset in [Int16.min, -1_440, 0, 1_440, .max] {
        let instant = Instant(nanoseconds: nanoseconds, offsetMinutes: offset)
        #expect(!instant.description.isEmpty)
        for hour in [Int.min, -1, 0, 23, 24, .max] { _ = instant.latest(hour: hour) }
        for seconds in [Int64.min, -1, 0, 1, .max] {
          #expect(Instant.moments.contains(instant.adding(seconds: seconds).nanoseconds))
        }
      }
    }
  }

  @Test("Every day of three centuries counts one more than the day before")
  func calendar() {
    var expected = CalendarDay(year: 1970, month: 1, day: 1)!
    for days in Int64(0)...106_650 {
      let day = CalendarDay(daysSince1970: days)
      #expect(day == expected && day.daysSince1970 == days)
      expected =
        CalendarDay(year: day.year, month: day.month, day: day.day + 1)
        ?? CalendarDay(year: day.year, month: day.month + 1, day: 1)
        ?? CalendarDay(year: day.year + 1, month: 1, day: 1)!
    }
  }

  @Test("Milliseconds count from 1970 at offset 0 and end with 2261")
  func milliseconds() {
    let instant = Instant(milliseconds: 1_768_708_800_123)
    #expect(instant?.description == "2026-01-18T04:00:00.123+00:00")
    #expect(Instant(milliseconds: 9_214_646_399_999) != nil)
    for outside in [Int64.min, -1, 9_214_646_400_000, .max] {
      #expect(Instant(milliseconds: outside) == nil)
    }
    #expect(Instant(json: 1_768_708_800_000) == Instant(json: "2026-01-18T04:00:00Z"))
    for other in [.null, .bool(true), .number(1_768_708_800_000), 1_768_708_800, [], "soon"]
      as [JSONValue]
    {
      #expect(Instant(json: other) == nil)
    }
  }

  @Test("Order is the moment's; equality is the clock's too")
  func order() throws {
    let berlin = try #require(Instant("2026-01-18T05:00:00+01:00"))
    let london = try #require(Instant("2026-01-18T04:00:00Z"))
    #expect(!(berlin < london) && !(london < berlin) && berlin != london)
    #expect(london < berlin.adding(seconds: 1))
  }

  @Test(
    "The latest full hour is today's or yesterday's on the instant's own clock",
    arguments: [
      ("2026-01-18T05:00:00+01:00", 4, "2026-01-18T04:00:00+01:00"),
      ("2026-01-18T04:00:00+01:00", 4, "2026-01-18T04:00:00+01:00"),
      ("2026-01-18T03:59:59.999999999+01:00", 4, "2026-01-17T04:00:00+01:00"),
      ("2026-03-01T00:00:00-03:30", 23, "2026-02-28T23:00:00-03:30"),
      ("2024-03-01T00:30:00+13:00", 23, "2024-02-29T23:00:00+13:00"),
      ("2026-01-01T00:00:00Z", 0, "2026-01-01T00:00:00Z"),
    ])
  func latestHour(at: String, hour: Int, expected: String) throws {
    #expect(try #require(Instant(at)).latest(hour: hour) == Instant(expected)?.nanoseconds)
  }

  @Test("The latest full hour may lie before 1970")
  func latestHourBefore1970() {
    #expect(Instant(nanoseconds: 0).latest(hour: 4) == -20 * 3_600 * 1_000_000_000)
  }

  @Test("Adding seconds saturates at both ends")
  func adding() {
    let start = Instant(nanoseconds: 1_000_000_000, offsetMinutes: 60)
    #expect(start.adding(seconds: 2) == Instant(nanoseconds: 3_000_000_000, offsetMinutes: 60))
    #expect(start.adding(seconds: .max).description == "2262-01-01T00:59:59.999999999+01:00")
    #expect(start.adding(seconds: -2).nanoseconds == 0)
  }
}
