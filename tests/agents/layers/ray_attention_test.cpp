#include "agents/layers/ray_attention.h"

#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("the LIDAR's place in an observation follows from the observation's table") {
  for (int azimuths : {4, 32}) {
    for (const std::vector<float>& pitches : {std::vector<float>{0.0F}, std::vector<float>{0.0F, -12.0F}}) {
      const LidarOptions lidar{azimuths, pitches};
      const ObservationLayout observation = observation_layout(lidar);
      const RayLayout layout = ray_layout(observation);
      CHECK(layout.rays == lidar.rays());
      CHECK(layout.channels == observation.ray_channels);
      CHECK(layout.goal_colour * layout.rays == observation.find("lidar_goal_red")->offset);
    }
  }
  CHECK(ray_layout({{{"velocity", 0, 3, "", -1, 1}}, 3}).rays == 0);
}

TEST_CASE("ray attention in one node has the answers and the gradients of plain tensor operations", "[simd]") {
  RayRequest request;
  request.colour_lengths = GENERATE(false, true);
  for (int azimuths : {5, 32, 48}) {
    seed_weights(static_cast<std::uint64_t>(azimuths));
    const LidarOptions lidar{azimuths, {0.0F}};
    Parameters parameters;
    const RayAttention attention(ParameterScope(parameters), 7, ray_layout(observation_layout(lidar)), 5, request);
    const int size = observation_size(lidar);
    const at::Tensor observations = at::rand({11, size}), belief = at::randn({11, 7}).requires_grad_();
    const at::Tensor own = attention.forward(observations, {belief});
    const at::Tensor plain = attention.forward_by_tensors(observations, {belief});
    CHECK(own.size(1) == attention.output_size());
    CHECK(at::allclose(own, plain, 1e-4, 1e-5));
    const at::Tensor scale = at::randn_like(plain);
    const std::vector<at::Tensor> inputs = {belief, attention.query, attention.direction};
    const auto own_gradients = torch::autograd::grad({(own * scale).sum()}, inputs);
    const auto plain_gradients = torch::autograd::grad({(plain * scale).sum()}, inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      INFO("gradient " << i << ", azimuths " << azimuths);
      CHECK(at::allclose(own_gradients[i], plain_gradients[i], 1e-4, 1e-5));
    }
  }
}

TEST_CASE("a memory that asks for a colour is answered by the rays that show it", "[simd]") {
  const LidarOptions lidar{8, {0.0F}};
  const int size = observation_size(lidar);
  const ObservationLayout observed = observation_layout(lidar);
  const int red = observed.find("lidar_goal_red")->offset, green = observed.find("lidar_goal_green")->offset;
  constexpr int kRed = 2, kGreen = 5;  // rays
  const at::Tensor observation = at::zeros({1, size});
  observation[0][red + kRed] = 1;
  observation[0][green + kGreen] = 1;
  Parameters parameters;
  const RayAttention attention(ParameterScope(parameters), 2, ray_layout(observation_layout(lidar)), 1);
  {
    at::NoGradGuard no_gradient;
    attention.query.zero_();
    attention.query[0][red / lidar.rays()] = 20;    // the first number of the memory wants red
    attention.query[1][green / lidar.rays()] = 20;  // the second green
  }
  const int channels = attention.layout.channels;
  for (const bool wants_red : {true, false}) {
    const at::Tensor belief = matrix({{wants_red ? 1.0F : 0.0F, wants_red ? 0.0F : 1.0F}});
    const at::Tensor answer = attention.forward(observation, {belief})[0];
    const at::Tensor where = answer.narrow(0, 0, answer.size(0) - channels);
    CHECK(at::allclose(where, attention.direction[wants_red ? kRed : kGreen], 1e-3, 1e-4));
    const at::Tensor what = answer.narrow(0, answer.size(0) - channels, channels);
    CHECK(what[red / lidar.rays()].item<float>() == Approx(wants_red ? 1 : 0).margin(1e-3));
    CHECK(what[green / lidar.rays()].item<float>() == Approx(wants_red ? 0 : 1).margin(1e-3));
  }
}

TEST_CASE("with the squared length of colours as a channel, a query finds the ray of the nearest colour", "[simd]") {
  const LidarOptions lidar{6, {0.0F}};
  RayRequest request;
  request.colour_lengths = true;
  constexpr float kSharpness = 50;
  // 2 a.b - |b|^2 is largest for the b nearest to a; the asking row is a.
  request.begin = [](at::Tensor& query, const RayLayout& layout) {
    query.zero_();
    for (int c = 0; c < 3; ++c) query[c][layout.goal_colour + c] = 2 * kSharpness;
    query[3][layout.channels - 1] = -kSharpness;
  };
  Parameters parameters;
  const RayLayout observed = ray_layout(observation_layout(lidar));
  const RayAttention attention(ParameterScope(parameters), 4, observed, 1, request);
  seed_weights(7);
  for (int trial = 0; trial < 20; ++trial) {
    at::Tensor observation = at::zeros({1, observation_size(lidar)});
    const at::Tensor colours = at::rand({3, lidar.rays()});
    observation.view({-1}).narrow(0, observed.goal_colour * lidar.rays(), 3 * lidar.rays()).copy_(colours.flatten());
    const at::Tensor wanted = at::rand({3});
    const at::Tensor distances = (colours - wanted.unsqueeze(1)).square().sum(0);
    const at::Tensor asking = at::cat({wanted, at::ones({1})}).unsqueeze(0);
    const at::Tensor answer = attention.forward(observation, {asking})[0];
    const at::Tensor expected = (distances * -kSharpness).softmax(0);  // the kernel of a nearest-neighbour search
    CHECK(at::allclose(answer.narrow(0, 0, attention.direction.size(1)), at::matmul(expected, attention.direction),
                       1e-3, 1e-4));
  }
}
