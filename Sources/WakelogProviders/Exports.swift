@_exported public import WakelogModel
