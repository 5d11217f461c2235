#!/usr/bin/env bash
# Records the probe sets anew: in an empty and in a complex world five games of 5 goals, whose tours cross themselves 0,
# 1, 2, 3 and 5 times (4 cannot be), each shown by the bot and by the bot with pauses and swerves. Hues are evenly apart,
# so that all games have the same ones. Wanted where a change makes episodes come out otherwise on purpose.
set -euo pipefail
cd "$(dirname "$0")/../.."
for world in empty:medal complex:medal_adr; do
  for crossings in 0 1 2 3 5; do
    for style in perfect hesitant; do
      ./medal task record --config "${world#*:}" --seed "$((100 + crossings))" \
        --set evaluation.task.goals=5 --set evaluation.task.colours=even --set "evaluation.task.crossings=$crossings" \
        --set evaluation.task.arena_size=20 --set evaluation.task.expert_speed=0.85 \
        $([ $style = hesitant ] && echo --hesitant) \
        --out "experiments/probes/${world%:*}/crossings$crossings-$style.replay"
    done
  done
done
