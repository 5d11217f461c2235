#include "agents/layers/ray_attention.h"

#include "sim/episode/observation.h"
#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("the LIDAR's place in an observation follows from the observation's table") {
  for (int azimuths : {4, 32}) {
    for (const std::vector<float>& pitches : {std::vector<float>{0.0F}, std::vector<float>{0.0F, -12.0F}}) {
      const LidarOptions lidar{azimuths, pitches};
      const RayLayout layout = ray_layout(observation_size(lidar));
      CHECK(layout.rays == lidar.rays());
      for (const ObservationSlice& slice : observation_layout(lidar)) {
        if (slice.name.starts_with("lidar_")) CHECK(slice.offset + slice.length <= layout.channels * layout.rays);
        if (slice.name == "velocity") CHECK(slice.offset == layout.channels * layout.rays);
      }
    }
  }
  CHECK(ray_layout(7).rays == 0);
}

TEST_CASE("ray attention in one node has the answers and the gradients of plain tensor operations") {
  for (int azimuths : {5, 32, 48}) {
    torch::manual_seed(azimuths);
    const int size = observation_size(LidarOptions{azimuths, {0.0F}});
    RayAttention attention(7, ray_layout(size), 3);
    const torch::Tensor observations = torch::rand({11, size}), belief = torch::randn({11, 7}).requires_grad_();
    const torch::Tensor own = attention->forward(observations, belief);
    const torch::Tensor plain = attention->forward_by_tensors(observations, belief);
    CHECK(own.size(1) == attention->output_size());
    CHECK(torch::allclose(own, plain, 1e-4, 1e-5));
    const torch::Tensor scale = torch::randn_like(plain);
    const std::vector<torch::Tensor> inputs = {belief, attention->query, attention->direction};
    const auto own_gradients = torch::autograd::grad({(own * scale).sum()}, inputs);
    const auto plain_gradients = torch::autograd::grad({(plain * scale).sum()}, inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      INFO("gradient " << i << ", azimuths " << azimuths);
      CHECK(torch::allclose(own_gradients[i], plain_gradients[i], 1e-4, 1e-5));
    }
  }
}

TEST_CASE("a memory that asks for a colour is answered by the rays that show it") {
  const LidarOptions lidar{8, {0.0F}};
  const int size = observation_size(lidar);
  int red = 0, green = 0;
  for (const ObservationSlice& slice : observation_layout(lidar)) {
    if (slice.name == "lidar_goal_red") red = slice.offset;
    if (slice.name == "lidar_goal_green") green = slice.offset;
  }
  constexpr int kRed = 2, kGreen = 5;  // rays
  const torch::Tensor observation = torch::zeros({1, size});
  observation[0][red + kRed] = 1;
  observation[0][green + kGreen] = 1;
  RayAttention attention(2, ray_layout(size), 1);
  {
    torch::NoGradGuard no_gradient;
    attention->query.zero_();
    attention->query[0][red / lidar.rays()] = 20;    // the first number of the memory wants red
    attention->query[1][green / lidar.rays()] = 20;  // the second green
  }
  const int channels = attention->layout.channels;
  for (const bool wants_red : {true, false}) {
    const torch::Tensor belief = torch::tensor({{wants_red ? 1.0F : 0.0F, wants_red ? 0.0F : 1.0F}});
    const torch::Tensor answer = attention->forward(observation, belief)[0];
    const torch::Tensor where = answer.narrow(0, 0, answer.size(0) - channels);
    CHECK(torch::allclose(where, attention->direction[wants_red ? kRed : kGreen], 1e-3, 1e-4));
    const torch::Tensor what = answer.narrow(0, answer.size(0) - channels, channels);
    CHECK(what[red / lidar.rays()].item<float>() == Approx(wants_red ? 1 : 0).margin(1e-3));
    CHECK(what[green / lidar.rays()].item<float>() == Approx(wants_red ? 0 : 1).margin(1e-3));
  }
}
