#include "experiments/bench/records/processor_family.h"

#include <sys/utsname.h>

#include <cctype>
#include <optional>
#include <span>
#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace medal {
namespace {

struct Design {
  int family, first_model, last_model;
  std::string_view name;
};

constexpr Design kAmd[] = {
    {23, 0x00, 0x2f, "zen"},  {23, 0x50, 0x5f, "zen"},  {23, 0x30, 0x4f, "zen2"}, {23, 0x60, 0x7f, "zen2"},
    {23, 0x90, 0xaf, "zen2"}, {25, 0x00, 0x0f, "zen3"}, {25, 0x20, 0x5f, "zen3"}, {25, 0x10, 0x1f, "zen4"},
    {25, 0x60, 0xaf, "zen4"}, {26, 0x00, 0x4f, "zen5"}, {26, 0x60, 0x7f, "zen5"},
};

constexpr Design kIntel[] = {
    {6, 0x3c, 0x3c, "haswell"},       {6, 0x3f, 0x3f, "haswell"},    {6, 0x45, 0x46, "haswell"},
    {6, 0x3d, 0x3d, "broadwell"},     {6, 0x47, 0x47, "broadwell"},  {6, 0x4f, 0x4f, "broadwell"},
    {6, 0x56, 0x56, "broadwell"},     {6, 0x4e, 0x4e, "skylake"},    {6, 0x5e, 0x5e, "skylake"},
    {6, 0x8e, 0x8e, "kabylake"},      {6, 0x9e, 0x9e, "kabylake"},   {6, 0xa5, 0xa6, "cometlake"},
    {6, 0x55, 0x55, "skylake_x"},     {6, 0x6a, 0x6a, "icelake_x"},  {6, 0x6c, 0x6c, "icelake_x"},
    {6, 0x7d, 0x7e, "icelake"},       {6, 0x8c, 0x8d, "tigerlake"},  {6, 0xa7, 0xa7, "rocketlake"},
    {6, 0x97, 0x97, "alderlake"},     {6, 0x9a, 0x9a, "alderlake"},  {6, 0xb7, 0xb7, "raptorlake"},
    {6, 0xba, 0xba, "raptorlake"},    {6, 0xbf, 0xbf, "raptorlake"}, {6, 0x8f, 0x8f, "sapphirerapids"},
    {6, 0xcf, 0xcf, "emeraldrapids"}, {6, 0xaa, 0xaa, "meteorlake"}, {6, 0xac, 0xac, "meteorlake"},
    {6, 0xad, 0xae, "graniterapids"}, {6, 0xb5, 0xb5, "arrowlake"},  {6, 0xc5, 0xc6, "arrowlake"},
    {6, 0xbd, 0xbd, "lunarlake"},
};

struct Vendor {
  std::string_view signature, name;
  std::span<const Design> designs;
};
constexpr Vendor kVendors[] = {{"AuthenticAMD", "amd", kAmd}, {"GenuineIntel", "intel", kIntel}};

#if defined(__x86_64__)
std::optional<ProcessorSignature> read_signature() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(0, &eax, &ebx, &ecx, &edx) == 0) return std::nullopt;
  ProcessorSignature signature;
  for (const unsigned four : {ebx, edx, ecx}) signature.vendor.append(reinterpret_cast<const char*>(&four), 4);
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return std::nullopt;
  const int family = static_cast<int>(eax >> 8 & 0xf), model = static_cast<int>(eax >> 4 & 0xf);
  const int more_family = static_cast<int>(eax >> 20 & 0xff), more_model = static_cast<int>(eax >> 16 & 0xf);
  signature.family = family == 15 ? family + more_family : family;
  signature.model = family == 15 || family == 6 ? model + 16 * more_model : model;
  return signature;
}
#else
std::optional<ProcessorSignature> read_signature() { return std::nullopt; }
#endif

/// What may stand in a folder's name.
std::string plain(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letters;
}

}  // namespace

std::string family_name(const ProcessorSignature& signature) {
  std::string vendor = plain(signature.vendor);
  for (const Vendor& known : kVendors) {
    if (known.signature != signature.vendor) continue;
    vendor = known.name;
    for (const Design& design : known.designs)
      if (design.family == signature.family && design.first_model <= signature.model &&
          signature.model <= design.last_model)
        return std::string(design.name);
  }
  return vendor + "_family" + std::to_string(signature.family) + "_model" + std::to_string(signature.model);
}

std::string processor_family() {
  if (const auto signature = read_signature()) return family_name(*signature);
  utsname machine{};
  ::uname(&machine);
  return plain(static_cast<const char*>(machine.machine));
}

}  // namespace medal
