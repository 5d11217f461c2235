#include "agents/ranks/rank_settings.h"

#include <charconv>
#include <climits>
#include <cstdlib>

#include "sim/base/error.h"

namespace medal {
namespace {

/// A launcher's names for the same things.
struct Launcher {
  const char* rank;
  const char* size;
  const char* local_size;  ///< ranks on this machine; null where unknown
};
// Inside srun only: sbatch's own script has SLURM_PROCID too, but no step.
constexpr Launcher kLaunchers[] = {{"RANK", "WORLD_SIZE", nullptr},
                                   {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"},
                                   {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", nullptr}};

int number(const Lookup& lookup, const char* name, int low, int high) {
  const std::optional<std::string> text = lookup(name);
  if (!text) throw UserError(std::string(name) + " is not set but other rank variables are; set it or unset them");
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < low || value > high)
    throw UserError(std::string(name) + "='" + *text + "' is not a number from " + std::to_string(low) + " to " +
                    std::to_string(high) + "; correct or unset it");
  return value;
}

bool is_true(const std::optional<std::string>& text) {
  return text && (*text == "True" || *text == "true" || *text == "1");
}

std::string meeting_host(const Lookup& lookup, const Launcher& launcher, int size) {
  if (const auto host = lookup("MASTER_ADDR")) return *host;
  if (const auto nodes = lookup("SLURM_STEP_NODELIST")) return first_slurm_host(*nodes);
  if (launcher.local_size && lookup(launcher.local_size) == std::to_string(size)) return "127.0.0.1";
  throw UserError("MASTER_ADDR is not set; set it to the name of the machine that runs rank 0");
}

int meeting_port(const Lookup& lookup, int standard) {
  if (lookup("MASTER_PORT")) return number(lookup, "MASTER_PORT", 1, 65535);
  // Jobs that share a machine should not meet each other.
  if (lookup("SLURM_JOB_ID")) return 20000 + number(lookup, "SLURM_JOB_ID", 0, INT_MAX) % 10000;
  return standard;
}

}  // namespace

std::string first_slurm_host(const std::string& nodes) {
  const std::size_t end = nodes.find_first_of(",[");
  if (end == std::string::npos || nodes[end] == ',') return nodes.substr(0, end);
  const std::size_t number_end = nodes.find_first_of(",-]", end + 1);
  return nodes.substr(0, end) + nodes.substr(end + 1, number_end - end - 1);
}

RankSettings read_rank_settings(const Lookup& lookup) {
  RankSettings settings;
  for (const Launcher& launcher : kLaunchers) {
    // A size says that ranks were launched. A lone RANK is a mistake; a lone SLURM_PROCID is a batch script.
    const bool torchrun = &launcher == &kLaunchers[0];
    if (!lookup(launcher.size) && !(torchrun && lookup(launcher.rank))) continue;
    settings.size = number(lookup, launcher.size, 1, 1 << 20);
    if (settings.size == 1) return settings;
    settings.rank = number(lookup, launcher.rank, 0, settings.size - 1);
    settings.host = meeting_host(lookup, launcher, settings.size);
    settings.port = meeting_port(lookup, settings.port);
    settings.host_store = !is_true(lookup("TORCHELASTIC_USE_AGENT_STORE"));
    if (const auto attempt = lookup("TORCHELASTIC_RESTART_COUNT")) settings.prefix = "attempt" + *attempt;
    return settings;
  }
  return settings;
}

RankSettings environment_rank_settings() {
  return read_rank_settings([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
  });
}

}  // namespace medal
