#include "agents/ranks/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>

namespace medal {
namespace {

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

/// Those of a machine's port. Throws std::runtime_error on a name that nobody knows.
Addresses addresses_of(const std::string& host, int port, int socket_type) {
  addrinfo hints{};
  hints.ai_socktype = socket_type;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) throw std::runtime_error("'" + host + "' is no machine's name: " + ::gai_strerror(error));
  return {list, ::freeaddrinfo};
}

std::string digits_of(const sockaddr* address, socklen_t size) {
  char text[NI_MAXHOST] = "";
  ::getnameinfo(address, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

/// Asks the kernel for the way there; nothing is sent. Empty where there is none.
std::string address_of_way(const addrinfo& to) {
  const int socket = ::socket(to.ai_family, SOCK_DGRAM, 0);
  if (socket < 0) return {};
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  auto* generic = reinterpret_cast<sockaddr*>(&own);
  const bool found = ::connect(socket, to.ai_addr, to.ai_addrlen) == 0 && ::getsockname(socket, generic, &size) == 0;
  ::close(socket);
  return found ? digits_of(generic, size) : std::string();
}

/// An IPv4 address that other machines may reach; empty where there is none.
std::string outer_address() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next)
    if (each->ifa_addr != nullptr && each->ifa_addr->sa_family == AF_INET && (each->ifa_flags & IFF_UP) != 0 &&
        (each->ifa_flags & IFF_LOOPBACK) == 0)
      return digits_of(each->ifa_addr, sizeof(sockaddr_in));
  return {};
}

}  // namespace

std::string own_address_towards(const std::string& host, int port) {
  const Addresses list = addresses_of(host, port, SOCK_DGRAM);
  const bool all_are_here = host == "127.0.0.1" || host == "localhost" || host == "::1";
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    const std::string address = address_of_way(*each);
    if (address.empty()) continue;
    const std::string outer = all_are_here || !address.starts_with("127.") ? std::string() : outer_address();
    return outer.empty() ? address : outer;
  }
  throw std::runtime_error("this machine has no way to '" + host + "'");
}

bool is_listening(const std::string& host, int port) {
  const Addresses list = addresses_of(host, port, SOCK_STREAM);
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    const int socket = ::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (socket < 0) continue;
    bool connected = ::connect(socket, each->ai_addr, each->ai_addrlen) == 0;
    pollfd waiting{socket, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (!connected && errno == EINPROGRESS && ::poll(&waiting, 1, 1000) == 1)
      connected = ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
    ::close(socket);
    if (connected) return true;
  }
  return false;
}

}  // namespace medal
