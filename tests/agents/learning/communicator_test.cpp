#include "agents/learning/communicator.h"

#include "tests/agents/learning/local_ranks.h"
#include "tests/catch.h"

using namespace medal;

TEST_CASE("one rank hears only itself") {
  const auto communicator = make_communicator(RankSettings{});
  CHECK(communicator->rank() == 0);
  CHECK(communicator->size() == 1);
  torch::Tensor values = torch::tensor({1.0F, 2.0F});
  communicator->all_reduce_sum(values);
  communicator->all_reduce_max(values);
  communicator->broadcast(values);
  CHECK(torch::equal(values, torch::tensor({1.0F, 2.0F})));
  CHECK(communicator->all_gather("bytes") == std::vector<std::string>{"bytes"});
}

TEST_CASE("ranks add, compare, copy and gather") {
  constexpr int kRanks = 3;
  std::vector<torch::Tensor> sums(kRanks), wide_sums(kRanks), largest(kRanks), copies(kRanks);
  std::vector<std::vector<std::string>> gathered(kRanks), empty(kRanks);
  run_ranks(kRanks, [&](Communicator& communicator) {
    const auto rank = static_cast<std::size_t>(communicator.rank());
    const auto number = static_cast<double>(rank + 1);
    sums[rank] = torch::full({1000}, number, torch::kFloat);
    communicator.all_reduce_sum(sums[rank]);
    wide_sums[rank] = torch::full({2}, number * 1e-12, torch::kDouble);
    communicator.all_reduce_sum(wide_sums[rank]);
    largest[rank] = torch::tensor({static_cast<std::int64_t>(rank), -static_cast<std::int64_t>(rank)});
    communicator.all_reduce_max(largest[rank]);
    copies[rank] = torch::full({3}, number, torch::kFloat);
    communicator.broadcast(copies[rank]);
    communicator.barrier();
    // Different lengths, none among them, and a zero byte.
    gathered[rank] = communicator.all_gather(rank == 1 ? "" : std::string(rank + 1, 'a') + '\0');
    empty[rank] = communicator.all_gather("");
  });
  for (std::size_t rank = 0; rank < kRanks; ++rank) {
    CHECK((sums[rank] == 6).all().item<bool>());
    CHECK(wide_sums[rank][1].item<double>() == Approx(6e-12).epsilon(1e-12));
    CHECK(largest[rank][0].item<std::int64_t>() == 2);
    CHECK(largest[rank][1].item<std::int64_t>() == 0);
    CHECK((copies[rank] == 1).all().item<bool>());
    CHECK(gathered[rank] == std::vector<std::string>{std::string("a\0", 2), "", std::string("aaa\0", 4)});
    CHECK(empty[rank] == std::vector<std::string>(kRanks));
  }
}

TEST_CASE("a rank that has gone is reported in one line instead of waited for") {
  const auto lose_a_rank = [] {
    run_ranks(2, [](Communicator& communicator) {
      if (communicator.rank() == 1) return;
      torch::Tensor value = torch::zeros({1});
      communicator.all_reduce_sum(value);
    });
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
