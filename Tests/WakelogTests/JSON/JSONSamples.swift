import Dispatch
import Foundation
import Synchronization
import WakelogModel
import WakelogTesting

/// A value that JSON can say: no infinities, no U+0000 in names, no name twice.
func randomValue(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
  switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
  case 0: return [.null, true, false].randomElement(using: &random)!
  case 1:
    return .integer(Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random)))
  case 2:
    let number = Double(bitPattern: random.next())
    return .number(number.isFinite ? number : 0.5)
  case 3, 4: return .string(randomText(lowest: 0, &random))
  case 5, 6:
    let count = Int.random(in: 0..<6, using: &random)
    return .array((0..<count).map { _ in randomValue(depth: depth - 1, &random) })
  default:
    var object = JSONObject()
    for _ in 0..<Int.random(in: 0..<6, using: &random) {
      object[randomText(lowest: 1, &random)] = randomValue(depth: depth - 1, &random)
    }
    return .object(object)
  }
}

/// Text of every length of UTF-8 sequence, rich in what needs an escape.
private func randomText(lowest: UInt32, _ random: inout SeededGenerator) -> String {
  var text = String.UnicodeScalarView()
  for _ in 0..<Int.random(in: 0..<12, using: &random) {
    let highest: UInt32 = [0x1F, 0x7F, 0x7FF, 0xFFFF, 0x10_FFFF].randomElement(using: &random)!
    let number = UInt32.random(in: lowest...highest, using: &random)
    text.append(Unicode.Scalar(number) ?? "\u{FFFD}")
    if Bool.random(using: &random) {
      text.append(["\"", "\\", "/"].randomElement(using: &random)!)
    }
  }
  return String(text)
}

/// Runs a test on a new thread with a stack of that size, and waits for its answer.
func onThread(stackBytes: Int, _ body: @escaping @Sendable () -> Bool) -> Bool {
  let answer = Mutex(false)
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    let value = body()
    answer.withLock { $0 = value }
    done.signal()
  }
  thread.stackSize = stackBytes
  thread.start()
  done.wait()
  return answer.withLock { $0 }
}
