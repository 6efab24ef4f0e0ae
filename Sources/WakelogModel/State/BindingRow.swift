/// A binding that its key has not used last: of another provider than the one that it has.
///
/// A key has one binding for each provider. The one used last lies in the row of the key itself, so
/// that a key that knows one provider, as most do, has no other row.
public struct BindingRow: StateRow {
  /// When it was made.
  public var boundAt: Int64 = 0
  /// Where it was last proven.
  public var provenAt = SequenceNumber.none
  /// The provider session.
  public var bound = IdentitySymbol.none
  /// The generation in which it was made.
  public var boundGeneration = Generation(0)
  /// The fingerprint it was made with.
  public var boundFingerprint = FingerprintSymbol.none
  /// The key.
  public var session = SessionSymbol.none
  /// The key's next such row; 0 for none.
  public var next: UInt32 = 0
  /// The next binding to the same id; none for the last.
  public var nextSharing = BindingLink.none
  /// The lane it stands in.
  public var lane: UInt32 = 0
  /// The next binding of the lane; none for the last.
  public var nextInLane = BindingLink.none
  /// The binding before it in the lane; none for the first.
  public var previousInLane = BindingLink.none
  /// The offset of its time, minutes.
  public var boundOffset: Int16 = 0
  /// Who proved it.
  public var boundProof: Proof?
  private var unused: UInt8 = 0

  /// Nothing.
  public init() {}
}

/// Where a binding lies: in its key's row, or in a row of its own.
public struct BindingLink: Hashable, Sendable, BitwiseCopyable {
  /// The key's number; with the highest bit set, that of a `BindingRow`; 0 for nowhere.
  public var number: UInt32

  private static let rowBit: UInt32 = 1 << 31

  /// Nowhere.
  @inlinable public static var none: Self { Self(number: 0) }

  /// Takes a number as it is kept.
  @inlinable init(number: UInt32) { self.number = number }

  /// In a key's row.
  init(_ session: SessionSymbol) { number = session.number }

  /// In a row of its own.
  init(row: UInt32) { number = row | Self.rowBit }

  /// Whether it is anywhere.
  @inlinable public var exists: Bool { number != 0 }

  /// The number of its own row; nil where it lies in its key's.
  public var row: UInt32? { number & Self.rowBit == 0 ? nil : number & ~Self.rowBit }
}

/// What a key points to for one provider.
public struct Binding: Hashable, Sendable {
  /// The provider session; none for no binding.
  public var identity = IdentitySymbol.none
  /// The generation in which it was made.
  public var generation = Generation(0)
  /// The fingerprint it was made with.
  public var fingerprint = FingerprintSymbol.none
  /// When it was made.
  public var since: Int64 = 0
  /// The offset of that time, minutes.
  public var offset: Int16 = 0
  /// Who proved it.
  public var proof: Proof?
  /// Where it was last proven.
  public var provenAt = SequenceNumber.none

  /// No binding.
  public init() {}

  /// The binding that a key used last.
  public init(_ row: SessionRow) {
    identity = row.bound
    generation = row.boundGeneration
    fingerprint = row.boundFingerprint
    since = row.boundAt
    offset = row.boundOffset
    proof = row.boundProof
    provenAt = row.provenAt
  }

  init(_ row: BindingRow) {
    identity = row.bound
    generation = row.boundGeneration
    fingerprint = row.boundFingerprint
    since = row.boundAt
    offset = row.boundOffset
    proof = row.boundProof
    provenAt = row.provenAt
  }

  /// Whether the key points to anything.
  public var exists: Bool { identity.exists }
}

extension State {
  /// What a key points to for a provider.
  public func binding(of session: SessionSymbol, with provider: ProviderSymbol) -> Binding {
    let row = sessions[session.number]
    if row.bound.exists, lanes[row.lane].provider == provider { return Binding(row) }
    let aside = self.aside(of: session, with: provider)
    return aside == 0 ? Binding() : Binding(bindings[aside])
  }

  /// What a key points to, for every provider: the binding used last first.
  public func bindings(of session: SessionSymbol) -> [Binding] {
    let row = sessions[session.number]
    var found = row.bound.exists ? [Binding(row)] : []
    var link = row.asides
    while link != 0 {
      found.append(Binding(bindings[link]))
      link = bindings[link].next
    }
    return found
  }

  /// The keys that point to an id.
  public func keys(boundTo identity: IdentitySymbol) -> [SessionSymbol] {
    var found: [SessionSymbol] = []
    var link = identities[identity.number].boundBy
    while link.exists {
      found.append(session(at: link))
      link = nextSharing(at: link)
    }
    return found
  }

  /// The key of a binding.
  public func session(at link: BindingLink) -> SessionSymbol {
    link.row.map { bindings[$0].session } ?? SessionSymbol(link.number)
  }

  /// The next binding to the same id.
  public func nextSharing(at link: BindingLink) -> BindingLink {
    link.row.map { bindings[$0].nextSharing } ?? sessions[link.number].nextSharing
  }

  /// The next binding of the same lane.
  public func nextInLane(at link: BindingLink) -> BindingLink {
    link.row.map { bindings[$0].nextInLane } ?? sessions[link.number].nextInLane
  }

  /// A binding where it lies.
  public func binding(at link: BindingLink) -> Binding {
    link.row.map { Binding(bindings[$0]) } ?? Binding(sessions[link.number])
  }

  /// The row of a key's binding with a provider, if it is not the one used last; else 0.
  func aside(of session: SessionSymbol, with provider: ProviderSymbol) -> UInt32 {
    var link = sessions[session.number].asides
    while link != 0 {
      if lanes[bindings[link].lane].provider == provider { return link }
      link = bindings[link].next
    }
    return 0
  }

  /// The row of a key's binding to an id, if it is not the one used last; else 0.
  func aside(of session: SessionSymbol, to identity: IdentitySymbol) -> UInt32 {
    var link = sessions[session.number].asides
    while link != 0 {
      if bindings[link].bound == identity { return link }
      link = bindings[link].next
    }
    return 0
  }
}
