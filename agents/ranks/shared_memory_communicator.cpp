#include "agents/ranks/shared_memory_communicator.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <optional>
#include <random>
#include <system_error>

#include "agents/ranks/shared_memory_exchange.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;

class SharedMemoryCommunicator : public Communicator {
 public:
  SharedMemoryCommunicator(SharedMemoryExchange exchange, int rank, int size)
      : exchange_(std::move(exchange)), rank_(rank), size_(size) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void all_reduce_sum(Tensor& tensor) override {
    reduce(tensor, [](auto a, auto b) { return a + b; });
  }
  void all_reduce_max(Tensor& tensor) override {
    reduce(tensor, [](auto a, auto b) { return std::max(a, b); });
  }

  void broadcast(Tensor& tensor) override {
    MEDAL_CHECK(tensor.is_cpu() && tensor.is_contiguous());
    for_parts(static_cast<std::byte*>(tensor.data_ptr()), tensor.nbytes(), [&](std::span<std::byte> part) {
      exchange_.show(part);
      std::copy_n(exchange_.shown_by(0), part.size(), part.data());
    });
  }

  std::vector<std::string> all_gather(const std::string& bytes) override {
    const std::vector<std::size_t> sizes = gather_sizes(bytes.size());
    const auto own = std::as_bytes(std::span(bytes));
    std::vector<std::string> result(static_cast<std::size_t>(size_));
    const std::size_t longest = *std::max_element(sizes.begin(), sizes.end());
    const auto part_of = [](std::size_t size, std::size_t begin) {
      return std::min(size - std::min(size, begin), SharedMemoryExchange::kMostBytes);
    };
    for (std::size_t begin = 0; begin < longest; begin += SharedMemoryExchange::kMostBytes) {
      exchange_.show(own.subspan(std::min(own.size(), begin), part_of(own.size(), begin)));
      for (std::size_t i = 0; i < result.size(); ++i)
        result[i].append(reinterpret_cast<const char*>(exchange_.shown_by(static_cast<int>(i))),
                         part_of(sizes[i], begin));
    }
    return result;
  }

  void barrier() override { exchange_.show({}); }

 private:
  template <class Work>
  static void for_parts(std::byte* bytes, std::size_t size, Work&& work) {
    for (std::size_t begin = 0; begin < size; begin += SharedMemoryExchange::kMostBytes)
      work(std::span(bytes + begin, std::min(size - begin, SharedMemoryExchange::kMostBytes)));
  }

  std::vector<std::size_t> gather_sizes(std::size_t own) {
    exchange_.show(std::as_bytes(std::span(&own, 1)));
    std::vector<std::size_t> sizes;
    for (int rank = 0; rank < size_; ++rank)
      sizes.push_back(*reinterpret_cast<const std::size_t*>(exchange_.shown_by(rank)));
    return sizes;
  }

  template <class Operation>
  void reduce(Tensor& tensor, Operation operation) {
    MEDAL_CHECK(tensor.is_cpu() && tensor.is_contiguous());
    if (tensor.scalar_type() == at::kFloat) return reduce_as<float>(tensor, operation);
    if (tensor.scalar_type() == at::kDouble) return reduce_as<double>(tensor, operation);
    MEDAL_CHECK(tensor.scalar_type() == at::kLong);
    reduce_as<std::int64_t>(tensor, operation);
  }

  /// In the order of ranks, so that all have the same bits.
  template <class Number, class Operation>
  void reduce_as(Tensor& tensor, Operation operation) {
    for_parts(static_cast<std::byte*>(tensor.data_ptr()), tensor.nbytes(), [&](std::span<std::byte> part) {
      exchange_.show(part);
      auto* result = reinterpret_cast<Number*>(part.data());
      const std::size_t count = part.size() / sizeof(Number);
      std::copy_n(exchange_.shown_by(0), part.size(), part.data());
      for (int rank = 1; rank < size_; ++rank) {
        const auto* other = reinterpret_cast<const Number*>(exchange_.shown_by(rank));
        for (std::size_t i = 0; i < count; ++i) result[i] = operation(result[i], other[i]);
      }
    });
  }

  SharedMemoryExchange exchange_;
  int rank_, size_;
};

std::string fresh_name() {
  std::random_device device;
  std::string name = "/medal-";
  for (int i = 0; i < 4; ++i) name += std::to_string(device());
  return name;
}

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// Whether all ranks said yes.
bool all_agree(c10d::Store& store, const std::string& question, const RankSettings& settings, bool own) {
  store.set(question + std::to_string(settings.rank), bytes_of(own ? "yes" : "no"));
  bool all = true;
  for (int rank = 0; rank < settings.size; ++rank)
    all = store.get(question + std::to_string(rank)) == bytes_of("yes") && all;
  return all;
}

}  // namespace

std::unique_ptr<Communicator> make_shared_memory_communicator(c10d::Store& store, const RankSettings& settings) {
  constexpr const char* kNameKey = "shared_memory_name";
  std::optional<SharedMemoryExchange> exchange;
  std::string name;
  try {
    if (settings.rank == 0) {
      name = fresh_name();
      exchange.emplace(SharedMemoryExchange::create(name, settings.rank, settings.size));
      store.set(kNameKey, bytes_of(name));
    } else {
      const std::vector<std::uint8_t> bytes = store.get(kNameKey);
      exchange.emplace(SharedMemoryExchange::open({bytes.begin(), bytes.end()}, settings.rank, settings.size));
    }
  } catch (const std::system_error&) {
    if (settings.rank == 0) store.set(kNameKey, bytes_of(name));  // nobody will find it
  }
  const bool opened = all_agree(store, "shared_memory_opened", settings, exchange.has_value());
  if (settings.rank == 0) SharedMemoryExchange::remove(name);
  if (!opened || !all_agree(store, "shared_memory_watched", settings, exchange->all_are_here())) return nullptr;
  exchange->asked_to_stop = settings.asked_to_stop;
  exchange->show({});  // the store may be gone once its owner returns: not before all have read their answers
  return std::make_unique<SharedMemoryCommunicator>(std::move(*exchange), settings.rank, settings.size);
}

}  // namespace medal
