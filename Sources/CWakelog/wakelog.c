// The header alone: what it declares is implemented in WakelogC. SwiftPM wants a file to compile,
// and compiling it shows that the header stands on its own.
#include "wakelog.h"
