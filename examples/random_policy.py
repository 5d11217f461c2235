"""Steps many worlds with random actions, and says how fast: ./medal python examples/random_policy.py [STEPS]"""

import sys
import time

import medal

steps = int(sys.argv[1]) if len(sys.argv) > 1 else 600
env = medal.VectorEnv("quick", worlds=64, autoreset="same_step")
env.reset(seed=1)

begin = time.perf_counter()
for _ in range(steps):
    observations, rewards, terminations, truncations, infos = env.step(env.action_space.sample())
    if truncations.any():  # some episodes ended: final_info tells how they went
        ended = infos["final_info"]["_episode_score"]
        scores, experts = infos["final_info"]["episode_score"][ended], infos["final_info"]["expert_score"][ended]
        print(f"{ended.sum()} episodes: random learners scored {scores.mean():.1f}, their experts {experts.mean():.1f}")
print(f"{steps * env.num_envs / (time.perf_counter() - begin):,.0f} learner steps per second")
