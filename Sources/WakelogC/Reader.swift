public import CWakelog
internal import Wakelog
internal import WakelogProviders
internal import WakelogStore

/// See wakelog.h.
@c @implementation
public func wakelog_reader_open(
  _ provider: UnsafePointer<CChar>!, _ reader: UnsafeMutablePointer<wakelog_reader>!
) -> wakelog_status {
  unsafe reader?.pointee = 0
  return answer { () throws(WakelogError) in
    guard let reader = unsafe reader else { throw .null("reader") }
    let text = unsafe try Text.required(provider, "provider")
    let provider: Provider
    if text.hasPrefix("{") {
      let document = try Text.object(text, "provider")
      provider = try naming { () throws(ProviderError) in try Provider(json: document) }
    } else {
      provider = try Provider.known(text)
    }
    unsafe reader.pointee = readers.add(OpenReader(OutputReader(provider)))
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_reader_feed(
  _ reader: wakelog_reader, _ bytes: UnsafePointer<CChar>!, _ length: Int,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ result_length: UnsafeMutablePointer<Int>!
) -> wakelog_status {
  unsafe result?.pointee = nil
  unsafe result_length?.pointee = 0
  return answer { () throws(WakelogError) in
    let open = try readers.find(reader)
    guard unsafe bytes != nil || length == 0 else { throw .null("bytes") }
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: length)
    let reading = unsafe open.feed(piece)
    guard let result = unsafe result else { return }
    let text = Text.copy(JSONText(reading.json).bytes)
    unsafe result.pointee = text.start
    unsafe result_length?.pointee = text.count
  }
}

/// See wakelog.h.
@c @implementation
public func wakelog_reader_close(_ reader: wakelog_reader) -> wakelog_status {
  answer { () throws(WakelogError) in _ = try readers.remove(reader) }
}

/// The readers that C has open.
private let readers = Handles<OpenReader>(of: "reader")

/// A reader that C has open.
private final class OpenReader: Sendable {
  private let reader: Lock<OutputReader>

  init(_ reader: OutputReader) { self.reader = Lock(reader) }

  /// Takes in a piece of output, of no bytes at the end; gives what the output says so far.
  func feed(_ piece: UnsafeRawBufferPointer) -> AttemptReading {
    let bytes = unsafe [UInt8](piece)
    return reader.withLock { reader in
      if bytes.isEmpty { reader.end() } else { reader.take(bytes[...]) }
      return reader.reading
    }
  }
}
