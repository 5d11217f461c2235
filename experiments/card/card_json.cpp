#include "experiments/card/card_json.h"

namespace medal {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Measure& measure) {
  return {{"name", measure.name},       {"title", measure.title},   {"unit", measure.unit},
          {"mean", measure.value.mean}, {"low", measure.value.low}, {"high", measure.value.high}};
}

/// Means, lows and highs apart, as they are drawn.
template <class Values>
void add_intervals(Json& json, const Values& values) {
  for (const auto& [key, member] :
       {std::pair{"mean", &Interval::mean}, std::pair{"low", &Interval::low}, std::pair{"high", &Interval::high}}) {
    Json& list = json[key] = Json::array();
    for (const Interval& value : values) list.push_back(value.*member);
  }
}

Json to_json(const std::vector<Mark>& marks) {
  Json list = Json::array();
  for (const Mark& mark : marks) list.push_back({{"at", mark.at}, {"title", mark.title}});
  return list;
}

Json to_json(const Panel& panel) {
  Json lines = Json::array();
  for (const Series& series : panel.series) {
    Json line = {{"title", series.title}, {"x", series.x}};
    add_intervals(line, series.y);
    lines.push_back(std::move(line));
  }
  return {{"title", panel.title},
          {"series", std::move(lines)},
          {"moments", to_json(panel.moments)},
          {"levels", to_json(panel.levels)}};
}

Json to_json(const Curves& curves) {
  Json panels = Json::array();
  for (const Panel& panel : curves.panels) panels.push_back(to_json(panel));
  return {{"name", curves.name},
          {"title", curves.title},
          {"x_label", curves.x_label},
          {"y_label", curves.y_label},
          {"panels", std::move(panels)}};
}

Json to_json(const Map& map) {
  Json json = {{"name", map.name},
               {"title", map.title},
               {"value_label", map.value_label},
               {"x_label", map.x_label},
               {"y_label", map.y_label},
               {"x", map.x},
               {"y", map.y}};
  for (const char* key : {"mean", "low", "high"}) json[key] = Json::array();
  for (const std::vector<Interval>& row : map.values) {
    Json of_row;
    add_intervals(of_row, row);
    for (const char* key : {"mean", "low", "high"}) json[key].push_back(of_row[key]);
  }
  json["trained_x"] = {map.trained_x.low, map.trained_x.high};
  json["trained_y"] = {map.trained_y.low, map.trained_y.high};
  return json;
}

template <class All>
Json all_to_json(const All& all) {
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to_json(one));
  return list;
}

}  // namespace

nlohmann::ordered_json section_json(const CardSection& section, const SectionResult& result,
                                    const std::string& command) {
  return {{"title", section.title},
          {"question", section.question},
          {"command", command},
          {"tasks", result.tasks},
          {"rejected", result.rejected},
          {"headline", to_json(result.headline)},
          {"measures", all_to_json(result.measures)},
          {"curves", all_to_json(result.curves)},
          {"maps", all_to_json(result.maps)}};
}

}  // namespace medal
