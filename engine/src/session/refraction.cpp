// Two books of matches, by the hash of what they are.

#include "session/refraction.h"

#include <algorithm>
#include <utility>

namespace reticle {

void TriggerBook::add(MatchIdentity identity) {
  if (!has(identity)) byHash_[identity.hash()].push_back(std::move(identity));
}

bool TriggerBook::has(const MatchIdentity& identity) const {
  const std::vector<MatchIdentity>* alike = byHash_.find(identity.hash());
  return alike && std::find(alike->begin(), alike->end(), identity) != alike->end();
}

void ReturnBook::add(MatchIdentity identity, std::vector<Value> values) {
  byHash_[identity.hash()].push_back({std::move(identity), std::move(values)});
  ++count_;
}

namespace {

// 1 and 1.0 are equal, and yet a change.
bool alike(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value& x, const Value& y) { return x == y && x.kind() == y.kind(); });
}

}  // namespace

bool ReturnBook::take(const MatchIdentity& identity, const std::vector<Value>& values) {
  std::vector<Left>* left = byHash_.find(identity.hash());
  if (!left) return false;
  const auto found = std::find_if(left->begin(), left->end(), [&](const Left& each) {
    return each.identity == identity && alike(each.values, values);
  });
  if (found == left->end()) return false;
  left->erase(found);
  --count_;
  return true;
}

}  // namespace reticle
