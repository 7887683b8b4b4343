package io.switchback.lab.witness;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** What a witness found, as one JSON object. */
interface Testimony {
  /** Every way in which what was found is not what must be; none when all is well. */
  List<String> mistakes();

  default String toJson() {
    return JsonMapper.builder().build().writeValueAsString(this);
  }

  static String verdict(List<String> mistakes) {
    return mistakes.isEmpty() ? "OK" : "FAILED";
  }
}
