#include "agents/ranks/heartbeat.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace medal {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBeat{5}, kSilence{40};

std::string key_of(int rank) { return "alive" + std::to_string(rank); }

}  // namespace

struct Heartbeat::State {
  State(c10::intrusive_ptr<c10d::Store> its_store, int its_rank, int size)
      : store(std::move(its_store)),
        rank(its_rank),
        last_words(static_cast<std::size_t>(size)),
        heard(static_cast<std::size_t>(size), Clock::now()) {}

  void listen();
  void run();

  c10::intrusive_ptr<c10d::Store> store;
  const int rank;
  std::vector<std::vector<std::uint8_t>> last_words;  ///< of the thread alone

  std::mutex mutex;
  std::condition_variable stopped;
  bool stop = false, ended = false;
  Clock::time_point answered = Clock::now();  ///< when the store last did
  std::vector<Clock::time_point> heard;
};

void Heartbeat::State::listen() {
  for (std::size_t other = 0; other < last_words.size(); ++other) {
    const std::string key = key_of(static_cast<int>(other));
    if (static_cast<int>(other) == rank || !store->check({key})) continue;
    std::vector<std::uint8_t> words = store->get(key);
    const std::lock_guard lock(mutex);
    if (words != last_words[other]) heard[other] = Clock::now();
    last_words[other] = std::move(words);
  }
}

void Heartbeat::State::run() try {
  std::unique_lock lock(mutex);
  for (std::uint64_t beat = 0; !stop; ++beat) {
    const Clock::time_point before = answered;
    lock.unlock();
    const std::string text = std::to_string(beat);
    store->set(key_of(rank), {text.begin(), text.end()});
    listen();
    lock.lock();
    answered = Clock::now();
    // This process itself was held up, by Ctrl-Z say: of the others nothing is known yet.
    if (beat > 0 && answered - before > 3 * kBeat) std::fill(heard.begin(), heard.end(), answered);
    stopped.wait_for(lock, kBeat, [&] { return stop; });
  }
  ended = true;
  stopped.notify_all();
} catch (const std::exception&) {  // the store is gone; silent_rank() will say so
  const std::lock_guard lock(mutex);
  ended = true;
  stopped.notify_all();
}

Heartbeat::Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size)
    : state_(std::make_shared<State>(std::move(store), rank, size)) {
  std::thread([state = state_] { state->run(); }).detach();  // it may hang in the store for ever
}

Heartbeat::~Heartbeat() {
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  state_->stopped.notify_all();
  state_->stopped.wait_for(lock, std::chrono::seconds(1), [&] { return state_->ended; });
}

std::optional<int> Heartbeat::silent_rank() const {
  const std::lock_guard lock(state_->mutex);
  const Clock::time_point now = Clock::now();
  if (now - state_->answered > kSilence) return 0;
  for (std::size_t other = 0; other < state_->heard.size(); ++other)
    if (static_cast<int>(other) != state_->rank && now - state_->heard[other] > kSilence)
      return static_cast<int>(other);
  return std::nullopt;
}

}  // namespace medal
