@_exported public import Wakelog
