"""Medal's network in plain Torch operations: for whoever goes on in Python with an agent, or begins one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

SLOTS, LANES, HEADS = 15, 16, 4
# Fields of a slot of the episodic memory (agents/memory/event_slots.h says what they hold).
COLOUR, PREVIOUS, REWARD, WRITTEN, COLOUR_LENGTH, PREVIOUS_LENGTH, PLACE, RECENCY, IS_NULL, PRESENT, FIELDS = (
    0, 3, 6, 7, 8, 9, 10, 12, 13, 14, 15)
PRESENCE, NOTHING_BEFORE, PLACE_UNIT, INTERVAL_UNIT = 60.0, 9.0, 10.0, 0.1


class TorchStep(NamedTuple):
    """As medal.AgentStep, of tensors with gradients; leading dimensions as the observations'."""

    action_parameters: torch.Tensor
    value: torch.Tensor
    guesses: dict
    features: torch.Tensor
    memory: torch.Tensor


class TorchNetwork(nn.Module):
    """Encoder, memory, trunk, policy, value and auxiliary heads; parameters have the names that Agent.parameters() has.

    forward(observations [N, O], memory [N, S], starts [N] or None) is one step.
    unroll(observations [T, N, O], memory [N, S], starts [T, N]) is T of them.
    """

    def __init__(self, architecture, parameters):
        super().__init__()
        self.architecture = architecture
        self.memory_size = architecture["memory_state_size"]
        for name, array in parameters.items():
            module = self
            *path, leaf = name.split(".")
            for part in path:
                if not hasattr(module, part):
                    module.add_module(part, nn.Module())
                module = getattr(module, part)
            module.register_parameter(leaf, nn.Parameter(torch.as_tensor(array).clone()))

    def initial_memory(self, learners: int) -> torch.Tensor:
        return torch.zeros(learners, self.memory_size)

    def forward(self, observations, memory, starts: torch.Tensor | None = None) -> TorchStep:
        if starts is None:
            starts = torch.zeros(observations.shape[0])
        step = self.unroll(observations[None], memory, starts[None])
        return TorchStep(step.action_parameters[0], step.value[0], {k: v[0] for k, v in step.guesses.items()},
                         step.features[0], step.memory)

    def unroll(self, observations, memory, starts) -> TorchStep:
        steps, learners = observations.shape[:2]
        rows, keep = observations.flatten(0, 1), 1.0 - starts.to(observations.dtype)
        if self.architecture["columns"]:  # trained on fewer numbers than the simulator gives now
            rows = rows[:, self.architecture["columns"]]
        encoded = rows
        for i in range(self.architecture["encoder_layers"]):
            encoded = dense(encoded, getattr(self, f"encoder{i}")).relu()
        out, reads, memory = self._remember(rows, encoded, memory, keep)
        features = self._trunk(rows, encoded, out, reads)
        parameters = dense(features, self.policy)
        if hasattr(self, "free_action_parameters"):
            free = self.free_action_parameters.expand(len(parameters), -1)
            parameters = torch.cat([parameters, free], 1)
        guesses = {}
        for name, sees in self.architecture["heads"]:
            head = getattr(self, name)
            guesses[name] = dense(dense(out if sees == "memory" else features, head.hidden).relu(), head.guess)
        by_step = lambda x: x.view(steps, learners, -1)  # noqa: E731
        return TorchStep(by_step(parameters), dense(features, self.value).view(steps, learners),
                         {name: by_step(guess) for name, guess in guesses.items()}, by_step(features), memory)

    def _trunk(self, rows, encoded, out, reads):
        if self.architecture["trunk_size"] == 0:
            return out
        asking = out if reads is None else torch.cat([out, reads], 1)
        inputs = [out, encoded] if reads is None else [out, encoded, reads]
        if self.architecture["ray_queries"] > 0:
            inputs.append(self._ask_rays(rows, asking))
        return dense(torch.cat(inputs, 1), self.trunk).relu()

    def _ask_rays(self, rows, asking):
        channels, rays = self.architecture["ray_channels"], self.architecture["rays"]
        seen = rows[:, :channels * rays].view(-1, channels, rays)
        if self.architecture["memory"].startswith("events"):
            red = self.architecture["slices"]["lidar_goal_red"][0] // rays
            seen = torch.cat([seen, seen[:, red:red + 3].square().sum(1, keepdim=True)], 1)
        queries = (asking @ self.ray_attention.query).view(len(rows), self.architecture["ray_queries"], -1)
        weights = torch.bmm(queries, seen).softmax(-1)
        where, what = weights @ self.ray_attention.direction, torch.bmm(weights, seen.transpose(1, 2))
        return torch.cat([where, what], 2).flatten(1)

    def _remember(self, rows, encoded, memory, keep):
        """Output [T * N, H], what was looked up or None, and the memory after the last step."""
        kind = self.architecture["memory"]
        if not kind.startswith("events"):
            out, memory = CELLS[kind](self.memory, encoded, memory, keep)
            return out, None, memory
        beside = "none" if kind == "events_only" else "lstm"
        size = FIELDS * LANES + 1
        out, core = CELLS[beside](getattr(self.memory, beside), encoded, memory[:, :-size], keep)
        slots, forbidden = memory[:, -size:-1].view(-1, FIELDS, LANES), memory[:, -1:]
        written = []
        with torch.no_grad():
            for observed, kept in zip(rows.view(*keep.shape, -1), keep):
                slots = self._write_slots(observed, slots * kept[:, None, None])
                written.append(slots)
        reads = self._read_slots(out, torch.cat(written), 1.0 - forbidden.repeat(len(keep), 1))
        return out, reads, torch.cat([core, slots.flatten(1), forbidden], 1)

    def _read_slots(self, out, slots, allowed):
        newest = slots[:, :, 0]
        presence = torch.zeros(HEADS, FIELDS)
        presence[:, PRESENT] = PRESENCE
        queries = torch.cat([out, newest], 1) @ self.memory.query + self.memory.bias + presence.flatten()
        weights = torch.bmm(queries.view(-1, HEADS, FIELDS), slots).softmax(-1)
        attended = torch.bmm(weights, slots.transpose(1, 2)).flatten(1)
        return torch.cat([torch.cat([attended, newest], 1) * allowed, torch.ones_like(allowed)], 1)

    def _write_slots(self, observed, slots):
        """The slots after one step: places move by what the body did, and a new goal entry is written down."""
        offset = {name: place[0] for name, place in self.architecture["slices"].items()}
        slots = slots.clone()
        slots[:, [IS_NULL, PRESENT], SLOTS] = 1.0
        seconds = observed[:, offset["control_interval"], None] * INTERVAL_UNIT
        turn = observed[:, offset["last_action"] + 2, None] * self.architecture["turn_rate"] * seconds
        way = self.architecture["speed"] * seconds / PLACE_UNIT
        ahead, left = (observed[:, offset["velocity"] + k, None] * way for k in (0, 1))
        x, y, there = slots[:, PLACE].clone(), slots[:, PLACE + 1].clone(), slots[:, WRITTEN]
        slots[:, PLACE] = turn.cos() * x + turn.sin() * y - ahead * there
        slots[:, PLACE + 1] = turn.cos() * y - turn.sin() * x - left * there

        colour = observed[:, offset["inside_goal_red"]:offset["inside_goal_red"] + 3]
        any_before = slots[:, WRITTEN, 0] > 0
        same = any_before & (colour == slots[:, COLOUR:COLOUR + 3, 0]).all(1)
        enters = (observed[:, offset["inside_goal"]] >= 0.5) & ~same
        moved = slots.clone()
        moved[:, :, 1:SLOTS] = slots[:, :, :SLOTS - 1]
        rank = 1.0 / torch.arange(1, SLOTS + 1)
        moved[:, RECENCY] = slots[:, RECENCY]
        moved[:, RECENCY, :SLOTS] = torch.where(moved[:, WRITTEN, :SLOTS] > 0, rank, torch.zeros(()))
        moved[:, PREVIOUS:PREVIOUS + 3, 0] = moved[:, COLOUR:COLOUR + 3, 1]
        moved[:, COLOUR:COLOUR + 3, 0] = colour
        moved[:, PREVIOUS_LENGTH, 0] = torch.where(any_before, moved[:, COLOUR_LENGTH, 1], torch.tensor(NOTHING_BEFORE))
        moved[:, COLOUR_LENGTH, 0] = colour.square().sum(1)
        moved[:, REWARD, 0] = observed[:, offset["last_reward"]]
        moved[:, PLACE:PLACE + 2, 0] = 0.0
        moved[:, [WRITTEN, PRESENT, RECENCY], 0] = 1.0
        return torch.where(enters[:, None, None], moved, slots)


def dense(x, layer):
    return torch.addmm(layer.bias, x, layer.weight)


# Memories: (parameters, inputs [T * N, I], state [N, S], keep [T, N]: 0 where an episode begins) to outputs [T * N, H]
# and the state after them.


def lstm(weights, inputs, state, keep):
    given = torch.addmm(weights.bias, inputs, weights.input_weight).view(*keep.shape, -1)
    hidden, cell = state.chunk(2, 1)
    outputs = []
    for gates, kept in zip(given, keep[:, :, None]):
        i, f, g, o = (gates + (hidden * kept) @ weights.hidden_weight).chunk(4, 1)
        cell = f.sigmoid() * (cell * kept) + i.sigmoid() * g.tanh()
        hidden = o.sigmoid() * cell.tanh()
        outputs.append(hidden)
    return torch.cat(outputs), torch.cat([hidden, cell], 1)


def gru(weights, inputs, state, keep):
    given = torch.addmm(weights.bias, inputs, weights.input_weight).view(*keep.shape, -1)
    outputs = []
    for gates, kept in zip(given, keep[:, :, None]):
        hidden = state * kept
        of_hidden = (hidden @ weights.hidden_weight).chunk(3, 1)
        reset, update, candidate = gates.chunk(3, 1)
        candidate = (candidate + (reset + of_hidden[0]).sigmoid() * of_hidden[2]).tanh()
        state = candidate + (update + of_hidden[1]).sigmoid() * (hidden - candidate)
        outputs.append(state)
    return torch.cat(outputs), state


def min_gru(weights, inputs, state, keep):
    gates = dense(inputs, weights.gate).sigmoid().view(*keep.shape, -1)
    candidates = dense(inputs, weights.candidate).view(*keep.shape, -1)
    outputs = []
    for gate, candidate, kept in zip(gates, candidates, keep[:, :, None]):
        state = state * kept
        state = state + gate * (candidate - state)
        outputs.append(state)
    return torch.cat(outputs), state


def none(weights, inputs, state, keep):
    return dense(inputs, weights.layer).relu(), state


CELLS = {"lstm": lstm, "gru": gru, "min_gru": min_gru, "none": none}
