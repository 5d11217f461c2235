"""Recurrent PPO with the attention loss, in one file: a network of Torch learns to follow an expert.

    ./medal python examples/ppo.py                      # until it has taken its steps or its minutes are over
    ./medal python examples/ppo.py --help               # every option

Read it from main() on. What is special here: worlds are stepped in C++ and write into numpy arrays that Torch reads;
the network is medal's own, exported to Torch, so that what was learnt goes back into an agent that every `medal` verb
opens; and beside policy and value it is taught to say where the expert is (the attention loss), without which it does
not learn to follow. Taken over from `medal train`: sizes, rates and schedules.
"""

import argparse
import dataclasses
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # products are small here: its threads would only wait in turn

import numpy as np
import torch
from torch.nn import functional

import medal

BINS = [3, 3, 3, 2, 2]  # forward, strafe, turn, jump, crouch
POSTURES = 3  # from here on: their entropy is not asked for, so that nobody hops about


@dataclasses.dataclass
class Options:
    config: str = "quick"  # preset or TOML file
    goals: int = 5
    seed: int = 1
    steps: float = 8e6  # learner steps
    minutes: float = 55.0  # stop after this long
    worlds: int = 32  # of four learners each
    threads: int = 2  # of the simulator; Torch has one
    unroll: int = 64  # steps from one update to the next
    epochs: int = 2
    minibatches: int = 8
    learning_rate: float = 1e-3
    final_share: float = 0.1  # of learning rate and entropy bonus, at the end
    discount: float = 0.99
    gae_lambda: float = 0.95
    clip: float = 0.2
    entropy: float = 0.01
    attention: float = 1.0  # weight of the attention loss
    presence: float = 0.1  # of telling whether the expert is seen, within it
    gradient_norm: float = 0.5
    evaluation_tasks: int = 64
    out: str = "ppo.medal"


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    for field in dataclasses.fields(Options):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default, help=" ")
    return Options(**vars(parser.parse_args()))


class Actions:
    """What a policy of bins says: an independent choice for each component; logits [..., 13]."""

    def __init__(self, logits):
        self.choices = [torch.distributions.Categorical(logits=part, validate_args=False)
                        for part in logits.split(BINS, -1)]

    def sample(self):
        return torch.stack([choice.sample() for choice in self.choices], -1)

    def log_probability(self, actions):
        return sum(choice.log_prob(actions[..., i]) for i, choice in enumerate(self.choices))

    def entropy(self):
        return sum(choice.entropy() for choice in self.choices[:POSTURES])


class Rollout:
    """An unroll of T steps of N learners, as tensors [T, N, ...]."""

    def __init__(self, steps, learners, observation_size):
        def zeros(*shape, dtype=torch.float32):
            return torch.zeros(steps, learners, *shape, dtype=dtype)

        self.observations, self.actions = zeros(observation_size), zeros(len(BINS), dtype=torch.int64)
        self.starts, self.values, self.rewards, self.log_probabilities = zeros(), zeros(), zeros(), zeros()
        self.expert_position, self.expert_visible = zeros(3), zeros()
        self.ends = zeros()  # 1 where the step ended an episode


class Learners:
    """The worlds, and where their learners stand between two unrolls."""

    def __init__(self, options):
        self.env = medal.VectorEnv(
            options.config, worlds=options.worlds, threads=options.threads, autoreset="same_step",
            overrides={"task.goals": options.goals})
        observations, self.infos = self.env.reset(seed=options.seed)
        self.observations = torch.from_numpy(observations)  # the simulator's memory: each step changes it
        self.starts = torch.ones(self.env.num_envs)
        self.scores, self.expert_scores = [], []

    @torch.no_grad()
    def collect(self, network, memory, options):
        """Plays an unroll; returns it, the memory after it, and the values of the observations after it."""
        rollout = Rollout(options.unroll, *self.observations.shape)
        for t in range(options.unroll):
            step = network(self.observations, memory, self.starts)
            actions = Actions(step.action_parameters)
            rollout.observations[t], rollout.starts[t], rollout.values[t] = self.observations, self.starts, step.value
            rollout.expert_position[t] = torch.from_numpy(self.infos["expert_position"])
            rollout.expert_visible[t] = torch.from_numpy(self.infos["expert_visible"])
            rollout.actions[t] = actions.sample()
            rollout.log_probabilities[t] = actions.log_probability(rollout.actions[t])
            _, rewards, _, ended, self.infos = self.env.step(rollout.actions[t])
            rollout.rewards[t], rollout.ends[t] = torch.from_numpy(rewards), torch.from_numpy(ended)
            memory, self.starts = step.memory, torch.from_numpy(ended).float()
            if ended.any():
                rollout.rewards[t] += options.discount * self.values_of_cut(network, memory, ended)
        return rollout, memory, network(self.observations, memory, self.starts).value

    def values_of_cut(self, network, memory, ended):
        """Episodes end because their time is over, not the world: what would have come counts. [N], 0 elsewhere."""
        final, values = self.infos["final_info"], torch.zeros(len(ended))
        self.scores += final["episode_score"][ended].tolist()
        self.expert_scores += final["expert_score"][ended].tolist()
        last = torch.from_numpy(np.stack(self.infos["final_obs"][ended]))
        values[ended] = network(last, memory[ended]).value
        return values

    def share_of_expert(self):
        """Mean score over the experts' mean, of the last episodes."""
        self.scores, self.expert_scores = self.scores[-256:], self.expert_scores[-256:]
        return sum(self.scores) / max(sum(self.expert_scores), 1.0)


def advantages_of(rollout, last_values, options):
    """Generalised advantage estimates [T, N] (Schulman et al. 2016)."""
    advantages, following, values_after = torch.zeros_like(rollout.values), 0.0, last_values
    for t in reversed(range(len(rollout.values))):
        goes_on = 1.0 - rollout.ends[t]
        surprise = rollout.rewards[t] + options.discount * goes_on * values_after - rollout.values[t]
        following = surprise + options.discount * options.gae_lambda * goes_on * following
        advantages[t], values_after = following, rollout.values[t]
    return advantages


def loss_of(network, rollout, memory, advantages, rows, entropy_weight, options):
    """PPO's clipped loss, the value's, the entropy bonus and the attention loss, of some learners' whole unrolls."""
    step = network.unroll(rollout.observations[:, rows], memory[rows], rollout.starts[:, rows])
    actions, advantage = Actions(step.action_parameters), advantages[:, rows]
    targets = advantage + rollout.values[:, rows]
    advantage = (advantage - advantages.mean()) / (advantages.std() + 1e-8)
    ratio = (actions.log_probability(rollout.actions[:, rows]) - rollout.log_probabilities[:, rows]).exp()
    clipped = ratio.clamp(1 - options.clip, 1 + options.clip)
    policy_loss = -torch.min(ratio * advantage, clipped * advantage).mean()
    value_loss = (step.value - targets).square().mean()

    guess, visible = step.guesses["expert_place"], rollout.expert_visible[:, rows]
    distance = (guess[..., :3] - rollout.expert_position[:, rows]).abs().mean(-1)
    attention_loss = (distance * visible).sum() / visible.sum().clamp(min=1)
    presence_loss = functional.binary_cross_entropy_with_logits(guess[..., 3], visible)

    return (policy_loss + 0.5 * value_loss - entropy_weight * actions.entropy().mean()
            + options.attention * (attention_loss + options.presence * presence_loss)), attention_loss


def update(network, optimizer, rollout, memory, advantages, entropy_weight, options):
    """Some epochs of minibatches, each of some learners' whole unrolls; returns the mean attention loss."""
    total, count = 0.0, 0
    for _ in range(options.epochs):
        for rows in torch.randperm(memory.shape[0]).chunk(options.minibatches):
            loss, attention_loss = loss_of(network, rollout, memory, advantages, rows, entropy_weight, options)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), options.gradient_norm)
            optimizer.step()
            total, count = total + attention_loss.item(), count + 1
    return total / count


def main():
    options = parse_options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)  # with two it was slower
    agent = medal.Agent.create(options.config, seed=options.seed, overrides={
        "network.memory": "lstm", "network.encoder_layers": 2,
        "task.goals": options.goals, "evaluation.task.goals": options.goals})
    network = agent.export_torch()
    optimizer = torch.optim.Adam(network.parameters(), options.learning_rate, eps=1e-5)
    learners = Learners(options)
    memory = network.initial_memory(learners.env.num_envs)

    begin, steps, iteration = time.monotonic(), 0, 0
    while steps < options.steps and time.monotonic() - begin < 60 * options.minutes:
        left = 1.0 - max(steps / options.steps, (time.monotonic() - begin) / (60 * options.minutes))
        share = options.final_share + (1 - options.final_share) * left
        optimizer.param_groups[0]["lr"] = options.learning_rate * share
        rollout, next_memory, last_values = learners.collect(network, memory, options)
        advantages = advantages_of(rollout, last_values, options)
        attention_loss = update(network, optimizer, rollout, memory, advantages, options.entropy * share, options)
        memory, steps, iteration = next_memory, steps + rollout.rewards.numel(), iteration + 1
        if learners.share_of_expert() > 0.35 and len(learners.scores) >= 128:
            learners.env.note_following()  # from now on a wrong goal costs more and more
        if iteration % 20 == 1:
            seconds = time.monotonic() - begin
            print(f"{steps / 1e6:6.2f} M steps, {seconds / 60:5.1f} min, {steps / seconds:6.0f} steps/s: "
                  f"score {learners.share_of_expert():.2f} of the expert's, attention loss {attention_loss:.3f}",
                  flush=True)

    learnt = agent.from_arrays(network.state_dict())
    learnt.save(options.out)
    result = medal.evaluate(learnt, tasks=options.evaluation_tasks)
    print(f"CT {result.ct}; full / E {result.full_share}, half / E {result.half_share}")
    print(f"score, expert seen always {result.full}, until half-time {result.half}, never {result.solo}")
    print(f"the agent is in {options.out}: ./medal viewer watch {options.out}")


if __name__ == "__main__":
    main()
