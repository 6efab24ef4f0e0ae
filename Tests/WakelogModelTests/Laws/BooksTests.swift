import Testing
import WakelogTesting

@testable import WakelogModel

@Suite struct BooksTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `books are found again, whatever the numbers`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var books = Books<Space.Session, Int>()
    var expected: [UInt32: Int] = [:]
    let limits: [UInt32] = [40, 70_000, 200_000, .max]
    for step in 0..<400 {
      let number = UInt32.random(in: 1...limits[step % 4], using: &random)
      let symbol = SessionSymbol(number)
      #expect(books[symbol] == expected[number])
      if step % 3 == 0 {
        books[symbol, default: 100] += step
        expected[number, default: 100] += step
      } else {
        books[symbol]? += 1
        expected[number]? += 1
      }
      #expect(books[symbol] == expected[number], "seed \(seed), step \(step)")
    }
    let all = books.all
    #expect(all.map(\.key.number) == expected.keys.sorted())
    #expect(Dictionary(uniqueKeysWithValues: all.map { ($0.key.number, $0.value) }) == expected)
  }
}
