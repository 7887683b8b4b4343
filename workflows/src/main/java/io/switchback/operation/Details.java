package io.switchback.operation;

import io.switchback.operation.OperationStatus.MemberStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The markdown that the Temporal UI shows as current details: a short table, and the next decision
 * as JSON to copy. It stays below 4 kB, because the UI sends it in an address that proxies cut off.
 */
final class Details {
  private static final int MOST_ROWS = 24;
  private static final int MOST_WORDS = 60;

  private static final Pattern MARKUP = Pattern.compile("[<>|\\\\`*_\\[\\]]");

  private Details() {}

  static String of(ReplicaStatus status) {
    StringBuilder text = new StringBuilder();
    text.append("**")
        .append(escaped(status.operation()))
        .append(" · ")
        .append(escaped(status.vm()))
        .append("**\n\n");
    decision(status.parked(), text);
    text.append("| step | | took | |\n|:--|:--|--:|:--|\n");
    int from = Math.max(0, status.steps().size() - MOST_ROWS);
    for (StepStatus step : status.steps().subList(from, status.steps().size())) {
      text.append("| ")
          .append(escaped(step.step()))
          .append(" | ")
          .append(step.condition().toLowerCase(Locale.ROOT));
      text.append(" | ").append(step.took() == null ? "…" : seconds(step.took().toMillis()));
      text.append(" | ").append(escaped(shortened(step.detail()))).append(" |\n");
    }
    return text.toString();
  }

  static String of(OperationStatus status) {
    StringBuilder text = new StringBuilder();
    text.append("**")
        .append(escaped(status.operation()))
        .append("** · ")
        .append(status.members().size())
        .append(" VMs\n\n");
    List<MemberStatus> parkedFirst =
        status.members().stream()
            .sorted(Comparator.comparing((MemberStatus member) -> member.parked() == null))
            .toList();
    for (MemberStatus member : parkedFirst.stream().limit(3).toList()) {
      decision(member.parked(), text);
    }
    text.append("| VM | |\n|:--|:--|\n");
    for (MemberStatus member : parkedFirst.stream().limit(MOST_ROWS).toList()) {
      text.append("| [")
          .append(escaped(member.vm()))
          .append("](/namespaces/{namespace}/workflows/");
      text.append(member.workflowId().replace("/", "%2F")).append(") | ");
      text.append(escaped(shortened(member.phase()))).append(" |\n");
    }
    if (parkedFirst.size() > MOST_ROWS) {
      text.append("\n… and ").append(parkedFirst.size() - MOST_ROWS).append(" more\n");
    }
    return text.toString();
  }

  private static void decision(@Nullable Parked parked, StringBuilder text) {
    if (parked == null) {
      return;
    }
    text.append("**")
        .append(escaped(parked.vm()))
        .append(" waits for you** at ")
        .append(escaped(parked.step()));
    text.append(": ")
        .append(escaped(parked.message()))
        .append("\n\nSend the update `answer` with one of\n\n");
    parked.copyable().forEach(json -> text.append("```\n").append(json).append("\n```\n"));
    text.append('\n');
  }

  /**
   * Names come from vCenters: what markdown or HTML would take for its own is told apart by a
   * backslash.
   */
  static String escaped(String name) {
    return MARKUP.matcher(name.replace('\n', ' ')).replaceAll("\\\\$0");
  }

  private static String shortened(String words) {
    return words.length() <= MOST_WORDS ? words : words.substring(0, MOST_WORDS - 1) + "…";
  }

  private static String seconds(long millis) {
    return "%d.%d s".formatted(millis / 1000, millis % 1000 / 100);
  }
}
