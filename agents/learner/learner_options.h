#pragma once

#include "agents/heads/head_options.h"
#include "agents/kernels/precision.h"
#include "sim/base/named_numbers.h"
#include "sim/base/options.h"

namespace medal {

/// Recurrent PPO (Schulman et al. 2017) with auxiliary losses: the attention loss (Bhoopchand et al. 2023), and ours.
struct LearnerOptions {
  int unroll = 64;
  int epochs = 2;
  int minibatches = 2;
  double learning_rate = 7e-4;
  double final_learning_rate_share = 0.1;
  double discount = 0.99;
  double gae_lambda = 0.95;
  double clip = 0.2;
  double entropy_weight = 0.01;
  double final_entropy_share = 1.0;
  double posture_entropy_share = 0.0;
  double posture_prior_weight = 0.0;
  double value_weight = 0.5;
  double gradient_norm = 0.5;
  bool bf16 = true;
  double blind_share = 0.0;
  double blind_until = 0.35;
  HeadOptions heads;  ///< what the auxiliary heads declare
};

/// That of its matrix products, in collecting as in learning: else the first epoch's probability ratios were not 1.
inline Precision precision_of(const LearnerOptions& options) {
  return options.bf16 ? Precision::bfloat16 : Precision::float32;
}

template <class Visitor>
void describe(LearnerOptions& o, Visitor&& visit) {
  visit(Field{"unroll", "", 1, 4096, "Control steps in one unroll."}, o.unroll);
  visit(Field{"epochs", "", 1, 100, "Passes over each unroll."}, o.epochs);
  visit(Field{"minibatches", "", 1, 1024, "Parts of each pass, split by learner."}, o.minibatches);
  visit(Field{"learning_rate", "", 0, 1, "Adam's learning rate at the start."}, o.learning_rate);
  visit(Field{"final_learning_rate_share", "", 0, 1, "Share of it left at the end; linear in steps."},
        o.final_learning_rate_share);
  visit(Field{"discount", "", 0, 1, "Discount per control step."}, o.discount);
  visit(Field{"gae_lambda", "", 0, 1, "Lambda of the generalised advantage estimate."}, o.gae_lambda);
  visit(Field{"clip", "", 0, 10, "Clip range of the probability ratio."}, o.clip);
  visit(Field{"entropy_weight", "", 0, 10, "Weight of the entropy bonus at the start."}, o.entropy_weight);
  visit(Field{"final_entropy_share", "", 0, 1, "Share of it left at the end; linear in steps."}, o.final_entropy_share);
  visit(Field{"posture_entropy_share", "", 0, 1,
              "How much the entropy bonus asks for random jumps and crouching too; more trips agents on open ground."},
        o.posture_entropy_share);
  visit(Field{"posture_prior_weight", "", 0, 10,
              "Pull of the chances to jump and to crouch towards a new agent's, 1 in 150 steps, so that they are not "
              "given up before bars come; falls as the entropy bonus does."},
        o.posture_prior_weight);
  visit(Field{"value_weight", "", 0, 100, "Weight of the value loss."}, o.value_weight);
  visit(Field{"gradient_norm", "", 0, 1e6, "Largest gradient norm."}, o.gradient_norm);
  visit(Field{"bf16", "", 0, 1,
              "Rounds the factors of matrix products to bfloat16 while it collects and learns, where the processor has "
              "AVX-512 BF16: half the time for them; sums, weights and evaluations stay in single precision. Runs with "
              "and without differ in the last bits, and soon in more."}
            .in_older_files(0.0),
        o.bf16);
  visit(
      Field{"blind_share", "", 0, 1,
            "Share of the learners that may not read what an episodic memory wrote down until they follow: who cannot "
            "remember must follow, and all share their weights."},
      o.blind_share);
  visit(Field{"blind_until", "", 0, 10,
              "They follow where their mean score is this share of their experts'; from then on all may read."},
        o.blind_until);
  o.heads.describe(visit);
}

/// What a gradient step says of itself, as means over the minibatches of one iteration and over ranks: loss/policy,
/// loss/value, loss/entropy, those of the auxiliary heads, gradient_norm, ...
struct LearnerStatistics {
  NamedNumbers numbers;
  bool finite = true;  ///< false: a loss or gradient was NaN or infinite and no further update was made
};

}  // namespace medal
