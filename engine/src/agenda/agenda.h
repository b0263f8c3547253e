// The activations of one session: those that are ready to fire, best first, and those that have
// fired and still match.
//
// Invariants:
//   (1) Every complete match has exactly one activation, from the change that made it to the change
//       that ends it.
//   (2) An activation that has fired is kept while its match holds, and is not ready again
//       (refraction).
//   (3) The order is total and defined on matches and changes, never on the network, so every build
//       fires alike: the group that has the focus,
//       salience, the strategy, then the order in which the matches of one change were handed in.
//   (4) Ids count up from 1 in the order of add() and are never used again; slots are.
//
//   group ──▶ salience 10 ──▶ a ⇄ b ⇄ c       depth, breadth: a list, best first; taking one in,
//                                             out, and the best cost the same whatever waits
//         └─▶ salience  0 ──▶ [d, e, f]       other strategies: a heap
//
// The matcher decides what matches; the session carries out actions. The agenda only orders.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "agenda/plan.h"
#include "base/flat_map.h"
#include "match/working_memory.h"
#include "reticle/ids.h"
#include "reticle/options.h"

namespace reticle {

// Where an activation is kept: a position that is given to another one when it has gone.
using ActivationSlot = std::uint32_t;
constexpr ActivationSlot kNoActivation = 0xffffffffu;

// Why an activation that has not fired is not on the agenda.
enum Held : std::uint8_t {
  kHeldByDate = 1,     // its rule is not effective now
  kHeldByTag = 2,      // this settling asks for other tags
  kHeldByTurn = 4,     // this settling has passed it over
  kHeldByError = 8,    // what `once per` asks for has no value
  kHeldByMoment = 16,  // its rule waits for a moment (`on every`, `on cron`)
};

struct Activation {
  std::int64_t salience = 0;
  std::uint64_t recency = 0;  // the change of working memory that made the match
  ActivationId id{};          // 0: an empty slot
  RuleId rule{};
  TokenId token{};
  // the agenda's own: neighbours in a list; `previous`: the place in a heap
  ActivationSlot previous = kNoActivation, next = kNoActivation;
  bool fired = false;
  bool supports = false;  // the session's: logical facts stand on it
  std::uint8_t held = 0;  // of Held; 0 while it is ready
  bool ready() const { return !fired && held == 0; }
};
static_assert(sizeof(Activation) == 40, "there may be millions");

class Agenda {
 public:
  explicit Agenda(AgendaPlan plan, Strategy strategy = Strategy::Depth, std::uint64_t seed = 0);
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  // Whether the strategy compares the ages of the facts: then add() needs them.
  bool comparesFacts() const { return strategy_ == Strategy::Lex || strategy_ == Strategy::Mea; }

  // Takes the next match of a change in. `tags`: the ages of its facts by row (of the change that
  // made or updated each last); empty unless comparesFacts(). Matches of one change have one
  // recency and come in the order that decides ties.
  ActivationSlot add(RuleId rule, TokenId token, std::int64_t salience, std::uint64_t recency,
                     std::uint8_t held = 0, const std::vector<std::uint64_t>& tags = {});
  // The same for an activation that another agenda held (rules were replaced): it keeps its id.
  // Requires: the id is not in use here.
  ActivationSlot adopt(const Activation& activation, const std::vector<std::uint64_t>& tags = {});
  void countFrom(ActivationId next) { next_ = std::max(next_, index(next)); }
  ActivationId nextId() const { return ActivationId{next_}; }

  void remove(ActivationSlot slot);     // its match has ended, fired or not
  void markFired(ActivationSlot slot);  // Requires: it has not fired
  // it has not fired any more. Requires: it has fired
  void rearm(ActivationSlot slot, std::uint8_t held);
  // Takes an activation off the agenda for a reason, or puts those back that nothing else holds.
  // Those that have fired are left alone.
  void hold(ActivationSlot slot, Held why);
  // It gets another salience. Requires: it has not fired
  void setSalience(ActivationSlot slot, std::int64_t salience);
  void release(std::vector<ActivationSlot> slots, Held why);

  // some activation can fire: of the groups that have the focus, or of none
  bool ready() const;
  ActivationSlot best() const;  // Requires: ready()
  const Activation& at(ActivationSlot slot) const { return slots_[slot]; }
  Activation& at(ActivationSlot slot) { return slots_[slot]; }
  ActivationSlot find(ActivationId id) const;  // kNoActivation when it is not here (any more)

  // Which of two activations, of groups alike, fires first.
  bool firesBefore(ActivationSlot a, ActivationSlot b) const;
  // The other activations, not fired, of the same `exclusive` name; in order of id.
  std::vector<ActivationSlot> rivals(ActivationSlot slot) const;

  // The focus: a stack of groups above the main one. A group that is on top already is not put
  // there again.
  void focus(std::uint32_t group);
  void popFocus();  // takes the top one off, if there is one
  void dropIdle();  // takes groups off the top that have nothing ready
  const std::vector<std::uint32_t>& focused() const { return focus_; }
  // For recovery, which takes the focus from the journal: sets the stack, and whether activations
  // may push their group.
  void setFocus(std::vector<std::uint32_t> stack) { focus_ = std::move(stack); }
  void setAutoFocus(bool on) { autoFocus_ = on; }
  // Whether its group has the focus, or needs none.
  bool isOpen(ActivationSlot slot) const;
  const AgendaPlan& plan() const { return plan_; }

  // The ready ones, best first; after them, group by group, those whose group has no focus.
  std::vector<ActivationSlot> inOrder() const;
  std::vector<ActivationSlot> all() const;  // fired and held ones, too; in order of id

 private:
  struct Bucket {
    ActivationSlot first = kNoActivation, last = kNoActivation;
    // the last one of the newest change: the next of this change goes after it
    ActivationSlot newest = kNoActivation;
    std::vector<ActivationSlot> heap;
    // of a salience that is written in a rule: it stays when it is empty
    bool keep = false;
    bool empty() const { return first == kNoActivation && heap.empty(); }
  };
  using Buckets = std::map<std::int64_t, Bucket, std::greater<>>;
  struct Group {
    Buckets buckets;
    Buckets::iterator best;  // the first that is not empty, or end()
    std::size_t ready = 0;
  };

  bool inLists() const { return strategy_ == Strategy::Depth || strategy_ == Strategy::Breadth; }
  // Which of two activations of one salience and group fires first.
  bool before(ActivationSlot a, ActivationSlot b) const;
  int compareFacts(ActivationSlot a, ActivationSlot b) const;
  ActivationSlot newSlot();
  void keepTags(ActivationSlot slot, const std::vector<std::uint64_t>& tags);
  Group& groupOf(const Activation& activation) {
    return groups_[plan_.rules[index(activation.rule)].group];
  }
  Buckets::iterator bucketFor(const Activation& activation);
  // among the ready ones; `after` is known to fire before it
  void enlist(ActivationSlot slot, ActivationSlot after = kNoActivation);
  void delist(ActivationSlot slot);
  void append(Bucket& bucket, ActivationSlot slot);
  void insert(Bucket& bucket, ActivationSlot slot, ActivationSlot from);
  // before: kNoActivation puts it at the end
  void link(Bucket& bucket, ActivationSlot slot, ActivationSlot before);
  void unlink(Bucket& bucket, ActivationSlot slot);
  void heapUp(std::vector<ActivationSlot>& heap, std::size_t at);
  void heapDown(std::vector<ActivationSlot>& heap, std::size_t at);
  void listGroup(const Group& group, std::vector<ActivationSlot>& out) const;

  AgendaPlan plan_;
  Strategy strategy_;
  std::uint64_t seed_;
  std::vector<Activation> slots_;
  ActivationSlot free_ = kNoActivation;  // empty slots, by `next`
  std::vector<Group> groups_;
  std::vector<Buckets::iterator> bucketOfRule_;  // where the salience is fixed
  std::vector<std::uint32_t> focus_;
  bool autoFocus_ = true;
  // those that have not fired, by id
  std::vector<std::set<std::pair<std::uint32_t, ActivationSlot>>> exclusive_;
  std::vector<std::vector<std::uint64_t>> tags_;  // by slot, when comparesFacts()
  // Ids are looked up by hosts, explanations and recovery only: the index is built when it is first
  // asked.
  mutable FlatMap<std::uint32_t, ActivationSlot> slotOfId_;
  mutable bool indexed_ = false;
  std::uint32_t next_ = 1;
};

}  // namespace reticle
