import Wakelog
import WakelogModel
import WakelogStore

/// Goes through a capsule's lines; throws a flaw at the first that is not as it was sealed.
struct CapsuleReader {
  /// What is wrong, and with which event.
  struct Flaw: Error {
    var sequence: UInt64?
    var because: String
  }

  var found = Capsule.Check()
  private(set) var line = 0
  private var version: Int64 = 0
  private var previous: [UInt8] = []
  private var last: UInt64?
  private var open: CapsuleCommit?
  private var texts = CapsuleTexts()
  private var hasEnded = false
  private let digest = Digest.Stream()

  mutating func take(_ bytes: [UInt8]) throws {
    line += 1
    let text = String(decoding: bytes, as: UTF8.self)
    guard let value = try? JSONParser.parse(text), case .object(let object) = value else {
      throw flaw("The line is no JSON object.")
    }
    guard !hasEnded else { throw flaw("Something stands behind the end.") }
    let names = object.members.map(\.name)
    if names == ["end"] { return try end(value) }
    unsafe (bytes + [0x0A]).withUnsafeBytes { unsafe digest.update($0) }
    switch names.first {
    case "capsule" where line == 1: try begin(value)
    case _ where line == 1: throw flaw("This is no capsule: it does not begin as one.")
    case "commit": try commit(value, names)
    case "symbol": try symbol(value, names)
    case "event": try event(value, names)
    default: throw flaw("The line is none that a capsule has.")
    }
  }

  mutating func end() throws {
    guard hasEnded else { throw flaw("The capsule is cut short: its end is missing.") }
  }

  private func flaw(_ because: String) -> Flaw { Flaw(sequence: open?.first, because: because) }

  private mutating func begin(_ value: JSONValue) throws {
    guard let version = value["capsule"]?.integer, Capsule.versions.contains(version) else {
      throw flaw("The capsule has another format. Check it with the release that wrote it.")
    }
    self.version = version
    guard let log = value["log"]?.string, let seal = value["previous"]?.hexadecimal else {
      throw flaw("The first line does not name log and seal.")
    }
    found.log = log
    previous = seal
  }

  private mutating func commit(_ value: JSONValue, _ names: [String]) throws {
    try close()
    let commit = try CapsuleCommit(value, names)
    if let last {
      guard commit.first == last + 1 else {
        throw Flaw(sequence: last + 1, because: "A commit is missing before this one.")
      }
    } else if commit.first == 1, JSONValue.hexadecimal(previous).string != found.log {
      throw Flaw(sequence: 1, because: "The first commit does not follow from the log's name.")
    }
    guard commit.follows(previous) else {
      throw Flaw(sequence: commit.first, because: "The commit does not match its seal.")
    }
    open = commit
  }

  /// Ends the commit whose parts have all been read.
  private mutating func close() throws {
    guard var commit = open else { return }
    try commit.close()
    open = nil
    previous = commit.seal
    last = commit.last
    found.commits += 1
    found.seal = JSONValue.hexadecimal(commit.seal).string ?? ""
  }

  private mutating func symbol(_ value: JSONValue, _ names: [String]) throws {
    guard let number = value["symbol"]?.integer.flatMap({ UInt32(exactly: $0) }),
      number > 0, number < .max,
      let namespace = value["of"]?.integer.flatMap({ UInt8(exactly: $0) }),
      let digest = value["digest"]?.hexadecimal, open != nil
    else { throw flaw("The symbol is malformed, or stands in no commit.") }
    switch names {
    case ["symbol", "of", "digest"]: break
    case ["symbol", "of", "digest", "short"]:
      guard let short = CapsuleBytes.read(value["short"]) else {
        throw flaw("A text is malformed.")
      }
      texts.add(namespace, number, short)
      found.shortened += 1
    case ["symbol", "of", "digest", "text", "key"]:
      guard let text = CapsuleBytes.read(value["text"]), let key = value["key"]?.hexadecimal,
        SymbolSeal.digest(key: key, of: text) == digest
      else { throw flaw("The text of symbol \(number) is not the one that was sealed.") }
      texts.add(namespace, number, text)
    default: throw flaw("Symbol \(number) has members that a capsule does not have.")
    }
    try open?.add(namespace, number, digest)
  }

  private mutating func event(_ value: JSONValue, _ names: [String]) throws {
    guard let number = value["event"]?.integer, let sequence = UInt64(exactly: number),
      let bytes = value["frame"]?.hexadecimal, open != nil
    else { throw flaw("The event is malformed, or stands in no commit.") }
    try open?.add(event: sequence, bytes)
    guard let frame = try? ForeignFrame(bytes, sequence) else {
      throw Flaw(sequence: sequence, because: "The event was changed: its checksum is another.")
    }
    let isChosen = names.contains("is")
    let expected = ["event", "frame"] + (isChosen ? ["is"] : [])
    let shown = ["evidence"] + (version > 1 ? ["key"] : [])
    guard names == expected || (isChosen && names == expected + shown) else {
      throw Flaw(sequence: sequence, because: "The event has members that a capsule does not have.")
    }
    guard isChosen else { return }
    found.events += 1
    guard value["is"] == texts.json(frame.record, sequence) else {
      throw Flaw(sequence: sequence, because: "The event is shown as what it is not.")
    }
    guard let evidence = value["evidence"] else {
      if frame.evidence != nil { found.withheld += 1 }
      return
    }
    guard let text = CapsuleBytes.read(evidence),
      digest(of: text, value["key"]?.hexadecimal) == frame.evidence
    else {
      throw Flaw(sequence: sequence, because: "The evidence is not what the event was sealed with.")
    }
  }

  private func digest(of evidence: [UInt8], _ key: [UInt8]?) -> [UInt8]? {
    version == 1
      ? Digest.short(evidence) : key.flatMap { EvidenceSeal.digest(key: $0, of: evidence) }
  }

  private mutating func end(_ value: JSONValue) throws {
    try close()
    hasEnded = true
    found.digest = JSONValue.hexadecimal(digest.finish()).string ?? ""
    guard line > 1, value["end"]?.string == found.digest else {
      throw Flaw(
        because: "The capsule was changed where no seal covers it: its digest is another.")
    }
  }
}
