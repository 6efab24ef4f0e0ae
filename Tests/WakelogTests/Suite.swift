import Testing

@testable import Wakelog
