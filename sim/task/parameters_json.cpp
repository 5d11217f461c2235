#include "sim/task/parameters_json.h"

#include "sim/base/shown_text.h"
#include "sim/base/version.h"

namespace medal {
namespace {

using nlohmann::json;

/// As much of it as a message bears.
std::string short_text(const json& value) {
  constexpr std::size_t kMost = 80;
  const std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() <= kMost ? text : text.substr(0, kMost) + " ...";
}

[[noreturn]] void reject(const Field& field, const json& value, const std::string& wanted) {
  throw UserError("task knob '" + std::string(field.name) + "' is " + short_text(value) + ", not " + wanted);
}

template <class Number>
void read_number(const Field& field, const json& source, Number& value) {
  const bool fits = std::is_integral_v<Number> ? source.is_number_integer() : source.is_number();
  if (!fits) reject(field, source, std::is_integral_v<Number> ? "a whole number" : "a number");
  const double wide = source.get<double>();
  // The limits as the knob's own type has them: 0.05F is a little more than 0.05.
  if (!(wide >= static_cast<double>(static_cast<Number>(field.low)) &&
        wide <= static_cast<double>(static_cast<Number>(field.high))))
    reject(field, source, "in " + json(field.low).dump() + " .. " + json(field.high).dump());
  value = source.get<Number>();
}

void read_choice(const Field& field, const json& source, int& value) {
  const int count = static_cast<int>(field.choices.size());
  int index = -1;
  if (source.is_string()) index = choice_index(field.choices, source.get<std::string>());
  if (source.is_number_integer() && source.get<double>() >= 0 && source.get<double>() < count)
    index = source.get<int>();
  if (index < 0) {
    std::string names;
    for (const std::string_view name : field.choices) names += (names.empty() ? "" : ", ") + std::string(name);
    reject(field, source, "one of " + names);
  }
  value = index;
}

template <class Value>
void read_knob(const Field& field, const json& source, Value& value) {
  if (field.choices.empty())
    read_number(field, source, value);
  else if constexpr (std::is_same_v<Value, int>)
    read_choice(field, source, value);
}

/// The knob as the text has it, by its name or its former one; null where it has neither.
const json* find_knob(const json& source, const Field& field) {
  auto found = source.find(std::string(field.name));
  if (found == source.end() && !field.former.empty()) found = source.find(std::string(field.former));
  return found == source.end() ? nullptr : &*found;
}

}  // namespace

json parameters_to_json(TaskParameters parameters) {
  json result = json::object();
  describe(parameters, [&](const Field& field, auto& value) {
    json& written = result[std::string(field.name)];
    if (field.choices.empty())
      written = value;
    else
      written = field.choices[static_cast<std::size_t>(value)];
  });
  return result;
}

TaskParameters parameters_from_json(const json& source, const std::string& writer) {
  if (!source.is_object()) throw UserError("the task knobs are no object but " + short_text(source));
  TaskParameters parameters = options_of_older_files<TaskParameters>();
  std::vector<const json*> read;
  describe(parameters, [&](const Field& field, auto& value) {
    const json* knob = find_knob(source, field);
    if (knob == nullptr) return;
    read_knob(field, *knob, value);
    read.push_back(knob);
  });
  for (const auto& [name, knob] : source.items())
    if (std::find(read.begin(), read.end(), &knob) == read.end())
      throw UserError("task knob '" + shown_text(name) + "' is not known here" + writer_text(writer));
  return parameters;
}

}  // namespace medal
