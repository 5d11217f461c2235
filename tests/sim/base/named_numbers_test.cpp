#include "sim/base/named_numbers.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

std::string text_of(const NamedNumbers& numbers) {
  std::string text;
  for (const auto& [name, value] : numbers) text += name + " " + std::to_string(static_cast<int>(value)) + "; ";
  return text;
}

}  // namespace

TEST_CASE("named numbers keep the order in which they were named, and each name stands once") {
  NamedNumbers numbers = {{"loss/value", 2}, {"loss/policy", 1}};
  numbers["rate"] = 7;
  numbers.add("loss/policy", 4);
  numbers.add({{"rate", 1}, {"norm", 3}}, 2);
  CHECK(text_of(numbers) == "loss/value 2; loss/policy 5; rate 9; norm 6; ");
  numbers.scale(3);
  CHECK(text_of(numbers) == "loss/value 6; loss/policy 15; rate 27; norm 18; ");
  CHECK(numbers.at("rate") == 27);
  CHECK(numbers.find("loss") == nullptr);
  CHECK(!numbers.empty());
  CHECK(NamedNumbers().empty());
}

TEST_CASE("each mean is over the values of its own name, and means of parts make the mean of the whole") {
  NamedMeans first, second;
  for (const double score : {1, 2, 6}) first.add("score", score);
  first.add("expert", 10);
  second.add("score", 11);
  second.add("solo", 4);
  first.add(second);
  CHECK(text_of(first.means()) == "score 5; expert 10; solo 4; ");
}
