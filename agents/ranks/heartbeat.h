#pragma once

#include <memory>
#include <optional>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace medal {

/// Ranks tell each other through a store that they are there, every few seconds, by a thread of their own: a machine
/// that vanishes without a word closes no connection, and whoever waits for it would wait for half an hour.
class Heartbeat {
 public:
  /// `store` must be used by nothing else: a call may hang in it where its machine is gone.
  Heartbeat(c10::intrusive_ptr<c10d::Store> store, int rank, int size);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// A rank that nobody has heard of for 40 s; the first one where the store itself does not answer.
  std::optional<int> silent_rank() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace medal
