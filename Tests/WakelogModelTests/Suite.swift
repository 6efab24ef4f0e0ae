import Testing
@testable import WakelogModel
