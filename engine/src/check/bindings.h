// The life of names in a scope: bound, used, ended. What nobody has used is reported when its life
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/index_recorder.h"
#include "check/reporter.h"
#include "check/scope.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

class Bindings {
 public:
  Bindings(IndexRecorder& index, Reporter& report) : index_(index), report_(report) {}

  void bind(Scope& s, Binding binding);
  // A new local for the name, which stays unbound when it is taken; returns the local.
  std::uint32_t bindLocal(Scope& s, const tree::Name& name, Type type, const char* what,
                          bool quiet = false);
  // A local for a name that an action binds. A name that both ways through a block bind has one
  // place for both, see `keepCommon`.
  std::uint32_t bindResult(Scope& s, const tree::Name& name, Type type, const char* what,
                           bool quiet = false);
  void bindParams(const std::vector<tree::Field>& fields, const std::vector<Param>& params,
                  Scope& s, bool quiet);
  // Whether the name can be bound here; if not, that is reported.
  bool isFree(const tree::Name& name, const Scope& s);

  // Ends the life of the names bound since `mark`. `leaveTrace`: who asks for one of them later is
  // told that it was bound inside a block.
  void close(Scope& s, std::size_t mark, bool leaveTrace = false);
  // Ends the life of what a block has bound, and hands it over: whether it is there after the
  // block, the other way through decides.
  static std::vector<Binding> takeBound(Scope& s, std::size_t mark);
  // After two ways of which one was taken: what both have bound is there, and all that a way has
  // bound when the other one left.
  void keepCommon(std::vector<Binding> first, bool firstLeaves, std::vector<Binding> second,
                  bool secondLeaves, Scope& s);
  // Requires: nothing has used it.
  void warnUnused(const Binding& binding, const Scope& s);

 private:
  IndexRecorder& index_;
  Reporter& report_;
};

}  // namespace reticle::model
