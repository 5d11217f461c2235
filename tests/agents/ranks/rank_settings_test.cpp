#include "agents/ranks/rank_settings.h"

#include <map>

#include "sim/base/error.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

using Variables = std::map<std::string, std::string>;

RankSettings settings_of(const Variables& variables) {
  return read_rank_settings([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string error_of(const Variables& variables) {
  try {
    settings_of(variables);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("without a launcher there is one rank") {
  CHECK(settings_of({}).size == 1);
  CHECK(settings_of({{"WORLD_SIZE", "1"}}).size == 1);
  // What a Slurm batch script sees before srun.
  CHECK(settings_of({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}, {"SLURM_JOB_ID", "7"}}).size == 1);
}

TEST_CASE("torchrun's variables say who meets where, and who opens the store") {
  Variables variables = {{"RANK", "2"}, {"WORLD_SIZE", "4"}, {"MASTER_ADDR", "host7"}, {"MASTER_PORT", "1234"}};
  RankSettings settings = settings_of(variables);
  CHECK(settings.rank == 2);
  CHECK(settings.size == 4);
  CHECK(settings.host == "host7");
  CHECK(settings.port == 1234);
  CHECK(settings.host_store);
  variables.emplace("TORCHELASTIC_USE_AGENT_STORE", "True");
  variables.emplace("TORCHELASTIC_RESTART_COUNT", "3");
  settings = settings_of(variables);
  CHECK_FALSE(settings.host_store);
  CHECK(settings.prefix != settings_of({{"RANK", "2"}, {"WORLD_SIZE", "4"}, {"MASTER_ADDR", "h"}}).prefix);
}

TEST_CASE("ranks of Open MPI on one machine meet without further settings") {
  const auto variables = [](const char* local_size) -> Variables {
    return {{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", local_size}};
  };
  CHECK(settings_of(variables("2")).rank == 1);
  CHECK(settings_of(variables("2")).host == "127.0.0.1");
  CHECK(error_of(variables("1")).find("MASTER_ADDR") != std::string::npos);
}

TEST_CASE("Slurm's tasks meet on the first machine of the step, jobs at different ports") {
  const auto settings = [](const char* job) {
    return settings_of({{"SLURM_PROCID", "3"},
                        {"SLURM_STEP_NUM_TASKS", "8"},
                        {"SLURM_STEP_NODELIST", "node[03-07,9],other"},
                        {"SLURM_JOB_ID", job}});
  };
  CHECK(settings("123456").rank == 3);
  CHECK(settings("123456").size == 8);
  CHECK(settings("123456").host == "node03");
  CHECK(settings("123456").port != settings("123457").port);
  CHECK(first_slurm_host("alone") == "alone");
  CHECK(first_slurm_host("a,b") == "a");
  CHECK(first_slurm_host("n[4]") == "n4");
  CHECK(first_slurm_host("n[7,9]") == "n7");
}

TEST_CASE("rank variables that contradict each other are refused by name") {
  CHECK(error_of({{"WORLD_SIZE", "2"}}).find("RANK is not set") != std::string::npos);
  CHECK(error_of({{"RANK", "0"}}).find("WORLD_SIZE is not set") != std::string::npos);
  CHECK(error_of({{"RANK", "2"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "h"}}).find("RANK='2'") != std::string::npos);
  CHECK(error_of({{"RANK", "0"}, {"WORLD_SIZE", "two"}}).find("WORLD_SIZE='two'") != std::string::npos);
  CHECK(error_of({{"RANK", "0"}, {"WORLD_SIZE", "2"}}).find("MASTER_ADDR") != std::string::npos);
  CHECK(error_of({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "h"}, {"MASTER_PORT", "70000"}})
            .find("MASTER_PORT='70000'") != std::string::npos);
}
