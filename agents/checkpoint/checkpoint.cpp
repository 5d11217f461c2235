#include "agents/checkpoint/checkpoint.h"

#include <xxhash.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "agents/checkpoint/rank_state.h"
#include "agents/heads/auxiliary_head.h"
#include "agents/heads/heads.h"
#include "agents/network/network.h"
#include "agents/optimizer/adam.h"
#include "agents/recordings/actions_json.h"
#include "agents/recordings/damaged_file.h"
#include "agents/recordings/episode_spec_json.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/task/guarded_json.h"

// File layout: 8 bytes magic, u64 length of the JSON header, the header (with a table of named blobs: offset and length
// within the payload, shape for tensors), the payload, u64 XXH3 of everything before. Little-endian. Only plain numbers
// are stored, so that a checkpoint from elsewhere is safe to load.

namespace medal {
namespace {

using nlohmann::json;
constexpr char kMagic[9] = "MEDALCKP";
constexpr char kParameter[] = "parameter.", kMean[] = "adam.mean.", kSquare[] = "adam.square.";
constexpr int kOldestVersion = 2;

std::string rank_blob(std::size_t rank) { return "rank." + std::to_string(rank); }

bool is_parameter(const std::string& blob) { return blob.starts_with(kParameter); }

void append_u64(std::string& bytes, std::uint64_t value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::uint64_t read_u64(const std::string& bytes, std::size_t offset) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string tensor_bytes(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {static_cast<const char*>(plain.data_ptr()), static_cast<std::size_t>(plain.numel()) * sizeof(float)};
}

/// What parameters were called in format 2, and since.
const std::vector<std::pair<std::string, std::string>>& renamed_parameters() {
  static const std::vector<std::pair<std::string, std::string>> renamed = {
      {"lstm_input_weight", "memory.input_weight"},
      {"lstm_hidden_weight", "memory.hidden_weight"},
      {"lstm_bias", "memory.bias"},
      {"dense.", "memory.layer."},
      {"attention_hidden.", "expert_place.hidden."},
      {"attention.", "expert_place.guess."},
      {"order_hidden.", "order.hidden."},
      {"order.weight", "order.guess.weight"},
      {"order.bias", "order.guess.bias"}};
  return renamed;
}

constexpr const char* kObservationWeight = "encoder0.weight";

/// What a blob of format 2 is called now: a parameter, or Adam's numbers of one.
std::string present_name(const std::string& blob) {
  for (const char* kind : {kParameter, kMean, kSquare}) {
    if (!blob.starts_with(kind)) continue;
    const std::string name = blob.substr(std::strlen(kind));
    for (const auto& [before, now] : renamed_parameters())
      if (name.starts_with(before)) return kind + now + name.substr(before.size());
  }
  return blob;
}

/// The inverse, of a parameter's name.
std::string former_name(const std::string& name) {
  for (const auto& [before, now] : renamed_parameters())
    if (name.starts_with(now)) return before + name.substr(now.size());
  return name;
}

/// The auxiliary head that a parameter belongs to; empty where it is none's.
std::string head_of(const std::string& parameter) {
  const std::string part = parameter.substr(0, parameter.find('.'));
  for (const AuxiliaryHead& head : auxiliary_heads())
    if (head.name == part) return part + ".";
  return "";
}

/// Collects blobs and their table.
struct BlobWriter {
  json table = json::object();
  std::string payload;

  void add(const std::string& name, const std::string& bytes, const std::vector<std::int64_t>& shape = {}) {
    table[name] = {{"offset", payload.size()}, {"length", bytes.size()}, {"shape", shape}};
    payload += bytes;
  }
  void add(const std::string& name, const at::Tensor& tensor) { add(name, tensor_bytes(tensor), tensor.sizes().vec()); }
};

void write_whole_file(const std::filesystem::path& file, const CheckpointHeader& header, const BlobWriter& blobs) {
  const json description = {{"version", kCheckpointVersion},
                            {"writer", program_version()},
                            {"config", header.config_toml},
                            {"program_version", header.program_version},
                            {"curriculum", header.curriculum_json},
                            {"counters", header.counters_json},
                            {"observation", observation_to_json(header.observation)},
                            {"ranks", header.ranks},
                            {"blobs", blobs.table}};
  const std::string text = description.dump();
  std::string bytes(kMagic, 8);
  append_u64(bytes, text.size());
  bytes += text;
  bytes += blobs.payload;
  append_u64(bytes, XXH3_64bits(bytes.data(), bytes.size()));
  write_file_atomically(file, bytes);
}

std::string read_whole_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw UserError("checkpoint '" + file.string() + "' cannot be opened; give a run folder or a .medal file");
  try {  // not by <<, which takes a lack of memory for the end of the file
    return {std::istreambuf_iterator<char>(stream), {}};
  } catch (const std::ios_base::failure&) {
    throw UserError("checkpoint '" + file.string() + "' cannot be read; give a run folder or a .medal file");
  }
}

/// Whether a tensor of floats of that shape has so many bytes.
bool shape_fits(const std::vector<std::int64_t>& shape, std::uint64_t bytes) {
  // An agent without memory has states of no size.
  const auto is = [&](auto what) { return std::any_of(shape.begin(), shape.end(), what); };
  if (is([](std::int64_t size) { return size < 0; })) return false;
  if (is([](std::int64_t size) { return size == 0; })) return bytes == 0;
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    if (count > bytes / static_cast<std::uint64_t>(size)) return false;
    count *= static_cast<std::uint64_t>(size);
  }
  return count * sizeof(float) == bytes;
}

at::Tensor as_tensor(const std::string& bytes, const std::vector<std::int64_t>& shape) {
  if (!shape_fits(shape, bytes.size())) throw UserError("a tensor has another size than is said");
  at::Tensor tensor = at::empty(shape, at::kFloat);
  if (!bytes.empty()) std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

WorldRecord world_from_json(const json& source, const std::string& writer) {
  WorldRecord record;
  record.world = source.at("world").get<int>();
  record.episode = source.at("episode").get<std::int64_t>();
  record.spec = episode_spec_from_json(source.at("spec"), writer);
  record.actions = actions_from_json(source.at("actions"), writer);
  record.state_hash = source.at("state_hash").get<std::uint64_t>();
  record.task_replaced = source.value("task_replaced", false);
  return record;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& file, const CheckpointHeader& header, const Network& network,
                     const Adam& optimizer, const std::vector<std::string>& rank_states) {
  BlobWriter blobs;
  const std::vector<Adam::Moments> moments = optimizer.moments();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const Parameter& parameter = network.parameters()[i];
    blobs.add(kParameter + parameter.name, parameter.value);
    if (!moments[i].mean.defined()) continue;
    blobs.add(kMean + parameter.name, moments[i].mean);
    blobs.add(kSquare + parameter.name, moments[i].square);
    blobs.table[kMean + parameter.name]["step"] = moments[i].steps;
  }
  for (std::size_t rank = 0; rank < rank_states.size(); ++rank) blobs.add(rank_blob(rank), rank_states[rank]);
  write_whole_file(file, header, blobs);
}

void save_agent(const std::filesystem::path& file, const CheckpointHeader& header, const Network& network) {
  BlobWriter blobs;
  for (const Parameter& parameter : network.parameters()) blobs.add(kParameter + parameter.name, parameter.value);
  write_whole_file(file, header, blobs);
}

std::string pack_rank_state(const RankState& state) {
  json worlds = json::array();
  for (const WorldRecord& record : state.worlds) {
    worlds.push_back({{"world", record.world},
                      {"episode", record.episode},
                      {"spec", episode_spec_to_json(record.spec)},
                      {"actions", actions_to_json(record.actions)},
                      {"state_hash", record.state_hash},
                      {"task_replaced", record.task_replaced}});
  }
  const auto tensor = [](const at::Tensor& value) {
    const std::string bytes = tensor_bytes(value);
    return json{{"shape", value.sizes().vec()},
                {"data", json::binary(std::vector<std::uint8_t>(bytes.begin(), bytes.end()))}};
  };
  const json whole = {{"memory", tensor(state.memory)}, {"starts", tensor(state.starts)}, {"worlds", worlds}};
  std::string bytes;
  json::to_cbor(whole, bytes);
  return bytes;
}

RankState unpack_rank_state(const std::string& bytes, const std::string& writer) {
  const json whole = json_from_cbor(bytes);
  const auto tensor = [](const json& value) {
    const auto& data = value.at("data").get_binary();
    return as_tensor(std::string(data.begin(), data.end()), value.at("shape").get<std::vector<std::int64_t>>());
  };
  RankState state;
  state.memory = tensor(whole.at("memory"));
  state.starts = tensor(whole.at("starts"));
  for (const json& world : whole.at("worlds")) state.worlds.push_back(world_from_json(world, writer));
  return state;
}

Checkpoint::Checkpoint(const std::filesystem::path& file) : file_(file), bytes_(read_whole_file(file)) {
  const std::string name = "checkpoint '" + file.string() + "'";
  if (bytes_.size() < 24 || bytes_.compare(0, 8, kMagic, 8) != 0)
    throw UserError(name + " is not a Medal checkpoint; give a .medal file that `medal train` wrote");
  if (XXH3_64bits(bytes_.data(), bytes_.size() - 8) != read_u64(bytes_, bytes_.size() - 8))
    throw DamagedFile(name + " is truncated or damaged; use an older one, or copy it again");
  const std::uint64_t length = read_u64(bytes_, 8), size = bytes_.size() - 24;
  try {
    if (length > size) throw UserError("its header is longer than the file");
    const json description = json_from_text(std::string_view(bytes_).substr(16, length));
    header_.version = description.at("version").get<int>();
    header_.program_version = description.at("program_version").get<std::string>();
    writer_ = description.value("writer", header_.program_version);
    if (header_.version < kOldestVersion || header_.version > kCheckpointVersion)
      throw UserError("it has format version " + std::to_string(header_.version) + ", this program reads " +
                      std::to_string(kOldestVersion) + " to " + std::to_string(kCheckpointVersion) +
                      writer_text(writer_));
    header_.config_toml = description.at("config").get<std::string>();
    header_.curriculum_json = description.at("curriculum").get<std::string>();
    header_.counters_json = description.at("counters").get<std::string>();
    if (header_.version == 2)
      header_.observation.size = description.at("observation_size").get<int>();
    else
      header_.observation = observation_from_json(description.at("observation"));
    header_.ranks = description.at("ranks").get<int>();
    for (const auto& [key, entry] : description.at("blobs").items()) {
      Blob blob;
      const auto offset = entry.at("offset").get<std::uint64_t>();
      blob.offset = 16 + length + offset;
      blob.length = entry.at("length").get<std::uint64_t>();
      blob.shape = entry.at("shape").get<std::vector<std::int64_t>>();
      blob.step = entry.value("step", std::int64_t{0});
      const bool is_tensor = !key.starts_with("rank.");
      if (offset > size - length || blob.length > size - length - offset ||
          (is_tensor && !shape_fits(blob.shape, blob.length)))
        throw UserError("its table of contents contradicts itself");
      blobs_[header_.version == 2 ? present_name(key) : key] = blob;
    }
  } catch (const json::exception&) {
    throw DamagedFile(name + " has a damaged header; use an older one from the same folder");
  } catch (const UserError& error) {
    throw UserError(name + " cannot be read: " + error.what());
  }
}

at::Tensor Checkpoint::tensor(const std::string& name) const {
  const Blob& blob = blobs_.at(name);
  return as_tensor(bytes_.substr(blob.offset, blob.length), blob.shape);
}

/// A blob as it must be for a network that senses with `lidar` now: in the weight of what is observed, the rows of
/// slices that came since the file are 0.
at::Tensor Checkpoint::tensor_for(const std::string& name, const std::vector<std::int64_t>& shape,
                                  const LidarOptions* lidar) const {
  const at::Tensor kept = tensor(name);
  if (kept.sizes().vec() == shape || lidar == nullptr || !name.ends_with(kObservationWeight)) return kept;
  const SensedSlices sensed = sensed_by(header_.observation, *lidar, "checkpoint '" + file_.string() + "'");
  if (sensed.layout.size != kept.size(0)) return kept;
  at::Tensor grown = at::zeros({observation_size(*lidar), kept.size(1)});
  for (std::size_t i = 0; i < sensed.offsets.size(); ++i) {
    const ObservationSlice& slice = sensed.layout.slices[i];
    grown.narrow(0, sensed.offsets[i], slice.length).copy_(kept.narrow(0, slice.offset, slice.length));
  }
  return grown;
}

void Checkpoint::load_parameters(Network& network, const LidarOptions* lidar) const {
  at::NoGradGuard no_gradient;
  const auto reject = [&](const std::string& parameter) {
    throw UserError("checkpoint '" + file_.string() + "' does not fit this network (" + parameter +
                    "); give [network] the options that it was trained with, 'medal info AGENT --config' prints them" +
                    writer_text(writer_));
  };
  // A head that the file does not know is newer than it: it stays as it begins.
  const auto knows_head_of = [&](const std::string& parameter) {
    const std::string head = head_of(parameter);
    const auto first = blobs_.lower_bound(kParameter + head);
    return head.empty() || (first != blobs_.end() && first->first.starts_with(kParameter + head));
  };
  std::map<std::string, at::Tensor> wanted;
  for (const Parameter& parameter : network.parameters()) {
    if (!knows_head_of(parameter.name)) continue;
    const std::string name = kParameter + parameter.name;
    if (!blobs_.contains(name)) reject(parameter.name);
    wanted[name] = tensor_for(name, parameter.value.sizes().vec(), lidar);
    if (wanted[name].sizes() != parameter.value.sizes()) reject(parameter.name);
  }
  for (const auto& [name, blob] : blobs_)
    if (is_parameter(name) && !wanted.contains(name)) reject(name.substr(std::strlen(kParameter)));
  for (const Parameter& parameter : network.parameters())
    if (const auto found = wanted.find(kParameter + parameter.name); found != wanted.end())
      at::Tensor(parameter.value).copy_(found->second);
}

void Checkpoint::load_optimizer(const Network& network, Adam& optimizer, const LidarOptions* lidar) const {
  std::vector<Adam::Moments> moments;
  for (const Parameter& parameter : network.parameters()) {
    Adam::Moments& own = moments.emplace_back();
    const auto found = blobs_.find(kMean + parameter.name);
    if (found == blobs_.end()) continue;  // saved before the first update
    const auto kept = [&](const char* kind) {
      return tensor_for(kind + parameter.name, parameter.value.sizes().vec(), lidar);
    };
    own = {found->second.step, kept(kMean), kept(kSquare)};
  }
  optimizer.set_moments(moments);
}

int Checkpoint::rank_count() const { return header_.ranks; }

bool Checkpoint::can_go_on() const {
  const auto moments = blobs_.lower_bound(kMean);
  return has_live_state() || (moments != blobs_.end() && moments->first.starts_with(kMean));
}

bool Checkpoint::has_live_state() const { return blobs_.contains(rank_blob(0)); }

RankState Checkpoint::rank_state(int rank) const {
  const Blob& blob = blobs_.at(rank_blob(static_cast<std::size_t>(rank)));
  try {
    return unpack_rank_state(bytes_.substr(blob.offset, blob.length), writer_);
  } catch (const UserError& error) {
    throw UserError("checkpoint '" + file_.string() + "' cannot be resumed: " + error.what());
  } catch (const json::exception&) {
    throw UserError("checkpoint '" + file_.string() + "' has a damaged live state; use an older one");
  }
}

std::uint64_t Checkpoint::parameter_hash() const {
  // In the order of their names in format 2, so that a file's hash is the same whatever program wrote it.
  std::map<std::string, const Blob*> by_former_name;
  for (const auto& [key, blob] : blobs_)
    if (is_parameter(key)) by_former_name[former_name(key.substr(std::strlen(kParameter)))] = &blob;
  std::uint64_t hash = 0;
  for (const auto& [name, blob] : by_former_name)
    hash = XXH3_64bits_withSeed(bytes_.data() + blob->offset, blob->length, hash);
  return hash;
}

std::string Checkpoint::difference_from(const Checkpoint& other) const {
  const auto counters = [](const Checkpoint& checkpoint) {
    json all = json_from_text(checkpoint.header_.counters_json);
    all.erase("elapsed");
    return all;
  };
  const auto bytes_of = [](const Checkpoint& checkpoint, const Blob& blob) {
    return std::string_view(checkpoint.bytes_).substr(blob.offset, blob.length);
  };
  if (counters(*this) != counters(other)) return "the counters";
  for (const auto& [key, blob] : blobs_) {
    const auto found = other.blobs_.find(key);
    const bool same = found != other.blobs_.end() && found->second.step == blob.step &&
                      bytes_of(*this, blob) == bytes_of(other, found->second);
    if (!same) return key.starts_with("rank.") ? "the live state of " + key : key;
  }
  if (blobs_.size() != other.blobs_.size()) return "what it holds";
  return header_.curriculum_json == other.header_.curriculum_json ? "" : "the curriculum";
}

std::vector<std::int64_t> Checkpoint::parameter_shape(const std::string& name) const {
  const auto found = blobs_.find(kParameter + name);
  return found == blobs_.end() ? std::vector<std::int64_t>() : found->second.shape;
}

}  // namespace medal
