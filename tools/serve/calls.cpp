// A few threads that post calls and hand their results back.
#include "calls.h"

#include <iostream>
#include <thread>
#include <utility>

#include "problem.h"
#include "reticle/csv.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

constexpr std::size_t kAtOnce = 16;

std::string argumentsOf(const Call& call) {
  std::string text;
  for (const auto& [name, value] : call.arguments) {
    text += (text.empty() ? "{" : ",") + inQuotes(name) + ":" + wire::toJson(value);
  }
  return (text.empty() ? "{" : text) + "}";
}

// A key may hold anything that facts hold; a header may not.
std::string inHeader(const std::string& text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (c > ' ' && c < 0x7f && c != '%') {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

// JSON when it can be read as such, otherwise text; null for bytes that are neither.
Value bodyAsValue(const std::string& body) {
  if (body.empty() || !notUtf8(body).empty()) return Value();
  Result<Value> json = wire::parse(body);
  return json ? std::move(*json) : Value::string(body);
}

}  // namespace

Value callError(const std::string& reason, int status, Value body) {
  return Value::map({{Value::string("reason"), Value::string(reason)},
                     {Value::string("status"), Value::integer(status)},
                     {Value::string("body"), std::move(body)}});
}

Calls::Calls(std::map<std::string, std::string> urls, std::chrono::milliseconds timeout,
             Metrics& metrics, Returned returned)
    : urls_(std::move(urls)),
      timeout_(timeout),
      metrics_(metrics),
      returned_(std::move(returned)) {}

void Calls::take(const Call& call) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  if (urls_.count(call.function) == 0) {
    if (unserved_.insert(call.function).second) {
      std::cerr << "reticle serve: `" << call.function << "` is called, and stays open: --call "
                << call.function << "=URL says who performs it\n";
    }
    return;
  }
  waiting_.push_back(call);
  ++open_;
  metrics_.set("reticle_calls_open", "", static_cast<double>(open_));
  if (threads_ < kAtOnce && threads_ < open_) {
    ++threads_;
    std::thread([this] { work(); }).detach();
  }
  changed_.notify_one();
}

void Calls::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Post* post : busy_) post->cancel();
  }
  changed_.notify_all();
}

void Calls::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Call call = std::move(waiting_.front());
    waiting_.pop_front();
    const std::string url = urls_.find(call.function)->second;
    lock.unlock();
    input::StepResult result = perform(call, url);
    lock.lock();
    metrics_.set("reticle_calls_open", "", static_cast<double>(--open_));
    // One that was cut off by the end is no failure of the function.
    if (stopping_) return;
    lock.unlock();
    metrics_.count("reticle_calls_total", label("function", call.function) + ",result=\"" +
                                              (result.failed ? "error" : "result") + "\"");
    returned_(std::move(result));
    lock.lock();
  }
}

input::StepResult Calls::perform(const Call& call, const std::string& url) {
  Post post(url, timeout_);
  {
    const std::lock_guard lock(mutex_);
    busy_.insert(&post);
  }
  const auto began = std::chrono::steady_clock::now();
  const Posted posted = post.send(argumentsOf(call), "application/json",
                                  {{"Idempotency-Key", inHeader(call.key)},
                                   {"Reticle-Call", inHeader(call.id)},
                                   {"Reticle-Attempt", std::to_string(call.attempt)}});
  metrics_.observe("reticle_call_duration_seconds", label("function", call.function),
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  {
    const std::lock_guard lock(mutex_);
    busy_.erase(&post);
  }
  input::StepResult result{.call = call.id, .attempt = call.attempt};
  if (posted.status >= 200 && posted.status < 300) {
    if (posted.body.empty()) return result;
    if (notUtf8(posted.body).empty()) {
      if (Result<Value> json = wire::parse(posted.body)) {
        result.value = std::move(*json);
        return result;
      }
    }
    result.failed = true;
    result.error = callError("the result is no JSON", posted.status);
    return result;
  }
  result.failed = true;
  result.error = posted.status == 0 ? callError(posted.error)
                                    : callError("HTTP " + std::to_string(posted.status),
                                                posted.status, bodyAsValue(posted.body));
  return result;
}

}  // namespace reticle::serve
