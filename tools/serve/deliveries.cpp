// One thread for each URL: attempts, pauses between them, dead letters.
#include "deliveries.h"

#include <algorithm>
#include <iostream>
#include <thread>
#include <tuple>

#include "durable_files.h"
#include "problem.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

constexpr std::chrono::milliseconds kLongestWait{60'000};

// The envelope alone, of {"kind":"event","event":{…}}.
std::string envelopeOf(const CloudEvent& event) {
  constexpr std::string_view kBefore = "{\"kind\":\"event\",\"event\":";
  const std::string text = wire::toJson(Output(event));
  return text.substr(kBefore.size(), text.size() - kBefore.size() - 1);
}

// A refusal that will not change: trying again says the same to the same receiver.
bool isFinal(int status) {
  return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

bool isTaken(int status) { return status >= 200 && status < 300; }

}  // namespace

Deliveries::Deliveries(DeliveryOptions options, Outbox& outbox, Metrics& metrics)
    : options_(std::move(options)), outbox_(outbox), metrics_(metrics) {}

// In the order of the outbox as it was read: that of ids, which are numbered. A file may say
// anything: what is to go to no URL is given up.
void Deliveries::begin() {
  std::vector<std::pair<Key, std::string>> all;
  for (auto& [key, event] : outbox_.pending()) all.emplace_back(key, event);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    const std::string &one = a.first.first, &other = b.first.first;
    return one.size() != other.size() ? one.size() < other.size() : one < other;
  });
  for (auto& [key, event] : all) {
    if (const std::string wrong = notUrl(key.second); wrong.empty()) {
      enqueue(key, std::move(event));
    } else {
      giveUp(key, event, 0, {0, "", wrong});
      outbox_.done(key);
    }
  }
  metrics_.set("reticle_outbox_events", "", static_cast<double>(outbox_.size()));
}

std::vector<std::string> Deliveries::targetsOf(const CloudEvent& event) const {
  std::vector<std::string> urls = options_.routes.urlsFor(event);
  auto [from, to] = options_.targets.equal_range(event.type);
  if (from == to) std::tie(from, to) = options_.targets.equal_range("");
  for (; from != to; ++from) {
    if (std::find(urls.begin(), urls.end(), from->second) == urls.end()) {
      urls.push_back(from->second);
    }
  }
  return urls;
}

// To one URL once, by whatever ways. A delivery may be done before the next is entered, and the
// outbox forgets what is done.
void Deliveries::take(const CloudEvent& event) {
  const std::vector<std::string> urls = targetsOf(event);
  metrics_.count("reticle_outputs_total", label("target", urls.empty() ? "none" : "some"));
  if (urls.empty()) return;
  const std::string envelope = envelopeOf(event);
  for (const std::string& url : urls) {
    const Key key{event.id, url};
    if (outbox_.add(key, envelope)) enqueue(key, envelope);
  }
  metrics_.set("reticle_outbox_events", "", static_cast<double>(outbox_.size()));
}

void Deliveries::enqueue(const Key& key, std::string event) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  std::unique_ptr<Target>& target = targets_[key.second];
  if (!target) {
    target = std::make_unique<Target>();
    target->url = key.second;
    target->post = std::make_unique<Post>(key.second, options_.timeout);
    std::thread([this, each = target.get()] { work(*each); }).detach();
  }
  target->waiting.emplace_back(key, std::move(event));
  changed_.notify_all();
}

void Deliveries::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [url, target] : targets_) target->post->cancel();
  }
  changed_.notify_all();
}

// The first of the queue stays there until it is done.
void Deliveries::work(Target& target) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !target.waiting.empty(); });
    if (stopping_) return;
    const auto [key, event] = target.waiting.front();
    lock.unlock();
    const bool isDone = deliver(target, key, event);
    if (isDone) {
      outbox_.done(key);
      metrics_.set("reticle_outbox_events", "", static_cast<double>(outbox_.size()));
    }
    lock.lock();
    if (!isDone) return;
    target.waiting.pop_front();
  }
}

// False when the server stops before it is decided.
bool Deliveries::deliver(Target& target, const Key& key, const std::string& event) {
  std::chrono::milliseconds wait = options_.firstWait;
  for (std::uint32_t attempt = 1;; ++attempt) {
    const Posted posted = target.post->send(event, "application/cloudevents+json", {});
    const std::string to = label("to", target.url);
    if (isTaken(posted.status)) {
      metrics_.count("reticle_deliveries_total", to + ",result=\"taken\"");
      return true;
    }
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    metrics_.count("reticle_deliveries_total", to + ",result=\"failed\"");
    if (isFinal(posted.status) || attempt >= options_.attempts) {
      giveUp(key, event, attempt, posted);
      return true;
    }
    if (!waitFor(wait)) return false;
    wait = std::min(2 * wait, kLongestWait);
  }
}

bool Deliveries::waitFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return stopping_; });
}

// Said in the file, before the outbox forgets it, and on the error stream: the file may be on a
// disk that is full.
void Deliveries::giveUp(const Key& key, const std::string& event, std::uint32_t attempts,
                        const Posted& last) {
  const std::string why = last.status == 0 ? last.error : "HTTP " + std::to_string(last.status);
  metrics_.count("reticle_dead_letters_total", label("to", key.second));
  const std::lock_guard lock(deadLetters_);
  const Status kept =
      appendLine(options_.deadLetters,
                 "{\"to\":" + inQuotes(key.second) + ",\"attempts\":" + std::to_string(attempts) +
                     ",\"error\":" + inQuotes(why) + ",\"event\":" + event + "}\n");
  std::cerr << "reticle serve: event " << key.first << " is not delivered to " << key.second
            << " after " << attempts << (attempts == 1 ? " attempt: " : " attempts: ") << why
            << (kept ? "; it is in " : "; it could not be written to ") << options_.deadLetters
            << "\n";
}

}  // namespace reticle::serve
