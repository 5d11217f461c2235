#include "agents/heads/heads.h"

#include <set>

#include "agents/heads/auxiliary_head.h"
#include "agents/heads/head_options.h"
#include "sim/episode/privileged.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("heads are taught with parts of the privileged row, and share neither names, options nor terms") {
  std::set<std::string_view> names, options, terms;
  for (const AuxiliaryHead& head : auxiliary_heads()) {
    INFO(head.name);
    CHECK(head.target_offset + head.target_size <= kPrivilegedSize);
    CHECK(names.insert(head.name).second);
    for (const HeadOption& option : head.options) CHECK(options.insert(option.field.name).second);
    for (const std::string_view term : head.terms) CHECK(terms.insert(term).second);
    std::vector<double> defaults;
    for (const HeadOption& option : head.options) defaults.push_back(option.value);
    CHECK(head.weights(defaults).size() == head.terms.size());
    CHECK(auxiliary_heads()[head_index(head.name)].name == head.name);
  }
}

TEST_CASE("the options of heads are found by name and by head") {
  HeadOptions options;
  CHECK(options["attention_weight"] == 1.0);
  options["order_weight"] = 0.25;
  CHECK(options.of_head(head_index("order"))[0] == 0.25);
  int fields = 0;
  options.describe([&](const Field& field, double& value) {
    if (field.name == "order_weight") CHECK(value == 0.25);
    ++fields;
  });
  CHECK(fields >= 4);
}

TEST_CASE("what a head is taught is the gradient of its weighted terms, for each head") {
  seed_weights(61);
  constexpr std::int64_t kRows = 40;
  for (const AuxiliaryHead& head : auxiliary_heads()) {
    INFO(head.name);
    const at::Tensor guesses = at::randn({kRows, head.guess_size}).requires_grad_();
    at::Tensor privileged = at::randn({kRows, kPrivilegedSize});
    at::Tensor mask = privileged.select(1, head.target_offset + head.target_size - 1);
    mask.bernoulli_(0.6);
    std::vector<double> options;
    for (const HeadOption& option : head.options) options.push_back(option.value + 0.25);
    const double samples = 2.0 * kRows, masked = mask.sum().item<double>();

    const std::vector<at::Tensor> plain = head.terms_by_tensors(
        {guesses, privileged.narrow(1, head.target_offset, head.target_size), samples, mask.sum()});
    REQUIRE(plain.size() == head.terms.size());
    at::Tensor total = at::zeros({});
    for (std::size_t i = 0; i < plain.size(); ++i) total = total + head.weights(options)[i] * plain[i];
    total.backward();

    const at::Tensor gradients = at::empty_like(guesses);
    std::vector<double> terms(head.terms.size());
    head.teach({kRows, guesses.data_ptr<float>(), privileged.data_ptr<float>() + head.target_offset, kPrivilegedSize,
                gradients.data_ptr<float>(), samples, masked, options},
               terms);
    for (std::size_t i = 0; i < terms.size(); ++i) CHECK(terms[i] == Approx(plain[i].item<double>()).epsilon(1e-4));
    CHECK(at::allclose(gradients, guesses.grad(), 1e-4, 1e-7));
    CHECK(gradients.abs().max().item<float>() > 0.0F);
  }
}

TEST_CASE("the order loss rises from nothing over its share of the run") {
  const AuxiliaryHead& head = auxiliary_heads()[head_index("order")];
  const auto weight_at = [&](double warmup_share, double progress) {
    std::vector<double> options = {2.0, warmup_share};
    head.schedule(options, progress);
    return options[0];
  };
  CHECK(weight_at(0.5, 0.0) == 0.0);
  CHECK(weight_at(0.5, 0.25) == Approx(1.0));
  CHECK(weight_at(0.5, 0.75) == 2.0);
  CHECK(weight_at(0.0, 0.0) == 2.0);
}
