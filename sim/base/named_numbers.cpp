#include "sim/base/named_numbers.h"

#include <algorithm>

#include "sim/base/error.h"

namespace medal {

NamedNumbers::NamedNumbers(std::initializer_list<Item> items) {
  for (const Item& item : items) (*this)[item.name] = item.value;
}

double& NamedNumbers::operator[](std::string_view name) {
  const auto found = std::find_if(items_.begin(), items_.end(), [name](const Item& item) { return item.name == name; });
  if (found != items_.end()) return found->value;
  return items_.emplace_back(Item{std::string(name), 0}).value;
}

void NamedNumbers::add(const NamedNumbers& other, double factor) {
  for (const Item& item : other) add(item.name, factor * item.value);
}

void NamedNumbers::scale(double factor) {
  for (Item& item : items_) item.value *= factor;
}

const double* NamedNumbers::find(std::string_view name) const {
  for (const Item& item : items_)
    if (item.name == name) return &item.value;
  return nullptr;
}

double NamedNumbers::at(std::string_view name) const {
  const double* number = find(name);
  MEDAL_CHECK(number != nullptr, name);
  return *number;
}

void NamedMeans::add(std::string_view name, double value) {
  sums.add(name, value);
  counts.add(name, 1);
}

void NamedMeans::add(const NamedMeans& other) {
  sums.add(other.sums);
  counts.add(other.counts);
}

NamedNumbers NamedMeans::means() const {
  NamedNumbers means;
  for (const auto& [name, sum] : sums) means[name] = sum / counts.at(name);
  return means;
}

}  // namespace medal
