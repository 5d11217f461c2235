#include "sim/task/guarded_json.h"

#include "sim/base/error.h"

namespace medal {
namespace {

using nlohmann::json;

constexpr int kDeepest = 32;

/// Only counts.
class DepthGuard : public nlohmann::json_sax<json> {
 public:
  bool is_too_deep() const { return depth_ > kDeepest; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return ++depth_ <= kDeepest; }
  bool start_array(std::size_t) override { return ++depth_ <= kDeepest; }
  bool end_object() override { return --depth_ >= 0; }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  int depth_ = 0;
};

void check_depth(std::string_view bytes, json::input_format_t format) {
  DepthGuard guard;
  json::sax_parse(bytes, &guard, format);  // what else is wrong with it, the reading proper tells
  if (guard.is_too_deep()) throw UserError("it is nested too deeply to be one of Medal's; use another file");
}

}  // namespace

json json_from_text(std::string_view text) {
  check_depth(text, json::input_format_t::json);
  return json::parse(text);
}

json json_from_cbor(std::string_view bytes) {
  check_depth(bytes, json::input_format_t::cbor);
  return json::from_cbor(bytes);
}

}  // namespace medal
