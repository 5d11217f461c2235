#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace medal {

/// Numbers with their names, in the order in which they were first named: what a computation has to report, so that
/// whoever prints or stores it takes whatever there is. A metric's name is its path in metrics.jsonl and its tag in
/// TensorBoard: "loss/policy", "learning_rate".
class NamedNumbers {
 public:
  struct Item {
    std::string name;
    double value = 0;
  };

  NamedNumbers() = default;
  NamedNumbers(std::initializer_list<Item> items);

  /// The number of that name, 0 where it is new. The reference holds until another name comes.
  double& operator[](std::string_view name);
  void add(std::string_view name, double value) { (*this)[name] += value; }
  /// Adds `factor` times each number to the one of its name.
  void add(const NamedNumbers& other, double factor = 1);
  void scale(double factor);

  /// Null where none has that name.
  const double* find(std::string_view name) const;
  /// The name must be there.
  double at(std::string_view name) const;

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  bool empty() const { return items_.empty(); }

 private:
  std::vector<Item> items_;
};

/// Means by name, each over as many values as were added to it.
struct NamedMeans {
  NamedNumbers sums, counts;

  void add(std::string_view name, double value);
  /// All that was added to the other too, as one rank's to all ranks'.
  void add(const NamedMeans& other);
  NamedNumbers means() const;
};

}  // namespace medal
