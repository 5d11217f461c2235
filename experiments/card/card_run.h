#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/card/section.h"

namespace medal {

/// Whose card is made: an agent as open_checkpoint takes it, or a bot.
struct CardSubject {
  std::string agent;
  std::optional<ExpertKind> bot = {};

  /// For files and people: the agent's last folder or file, or the bot's kind.
  std::string name() const;
  /// "AGENT", or "--expert KIND", for a command line.
  std::vector<std::string> arguments() const;
};

/// Who plays. Throws UserError.
Subject open_subject(const CardSubject& subject);

struct CardRequest {
  std::vector<CardSubject> subjects;
  std::vector<const CardSection*> sections;  ///< in the order of the page
  int seed = 0;
  bool quick = false;
  int parallel = 1;  ///< processes at a time
};

/// Opens the subject and measures one section: what a process of make_cards does. Throws UserError.
nlohmann::ordered_json measure_section(const CardSubject& subject, const CardSection& section,
                                       const CardRequest& request);

/// Measures all sections of all subjects, each in a process of this program. JSON of one card: medal, agent, quick,
/// seed, and the sections by name (card_json.h); of several: cards, a list of these. Nothing where it was asked to
/// stop. Throws UserError with what a process said that failed.
std::optional<nlohmann::ordered_json> make_cards(const CardRequest& request);

/// The headlines of the cards as a table in Markdown, a column for each.
std::string headline_table(const nlohmann::ordered_json& cards);
/// All measures of the cards in Markdown, a table for each section.
std::string measure_tables(const nlohmann::ordered_json& cards);

}  // namespace medal
