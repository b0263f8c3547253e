// What stands after a switch over an enum that returns in every case:
//
//   switch (level) {
//     case Level::Error: return "error";
//     case Level::Warning: return "warning";
//   }
//   unreachable("a level has a name");
//
// Such a switch has no `default`, so that the compiler names each enumerator it forgets (-Wswitch
// is an error). Something must follow it all the same, because a variable of the enum may hold a
// number that no enumerator has: what is read from outside is checked where it is read, and after
// that such a number is a mistake of our own.
#pragma once

#include <cassert>

namespace reticle {

// `sentence` says what was taken for certain.
[[noreturn]] inline void unreachable([[maybe_unused]] const char* sentence) {
  assert(!sentence);
  __builtin_trap();
}

}  // namespace reticle
