#pragma once

#include <string>

namespace medal {

/// The address of this machine's interface that reaches another one, as digits, whatever its own name resolves to. On
/// the machine of that name itself: the name's own address, or where that is a loopback address which other machines
/// cannot reach ("127.0.1.1"), that of an interface that they may. Throws std::runtime_error on a name that nobody
/// knows.
std::string own_address_towards(const std::string& host, int port);

/// Whether somebody listens at that port of a machine now. Takes a second at most where nobody answers.
bool is_listening(const std::string& host, int port);

}  // namespace medal
