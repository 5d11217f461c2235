#include "experiments/bench/records/processor_family.h"

#include <algorithm>

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("processors of one design have one name, whatever they are sold as") {
  CHECK(family_name({"AuthenticAMD", 25, 0x11}) == "zen4");  // servers
  CHECK(family_name({"AuthenticAMD", 25, 0x61}) == "zen4");  // desktops
  CHECK(family_name({"AuthenticAMD", 25, 0x21}) == "zen3");
  CHECK(family_name({"AuthenticAMD", 26, 0x02}) == "zen5");
  CHECK(family_name({"GenuineIntel", 6, 0x5e}) == "skylake");
  CHECK(family_name({"GenuineIntel", 6, 0x8f}) == "sapphirerapids");
}

TEST_CASE("a processor that nobody has named goes by its numbers") {
  CHECK(family_name({"AuthenticAMD", 99, 17}) == "amd_family99_model17");
  CHECK(family_name({"GenuineIntel", 6, 255}) == "intel_family6_model255");
  CHECK(family_name({"  Shanghai  ", 7, 59}) == "shanghai_family7_model59");
}

TEST_CASE("this processor's name may be that of a folder") {
  const std::string name = processor_family();
  CHECK_FALSE(name.empty());
  CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
}
