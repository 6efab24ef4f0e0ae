// What the sanitizers have to know about this suite; without one, nobody asks.

/// Tests fork processes that start threads: Killer and the checker of disk images, as hosts do.
const char *__tsan_default_options(void) {
  return "die_after_fork=0:second_deadlock_stack=1:history_size=4";
}

/// Tests of kills and of exits leave what they hold to the system.
const char *__asan_default_options(void) { return "detect_leaks=0:abort_on_error=0"; }
