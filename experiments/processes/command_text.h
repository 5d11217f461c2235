#pragma once

#include <string>

namespace medal {

/// The text as one word of a shell's command line: in quotes where the shell would read more into it.
std::string shell_word(const std::string& text);

/// Whether it is UTF-8 without control characters, as TOML and JSON want their texts.
bool is_text(const std::string& text);

/// What the user has typed to start `medal`, such as "./medal", so that commands that are printed can be pasted.
std::string medal_command();
/// For `main`: what it was started as, unless the wrapper ./medal or a parent process has said so.
void note_medal_command(const std::string& name);

}  // namespace medal
