/// A book for each symbol of a namespace, found by its number.
///
/// Symbols are numbered without gaps, so this is an array; a dictionary was most of the checker's
/// time. Numbers far above the rest, which a part of a log or a damaged one has, are kept aside.
struct Books<Space: SymbolSpace, Book: Sendable>: Sendable {
  private static var largestGap: Int { 1 << 16 }

  private var books: [Book?] = []
  private var far: [UInt32: Book] = [:]

  /// The book of a symbol; nil where there is none.
  subscript(symbol: Symbol<Space>) -> Book? {
    @inline(__always) get {
      let index = Int(symbol.number)
      if index < books.count, let book = books[index] { return book }
      return far.isEmpty ? nil : far[symbol.number]
    }
    @inline(__always) _modify {
      let index = Int(symbol.number)
      if grow(to: index) {
        yield &books[index]
      } else {
        yield &far[symbol.number]
      }
    }
  }

  /// The book of a symbol, made if there is none.
  subscript(symbol: Symbol<Space>, default book: @autoclosure () -> Book) -> Book {
    @inline(__always) get { self[symbol] ?? book() }
    @inline(__always) _modify {
      let index = Int(symbol.number)
      if grow(to: index) {
        if books[index] == nil { books[index] = book() }
        yield &books[index]!
      } else {
        yield &far[symbol.number, default: book()]
      }
    }
  }

  /// Every book with its symbol, in order of the numbers.
  var all: [(key: Symbol<Space>, value: Book)] {
    var found: [(key: Symbol<Space>, value: Book)] = []
    for (index, book) in books.enumerated() {
      if let book { found.append((Symbol(UInt32(index)), book)) }
    }
    if far.isEmpty { return found }
    for (number, book) in far { found.append((Symbol(number), book)) }
    return found.sorted { $0.key.number < $1.key.number }
  }

  /// Whether a number has its place in the array, which grows for it if need be.
  @inline(__always)
  private mutating func grow(to index: Int) -> Bool {
    // A number kept aside stays there, so that it is not looked for in two places.
    if !far.isEmpty, far[UInt32(index)] != nil { return false }
    if index < books.count { return true }
    guard index <= books.count + Self.largestGap else { return false }
    while books.count <= index { books.append(nil) }
    return true
  }
}
