package io.switchback.vsphere;

import io.switchback.model.Fence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fences of what was given up, as many as the text of one attribute holds: its own number and then
 * the fences, as in {@code 17 1f0a77c2=1.7.3.1 9b2d4e01=1.7.5.1}.
 *
 * @param number the higher, the newer
 * @param fences by {@link Mark} of what they are the fences of
 */
record FencePage(long number, Map<String, Fence> fences) {
  FencePage {
    fences = Map.copyOf(fences);
  }

  static FencePage parse(String text) {
    String[] words = text.split(" ");
    if (!words[0].matches("\\d{1,18}")) {
      return new FencePage(0, Map.of());
    }
    Map<String, Fence> fences = new LinkedHashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      if (at > 0) {
        Fences.parse(word.substring(at + 1))
            .ifPresent(fence -> fences.put(word.substring(0, at), fence));
      }
    }
    return new FencePage(Long.parseLong(words[0]), fences);
  }

  /** The same with one more fence; empty when there is no room for it. */
  Optional<FencePage> with(String mark, Fence fence) {
    Map<String, Fence> more = new LinkedHashMap<>(fences);
    more.put(mark, fence);
    FencePage page = new FencePage(number, more);
    return Optional.of(page).filter(it -> it.text().length() <= Attribute.MOST);
  }

  String text() {
    return fences.entrySet().stream()
        .map(each -> " " + each.getKey() + "=" + each.getValue())
        .sorted()
        .collect(Collectors.joining("", Long.toString(number), ""));
  }
}
