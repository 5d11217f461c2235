#include "experiments/config/config_layers.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "experiments/config/embedded_texts.h"
#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {

namespace {

namespace fs = std::filesystem;

/// What is being read, outermost first, to find circles of `extends`.
using Chain = std::vector<std::string>;

void add_layers(std::vector<ConfigLayer>& layers, const std::string& name, const fs::path& folder,
                const std::string& asked_by, Chain chain);

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

toml::table parse(const std::string& text, const std::string& source_name) try {
  return toml::parse(text, source_name);
} catch (const toml::parse_error& error) {
  const auto at = error.source().begin;
  throw UserError(source_name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                  ": malformed TOML: " + one_line(std::string(error.description())));
}

/// Medal 0.1.0 said so in the comment that its files begin with, and nowhere else.
std::string writer_in_comment(const std::string& text) {
  constexpr std::string_view kBefore = "# All options of one run, resolved (medal ", kAfter = ").";
  const std::string first = text.substr(0, text.find('\n'));
  if (!first.starts_with(kBefore) || !first.ends_with(kAfter)) return {};
  return first.substr(kBefore.size(), first.size() - kBefore.size() - kAfter.size());
}

/// Which program wrote the text; takes the key that says so out of the layer.
std::string take_writer(ConfigLayer& layer, const std::string& text) {
  const toml::node* version = layer.table.get(kProgramVersionKey);
  if (version == nullptr) return writer_in_comment(text);
  if (!version->is_string())
    throw UserError(layer.where(version->source()) + ": " + kProgramVersionKey +
                    " must be text, such as \"0.2.0\"; only the program writes it, remove it from a file of your own");
  std::string writer = version->as_string()->get();
  layer.table.erase(kProgramVersionKey);
  return writer;
}

void add_parsed(std::vector<ConfigLayer>& layers, const std::string& text, const std::string& source_name,
                const fs::path& folder, const Chain& chain) {
  ConfigLayer layer{parse(text, source_name), source_name, true};
  layer.writer = take_writer(layer, text);
  if (const toml::node* base = layer.table.get("extends")) {
    const std::string where = layer.where(base->source()) + ": ";
    if (!base->is_string()) throw UserError(where + "extends must be a preset or a path in quotes");
    add_layers(layers, base->as_string()->get(), folder, where, chain);
    layer.table.erase("extends");
    layer.writer.clear();  // it is not whole: a person made something else of it
  }
  layers.push_back(std::move(layer));
}

std::string read_file(const fs::path& file, const std::string& asked_by) {
  std::ifstream in(file, std::ios::binary);
  try {  // not by <<, which takes a lack of memory for the end of the file
    if (in) return {std::istreambuf_iterator<char>(in), {}};
  } catch (const std::ios_base::failure&) {
  }
  throw UserError(asked_by + "cannot read the file '" + file.string() + "'; check the path and its rights");
}

const EmbeddedText* find_preset(const std::string& name) {
  for (const EmbeddedText& preset : embedded_presets())
    if (preset.name == name) return &preset;
  return nullptr;
}

void check_circle(const Chain& chain, const std::string& link, const std::string& asked_by) {
  if (std::find(chain.begin(), chain.end(), link) != chain.end())
    throw UserError(asked_by + "extends goes in a circle through '" + link + "'; remove one link");
}

/// `folder` is where a relative path begins; `asked_by` begins an error message.
void add_layers(std::vector<ConfigLayer>& layers, const std::string& name, const fs::path& folder,
                const std::string& asked_by, Chain chain) {
  if (const EmbeddedText* preset = find_preset(name)) {
    const std::string source = "preset " + name;
    check_circle(chain, source, asked_by);
    chain.push_back(source);
    return add_parsed(layers, std::string(preset->text), source, {}, chain);
  }
  const fs::path file = folder / name;
  std::error_code error;
  if (!fs::exists(file, error)) {
    std::vector<std::string> names;
    for (const EmbeddedText& preset : embedded_presets()) names.emplace_back(preset.name);
    const bool like_path = name.find('/') != std::string::npos || fs::path(name).has_extension();
    throw UserError(
        asked_by +
        (like_path ? "no config file '" + file.string() + "'" : "no preset or config file is called '" + name + "'") +
        "; the nearest preset is '" + nearest_name(fs::path(name).stem().string(), names) + "'");
  }
  const std::string link = fs::weakly_canonical(file, error).string();
  check_circle(chain, link, asked_by);
  chain.push_back(link);
  add_parsed(layers, read_file(file, asked_by), file.string(), file.parent_path(), chain);
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A table with the one key `value`. Bare words are text; what begins like a list, a table or a quotation must be TOML.
toml::table parse_override(const std::string& value, const std::string& name) {
  std::string why;
  try {
    toml::table table = toml::parse("value = " + value);
    if (table.size() == 1) return table;
    why = "only one value is allowed";
  } catch (const toml::parse_error& error) {
    why = one_line(std::string(error.description()));
  }
  if (value.empty() || std::string_view("[{\"'").find(value.front()) != std::string_view::npos)
    throw UserError(name + ": the value is malformed TOML: " + (value.empty() ? "it is empty" : why));
  toml::table table;
  table.insert("value", value);
  return table;
}

}  // namespace

std::string ConfigLayer::where(const toml::source_region& region) const {
  return has_lines && region.begin.line > 0 ? name + ":" + std::to_string(region.begin.line) : name;
}

void add_text_layers(std::vector<ConfigLayer>& layers, const std::string& text, const std::string& source_name,
                     const fs::path& folder) {
  add_parsed(layers, text, source_name, folder, {source_name});
}

void add_file_layers(std::vector<ConfigLayer>& layers, const std::string& name) {
  add_layers(layers, name, {}, "", {});
}

ConfigLayer file_layer(const fs::path& file) {
  return {parse(read_file(file, ""), file.string()), file.string(), true};
}

ConfigLayer override_layer(const std::string& assignment) {
  const std::string name = "--set " + one_line(assignment);
  const auto equals = assignment.find('=');
  const std::string path = trimmed(assignment.substr(0, equals));
  if (equals == std::string::npos || path.empty())
    throw UserError(name + ": write it as SECTION.KEY=VALUE, for example task.goals=5");
  ConfigLayer layer{parse_override(trimmed(assignment.substr(equals + 1)), name), name, false};

  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(trimmed(part));
  toml::table nested;
  std::optional<toml::table> inner;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    toml::table outer;
    if (inner)
      outer.insert(*part, std::move(*inner));
    else
      outer.insert(*part, std::move(*layer.table.get("value")));
    inner = std::move(outer);
  }
  layer.table = std::move(*inner);
  return layer;
}

}  // namespace medal
