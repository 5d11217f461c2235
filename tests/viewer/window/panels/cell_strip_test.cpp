#include "viewer/window/panels/cell_strip.h"

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("the picture of a memory has a column for each step and a row for each cell, by sign") {
  AgentKnowledge knowledge;
  for (const float cell : {0.0F, 2.0F, -2.0F}) {
    auto thought = std::make_shared<AgentThought>();
    thought->cells = {cell, 0.0F};
    knowledge.history.push_back(thought);
  }
  const CellPicture picture = cell_picture(knowledge, 2);
  REQUIRE(picture.steps == 2);
  REQUIRE(picture.cells == 2);
  REQUIRE(picture.pixels.size() == 16);
  CHECK(picture.pixels[0] > picture.pixels[2]);  // +2: orange
  CHECK(picture.pixels[4] < picture.pixels[6]);  // -2: blue
  CHECK(picture.pixels[8] < 40);                 // 0: dark
}
