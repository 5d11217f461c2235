"""An expert of one's own, shown to an agent that ships: does it follow whoever knows the way, and only those?

./medal python examples/own_expert.py
"""

import pathlib

import numpy as np

import medal

AGENT = pathlib.Path(__file__).parents[1] / "agents/pretrained/medal"


class Lazy(medal.Expert):
    """Knows the order, but walks only every other ten seconds."""

    def begin(self, task, seed):
        self.turns = np.random.default_rng(seed)
        self.rests = self.turns.random() < 0.5

    def act(self, view):
        if view.step % 100 == 99:
            self.rests = not self.rests
        if self.rests:
            return None
        goal = view.task.goals[view.paying_goals[0]]
        return view.steer_towards(goal[0], goal[1])


def lost(view):
    """Walks to a goal that costs."""
    wrong = view.costly_goals or [0]
    goal = view.task.goals[wrong[0]]
    return view.steer_towards(goal[0], goal[1])


def scores(expert, seed=1):
    """Mean scores of the agent and of the expert, whom it sees for the first half of an episode."""
    agent = medal.Agent.load(AGENT)
    env = medal.VectorEnv(agent, worlds=8, learners_per_world=1, presence=["half"], expert=expert,
                          overrides={"task.goals": 5, "task.arena_size": 14, "curriculum.stagger": False})
    observations, _ = env.reset(seed=seed)
    memory, ended = agent.initial_memory(env.num_envs), np.zeros(env.num_envs, bool)
    while not ended.any():
        observations, _, _, ended, infos = env.step(agent.act(observations, memory).actions)
    return infos["episode_score"].mean(), infos["expert_score"].mean()


for name, expert in (("perfect", "perfect"), ("lazy", Lazy), ("lost", lost)):
    print("{}: the agent scored {:.1f}, the expert {:.1f}".format(name, *scores(expert)))
