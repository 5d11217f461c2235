#pragma once

#include "sim/base/options.h"

namespace medal {

/// Recurrent PPO (Schulman et al. 2017) with an attention loss (Bhoopchand et al. 2022).
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
  double attention_weight = 1.0;
  double presence_weight = 0.1;
  double order_weight = 3.0;
  double order_warmup_share = 0.0;
};

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
              "given up "
              "before bars come; falls as the entropy bonus does."},
        o.posture_prior_weight);
  visit(Field{"value_weight", "", 0, 100, "Weight of the value loss."}, o.value_weight);
  visit(Field{"gradient_norm", "", 0, 1e6, "Largest gradient norm."}, o.gradient_norm);
  visit(Field{"attention_weight", "", 0, 100, "Weight of the attention loss; 0 is the AL ablation."},
        o.attention_weight);
  visit(Field{"presence_weight", "", 0, 100,
              "Weight of predicting whether the expert is seen (within the attention loss)."},
        o.presence_weight);
  visit(
      Field{"order_weight", "", 0, 100,
            "Weight of the order loss: predicting where the goal is that pays next, and the colours of those to come."},
      o.order_weight);
  visit(Field{"order_warmup_share", "", 0, 1,
              "Share of the run over which that weight rises from 0; to remember before following is to do without."},
        o.order_warmup_share);
}

/// Means over the minibatches of one iteration, already averaged over ranks.
struct LearnerStatistics {
  double policy_loss = 0, value_loss = 0, entropy = 0, attention_loss = 0, presence_loss = 0, order_loss = 0;
  double gradient_norm = 0, clip_fraction = 0, approximate_kl = 0, explained_variance = 0, learning_rate = 0;
  bool finite = true;  ///< false: a loss or gradient was NaN or infinite and no further update was made
};

}  // namespace medal
