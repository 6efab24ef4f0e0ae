/// The kinds of strings that are kept as numbers, each counted from 1 on its own.
///
/// The raw value is part of the storage format: never renumbered, never reused.
public enum Namespace: UInt8, CaseIterable, Sendable {
  /// Session keys. The number is also the row of the session's state.
  case session = 1
  /// Agent names. The number is also the row of the agent's state.
  case agent = 2
  /// Provider names.
  case provider = 3
  /// Provider sessions: an id with its provider. The number is also the row of its state.
  case identity = 4
  /// Workspace paths.
  case workspace = 5
  /// Fingerprints, as canonical JSON objects.
  case fingerprint = 6
  /// Host names. The number is also the row of the host's state.
  case host = 7
  /// Reasons of wakes.
  case reason = 8
  /// Scopes: tasks or issues.
  case scope = 9
  /// Display ids.
  case display = 10
  /// Opaque session parameters, as canonical JSON.
  case params = 11
  /// Names of classifier entries and other causes.
  case code = 12
  /// Symbolic error codes such as `ECONNRESET`.
  case errorCode = 13
  /// Who did it: operators and tools.
  case actor = 14
  /// Free words given with an act: why, because, detail.
  case text = 15
  /// Versions of host programs.
  case version = 16
  /// Policy documents, as canonical JSON.
  case policy = 17
}

/// Says which namespace a `Symbol` is of.
public protocol SymbolSpace: Sendable {
  /// The namespace of the strings.
  static var namespace: Namespace { get }
}

/// A number that stands for a string of one namespace, assigned once and for ever.
///
/// `none` (0) stands for no string. Symbols of different namespaces are different types.
public struct Symbol<Space: SymbolSpace>: Hashable, Sendable, BitwiseCopyable {
  /// The number; 0 for none.
  public var number: UInt32

  /// Makes the symbol of a number.
  @inlinable public init(_ number: UInt32) { self.number = number }

  /// No string.
  @inlinable public static var none: Self { Self(0) }

  /// Whether it stands for a string.
  @inlinable public var exists: Bool { number != 0 }

  /// This symbol, or another when it is none.
  public func or(_ other: Self) -> Self { exists ? self : other }
}

/// The namespaces as types.
public enum Space {
  /// See `Namespace.session`.
  public enum Session: SymbolSpace {
    /// `Namespace.session`.
    public static var namespace: Namespace { .session }
  }
  /// See `Namespace.agent`.
  public enum Agent: SymbolSpace {
    /// `Namespace.agent`.
    public static var namespace: Namespace { .agent }
  }
  /// See `Namespace.provider`.
  public enum Provider: SymbolSpace {
    /// `Namespace.provider`.
    public static var namespace: Namespace { .provider }
  }
  /// See `Namespace.identity`.
  public enum Identity: SymbolSpace {
    /// `Namespace.identity`.
    public static var namespace: Namespace { .identity }
  }
  /// See `Namespace.workspace`.
  public enum Workspace: SymbolSpace {
    /// `Namespace.workspace`.
    public static var namespace: Namespace { .workspace }
  }
  /// See `Namespace.fingerprint`.
  public enum Fingerprint: SymbolSpace {
    /// `Namespace.fingerprint`.
    public static var namespace: Namespace { .fingerprint }
  }
  /// See `Namespace.host`.
  public enum Host: SymbolSpace {
    /// `Namespace.host`.
    public static var namespace: Namespace { .host }
  }
  /// See `Namespace.reason`.
  public enum Reason: SymbolSpace {
    /// `Namespace.reason`.
    public static var namespace: Namespace { .reason }
  }
  /// See `Namespace.scope`.
  public enum Scope: SymbolSpace {
    /// `Namespace.scope`.
    public static var namespace: Namespace { .scope }
  }
  /// See `Namespace.display`.
  public enum Display: SymbolSpace {
    /// `Namespace.display`.
    public static var namespace: Namespace { .display }
  }
  /// See `Namespace.params`.
  public enum Params: SymbolSpace {
    /// `Namespace.params`.
    public static var namespace: Namespace { .params }
  }
  /// See `Namespace.code`.
  public enum Code: SymbolSpace {
    /// `Namespace.code`.
    public static var namespace: Namespace { .code }
  }
  /// See `Namespace.errorCode`.
  public enum ErrorCode: SymbolSpace {
    /// `Namespace.errorCode`.
    public static var namespace: Namespace { .errorCode }
  }
  /// See `Namespace.actor`.
  public enum Actor: SymbolSpace {
    /// `Namespace.actor`.
    public static var namespace: Namespace { .actor }
  }
  /// See `Namespace.text`.
  public enum Text: SymbolSpace {
    /// `Namespace.text`.
    public static var namespace: Namespace { .text }
  }
  /// See `Namespace.version`.
  public enum Version: SymbolSpace {
    /// `Namespace.version`.
    public static var namespace: Namespace { .version }
  }
  /// See `Namespace.policy`.
  public enum Policy: SymbolSpace {
    /// `Namespace.policy`.
    public static var namespace: Namespace { .policy }
  }
}

/// A session key's number.
public typealias SessionSymbol = Symbol<Space.Session>
/// An agent's number.
public typealias AgentSymbol = Symbol<Space.Agent>
/// A provider's number.
public typealias ProviderSymbol = Symbol<Space.Provider>
/// The number of a provider session: one id of one provider.
public typealias IdentitySymbol = Symbol<Space.Identity>
/// A workspace path's number.
public typealias WorkspaceSymbol = Symbol<Space.Workspace>
/// A fingerprint's number.
public typealias FingerprintSymbol = Symbol<Space.Fingerprint>
/// A host's number.
public typealias HostSymbol = Symbol<Space.Host>
/// A reason's number.
public typealias ReasonSymbol = Symbol<Space.Reason>
/// A scope's number.
public typealias ScopeSymbol = Symbol<Space.Scope>

/// A position in the log; the first event has number 1, and there are no gaps. 0 means none.
public struct SequenceNumber: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number.
  public var value: UInt64

  /// Makes a position of a number.
  @inlinable public init(_ value: UInt64) { self.value = value }

  /// No position.
  @inlinable public static var none: Self { Self(0) }
  /// Whether it is a position.
  @inlinable public var exists: Bool { value != 0 }
  /// The position after this one.
  @inlinable public var next: Self { Self(value &+ 1) }

  /// Earlier positions are smaller.
  @inlinable public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Counts the resets of a session key; the first generation is 1.
public struct Generation: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The count.
  public var value: UInt32

  /// Makes a generation of a count.
  @inlinable public init(_ value: UInt32) { self.value = value }

  /// The generation that a reset begins.
  @inlinable public var next: Self { Self(value &+ 1) }

  /// Earlier generations are smaller.
  @inlinable public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// What the log keeps of a fence: a digest, so that no reader of the log can act on a run.
public struct FenceDigest: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes, little-endian.
  public var low: UInt64
  /// The last eight bytes, little-endian.
  public var high: UInt64

  /// Makes a digest of its halves.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The digest of no fence.
  public static var none: Self { Self(low: 0, high: 0) }
}
