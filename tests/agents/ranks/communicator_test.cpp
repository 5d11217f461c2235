#include "agents/ranks/communicator.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "agents/ranks/shared_memory_exchange.h"
#include "tests/support/catch.h"
#include "tests/support/local_ranks.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("one rank hears only itself") {
  const auto communicator = make_communicator(RankSettings{});
  CHECK(communicator->rank() == 0);
  CHECK(communicator->size() == 1);
  at::Tensor values = at::tensor({1.0F, 2.0F});
  communicator->all_reduce_sum(values);
  communicator->all_reduce_max(values);
  communicator->broadcast(values);
  CHECK(at::equal(values, at::tensor({1.0F, 2.0F})));
  CHECK(communicator->all_gather("bytes") == std::vector<std::string>{"bytes"});
}

TEST_CASE("ranks add, compare, copy and gather, through shared memory as through sockets") {
  constexpr int kRanks = 3;
  const bool shared_memory = GENERATE(true, false);
  std::vector<at::Tensor> sums(kRanks), wide_sums(kRanks), largest(kRanks), copies(kRanks);
  std::vector<std::vector<std::string>> gathered(kRanks), empty(kRanks);
  const auto work = [&](Communicator& communicator) {
    const auto rank = static_cast<std::size_t>(communicator.rank());
    const auto number = static_cast<double>(rank + 1);
    sums[rank] = at::full({200'000}, number, at::kFloat);  // more than is shown at once
    communicator.all_reduce_sum(sums[rank]);
    wide_sums[rank] = at::full({2}, number * 1e-12, at::kDouble);
    communicator.all_reduce_sum(wide_sums[rank]);
    largest[rank] = at::tensor({static_cast<std::int64_t>(rank), -static_cast<std::int64_t>(rank)});
    communicator.all_reduce_max(largest[rank]);
    copies[rank] = at::full({3}, number, at::kFloat);
    communicator.broadcast(copies[rank]);
    communicator.barrier();
    // Different lengths, none among them, and a zero byte.
    gathered[rank] = communicator.all_gather(rank == 1 ? "" : std::string(rank * 300'000 + 1, 'a') + '\0');
    empty[rank] = communicator.all_gather("");
  };
  run_ranks(kRanks, work, shared_memory);
  const std::string short_one("a\0", 2);
  std::string long_one(600'001, 'a');
  long_one.push_back('\0');
  for (std::size_t rank = 0; rank < kRanks; ++rank) {
    CHECK((sums[rank] == 6).all().item<bool>());
    CHECK(wide_sums[rank][1].item<double>() == Approx(6e-12).epsilon(1e-12));
    CHECK(largest[rank][0].item<std::int64_t>() == 2);
    CHECK(largest[rank][1].item<std::int64_t>() == 0);
    CHECK((copies[rank] == 1).all().item<bool>());
    CHECK((gathered[rank] == std::vector<std::string>{short_one, "", long_one}));
    CHECK(empty[rank] == std::vector<std::string>(kRanks));
  }
}

TEST_CASE("a rank that has gone is reported in one line instead of waited for") {
  const bool shared_memory = GENERATE(true, false);
  const auto lose_a_rank = [&] {
    const auto work = [](Communicator& communicator) {
      if (communicator.rank() == 1) return;
      at::Tensor value = at::zeros({1});
      communicator.all_reduce_sum(value);
    };
    run_ranks(2, work, shared_memory);
  };
  std::string message;
  try {
    lose_a_rank();
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(message.find("rank 0 has lost another rank") == 0);
  CHECK(message.find('\n') == std::string::npos);
}

TEST_CASE("many small sums in a row, some ranks slower than others") {
  constexpr int kRanks = 4, kRounds = 2000;
  std::vector<int> wrong(kRanks);
  run_ranks(kRanks, [&](Communicator& communicator) {
    for (int round = 0; round < kRounds; ++round) {
      if (round % 97 == communicator.rank()) std::this_thread::yield();
      at::Tensor value = at::tensor({static_cast<std::int64_t>(round * (communicator.rank() + 1))});
      communicator.all_reduce_sum(value);
      wrong[static_cast<std::size_t>(communicator.rank())] += value.item<std::int64_t>() != round * 10;
    }
  });
  CHECK(wrong == std::vector<int>(kRanks, 0));
}

TEST_CASE("ranks in shared memory see a process that was killed") {
  const std::string name = "/medal-test-" + std::to_string(::getpid());
  SharedMemoryExchange here = SharedMemoryExchange::create(name, 0, 2);
  CHECK_FALSE(here.all_are_here());  // not yet
  const pid_t other = ::fork();
  if (other == 0) {  // an error must end the child, not go on into the other tests
    try {
      SharedMemoryExchange there = SharedMemoryExchange::open(name, 1, 2);
      there.show(std::as_bytes(std::span("one")));
      ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }
  here.show(std::as_bytes(std::span("two")));
  CHECK(here.all_are_here());
  CHECK(std::string(reinterpret_cast<const char*>(here.shown_by(1))) == "one");
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  CHECK_FALSE(here.all_are_here());
  CHECK_THROWS_AS(here.show({}), LostRank);
  SharedMemoryExchange::remove(name);
  CHECK_THROWS_AS(SharedMemoryExchange::open(name, 1, 2), std::system_error);
}
