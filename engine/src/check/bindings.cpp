// Binds names, hands them from one block to the next, and ends them.
#include "check/bindings.h"

#include <algorithm>

#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// Parameters are the first locals, in their order. `quiet` is for functions and flows, whose
// callers may know more than they use; an unused parameter of a query is reported.
void Bindings::bindParams(const std::vector<tree::Field>& fields, const std::vector<Param>& params,
                          Scope& s, bool quiet) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    Binding binding;
    binding.name = params[i].name;
    binding.type = params[i].type;
    binding.ref = {Ref::Kind::Local, s.locals++, {}};
    binding.span = fields[i].name.span;
    binding.what = "parameter";
    binding.quiet = quiet;
    bind(s, std::move(binding));
  }
  if (!fields.empty()) index_.after(fields.back().span, s);
}

// A name means one thing in a scope: nothing is shadowed, since a rule is read as a whole and its
// reader would have to find out which of two is meant.
bool Bindings::isFree(const tree::Name& name, const Scope& s) {
  const auto same = std::find_if(s.bindings.begin(), s.bindings.end(),
                                 [&](const Binding& b) { return b.name == name.text; });
  if (name.text == "this") {
    report_.error("RL1009", name.span,
                  "`this` is the fact that a pattern is looking at; choose another name");
    return false;
  }
  if (same == s.bindings.end()) return true;
  Diagnostic& d = report_.error("RL1007", name.span, quoted(name.text) + " is bound already");
  d.related.push_back({same->span, "this " + std::string(same->what)});
  d.help.push_back("choose another name for one of them");
  return false;
}

// The index hears of every binding here, so that what is bound in a new way is found by the editor
// without further work.
void Bindings::bind(Scope& s, Binding binding) {
  index_.bound(binding);
  s.bindings.push_back(std::move(binding));
}

// The local is taken also when the name is not free: the numbers of the others must not depend on a
// mistake.
std::uint32_t Bindings::bindLocal(Scope& s, const tree::Name& name, Type type, const char* what,
                                  bool quiet) {
  Binding binding;
  binding.name = name.text;
  binding.type = std::move(type);
  binding.ref = {Ref::Kind::Local, s.locals, {}};
  binding.span = name.span;
  binding.what = what;
  binding.quiet = quiet;
  if (name && isFree(name, s)) bind(s, std::move(binding));
  return s.locals++;
}

// A name that begins with `_` says that it is bound for its reader. The repair is offered where
// taking the name away leaves a pattern that is still right.
void Bindings::warnUnused(const Binding& binding, const Scope& s) {
  if (binding.name.empty() || binding.name[0] == '_' || allows(s, "RL3002")) return;
  Diagnostic& d =
      report_.warn("RL3002", binding.span, quoted(binding.name) + " is bound and never used");
  if (!(binding.prefix == Span{})) {
    d.fixes.push_back(edit("take the binding away", binding.prefix, ""));
  }
  d.help.push_back("to keep it call it " + quoted("_" + binding.name));
}

// Poison is not reported as unused: what would have used it may be broken too.
void Bindings::close(Scope& s, std::size_t mark, bool leaveTrace) {
  for (std::size_t i = mark; i < s.bindings.size(); ++i) {
    const Binding& binding = s.bindings[i];
    if (!binding.used && !binding.quiet && !isPoison(binding.type)) warnUnused(binding, s);
    if (leaveTrace) s.absent.push_back({binding.name, Absent::Why::Left, binding.span, "", {}});
  }
  s.bindings.resize(mark);
}

// A local for a name that an action binds. A name that both ways through a block bind has one place
// for both, see `keepCommon`.
std::uint32_t Bindings::bindResult(Scope& s, const tree::Name& name, Type type, const char* what,
                                   bool quiet) {
  const std::size_t before = s.bindings.size();
  const std::uint32_t local = bindLocal(s, name, std::move(type), what, quiet);
  const auto twin = std::find_if(s.shared.begin(), s.shared.end(),
                                 [&](const Binding& other) { return other.name == name.text; });
  if (twin == s.shared.end() || s.bindings.size() == before) return local;
  s.bindings.back().ref = twin->ref;
  return twin->ref.row;
}

// Ends the life of what a block has bound, and hands it over: whether it is there after the block,
// the other way through decides.
std::vector<Binding> Bindings::takeBound(Scope& s, std::size_t mark) {
  std::vector<Binding> bound(s.bindings.begin() + static_cast<std::ptrdiff_t>(mark),
                             s.bindings.end());
  s.bindings.resize(mark);
  for (const Binding& binding : bound) {
    s.absent.push_back({binding.name, Absent::Why::Left, binding.span, "", {}});
  }
  return bound;
}

// After two ways of which one was taken: what both have bound is there, and all that a way has
// bound when the other one left.
void Bindings::keepCommon(std::vector<Binding> first, bool firstLeaves, std::vector<Binding> second,
                          bool secondLeaves, Scope& s) {
  const auto drop = [&](const Binding& binding) {
    if (!binding.used && !binding.quiet && !isPoison(binding.type)) warnUnused(binding, s);
  };
  const auto keep = [&](Binding binding) {
    std::erase_if(s.absent, [&](const Absent& a) {
      return a.why == Absent::Why::Left && a.name == binding.name && a.span == binding.span;
    });
    bind(s, std::move(binding));
  };
  for (Binding& binding : first) {
    const auto twin = std::find_if(second.begin(), second.end(), [&](const Binding& other) {
      return other.name == binding.name;
    });
    const bool common = twin != second.end() && binding.type.required() == twin->type.required() &&
                        binding.ref.row == twin->ref.row;
    if (secondLeaves && !firstLeaves) {
      keep(std::move(binding));
    } else if (common && !firstLeaves) {
      binding.used = binding.used || twin->used;
      binding.type.optional = binding.type.optional || twin->type.optional;
      twin->used = true;
      index_.join(binding, *twin);
      keep(std::move(binding));
    } else {
      drop(binding);
    }
  }
  for (Binding& binding : second) {
    if (firstLeaves && !secondLeaves) {
      keep(std::move(binding));
    } else {
      drop(binding);
    }
  }
}

}  // namespace reticle::model
