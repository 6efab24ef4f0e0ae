import CLMDB
import Glibc

extension StoreError {
  /// The error for a result code of LMDB, which is negative, or of the system, which is an errno.
  init(lmdb result: Int32, _ operation: String, table: Table? = nil) {
    let text = unsafe String(cString: mdb_strerror(result))
    let said = "\(operation) said \"\(text)\"."
    switch result {
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_PAGE_FULL:
      self.init(.corrupt, "\(said) Restore the log from a copy, or export what still reads.")
    case MDB_INVALID:
      self.init(.notALog, "\(said) data.mdb is not a log. Check the path.")
    case MDB_VERSION_MISMATCH:
      self.init(.notALog, "\(said) The file or its lock belongs to another version of LMDB.")
    case MDB_PANIC:
      self.init(.inputOutput, "\(said) An earlier write failed; the next use reopens the log.")
    case MDB_MAP_FULL:
      self.init(.mapFull, "\(said) Nothing was kept. Write again: the map grows first.")
    case MDB_MAP_RESIZED:
      self.init(.busy, "\(said) Another process grew the log. End long reads and try again.")
    case MDB_READERS_FULL:
      self.init(.busy, "\(said) 512 readers are active. End some and try again.")
    case MDB_TXN_FULL:
      self.init(.tooLarge, "\(said) Nothing was kept. Write in smaller transactions.")
    case MDB_BAD_VALSIZE:
      self.init(.tooLarge, "\(said) A key is empty or too long.")
    case MDB_NOTFOUND:
      self.init(.notALog, "\(said) A table of the log is missing.")
    case MDB_BAD_TXN:
      self.init(.inputOutput, "\(said) An earlier call in this transaction failed. Write again.")
    case ENOSPC, EDQUOT, EFBIG:
      self.init(.diskFull, "\(said) Nothing was kept. Make room, then write again.")
    case EROFS, EACCES, EPERM:
      self.init(.readOnly, "\(said) Check the owner and mode of the directory and its files.")
    case ENOENT:
      self.init(.notFound, "\(said) Check the path, or open without readOnly to make a new log.")
    case EAGAIN, EBUSY, EINTR, ENOMEM, EMFILE, ENFILE:
      self.init(.busy, "\(said) The system is short of a resource. Try again.")
    default:
      self.init(.inputOutput, "\(said) Check the disk, then open the log again.")
    }
    self.table = table?.name
  }
}
