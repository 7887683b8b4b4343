package io.switchback.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.model.SiteFinding;
import io.switchback.operation.OperationStatus.MemberStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The markdown that the Temporal UI shows as current details: a short table, and the next decision
 * as JSON to copy. It stays below 4 kB, because the UI sends it in an address that proxies cut off.
 */
final class Details {
  /** In bytes; what is over goes, the oldest steps and the last VMs first. */
  private static final int LIMIT = 3800;

  private static final int MOST_WORDS = 60;
  private static final int MOST_OF_A_MESSAGE = 400;
  private static final int MOST_DECISIONS = 3;

  private static final Pattern MARKUP = Pattern.compile("[<>|\\\\`*_\\[\\]]");

  /** The UI draws tables without padding: columns would touch. */
  private static final String GAP = "\u00a0\u00a0";

  private Details() {}

  static String of(ReplicaStatus status) {
    StringBuilder text = new StringBuilder();
    text.append("**%s · %s**\n\n".formatted(cell(status.operation()), cell(status.vm())));
    Parked parked = status.parked();
    if (parked != null) {
      decide(List.of(parked), text);
    }
    List<String> rows = new ArrayList<>();
    for (StepStatus step : status.steps().reversed()) {
      rows.add(
          String.join(GAP + " | ", "| %s", "%s", "%s", "%s |\n")
              .formatted(
                  cell(step.step()),
                  step.condition().toLowerCase(Locale.ROOT),
                  step.took() == null ? "…" : seconds(step.took().toMillis()),
                  cell(step.detail())));
    }
    text.append("| step | | took | |\n|:--|:--|--:|:--|\n");
    fitting(rows, text).reversed().forEach(text::append);
    return text.toString();
  }

  /**
   * @param namespace in which the members run, for the links to them
   */
  static String of(OperationStatus status, String namespace) {
    StringBuilder text = new StringBuilder();
    text.append("**%s** · %d VMs\n\n".formatted(cell(status.operation()), status.members().size()));
    Map<String, List<Parked>> parkedBySteps = new LinkedHashMap<>();
    for (MemberStatus member : status.members()) {
      Parked parked = member.parked();
      if (parked != null) {
        parkedBySteps.computeIfAbsent(parked.step(), step -> new ArrayList<>()).add(parked);
      }
    }
    parkedBySteps.values().stream().limit(MOST_DECISIONS).forEach(same -> decide(same, text));
    List<String> rows =
        status.members().stream()
            .sorted(Comparator.comparing((MemberStatus member) -> member.parked() == null))
            .map(member -> row(member, namespace))
            .toList();
    text.append("| VM | |\n|:--|:--|\n");
    List<String> shown = fitting(rows, text);
    shown.forEach(text::append);
    if (shown.size() < rows.size()) {
      text.append("\n… and ").append(rows.size() - shown.size()).append(" more\n");
    }
    return text.toString();
  }

  static String of(SiteCheckResult result) {
    StringBuilder text = new StringBuilder();
    text.append("**%s**\n\n".formatted(escaped(result.verdict())));
    List<String> rows = new ArrayList<>();
    for (SiteLogin login : result.logins()) {
      String who = cell(login.at()) + " → " + cell(login.into());
      if (login.findings().isEmpty()) {
        rows.add(("| %s" + GAP + " | good | |\n").formatted(who));
      }
      for (SiteFinding finding : login.findings()) {
        rows.add(
            ("| %s" + GAP + " | %s" + GAP + " | %s %s |\n")
                .formatted(
                    who,
                    escaped(finding.kind().name()),
                    escaped(shortened(finding.sentence(), MOST_OF_A_MESSAGE)),
                    escaped(shortened(finding.remedy(), MOST_OF_A_MESSAGE))));
      }
    }
    text.append("| login | | |\n|:--|:--|:--|\n");
    fitting(rows, text).forEach(text::append);
    return text.toString();
  }

  private static String row(MemberStatus member, String namespace) {
    return ("| [%s](/namespaces/%s/workflows/%s)" + GAP + " | %s |\n")
        .formatted(
            cell(member.vm()),
            namespace,
            member.workflowId().replace("/", "%2F"),
            cell(member.phase()));
  }

  /** What members parked at the same step wait for; several are answered at once. */
  private static void decide(List<Parked> same, StringBuilder text) {
    Parked first = same.getFirst();
    boolean several = same.size() > 1;
    text.append(
        "**%s for you** at %s: %s\n\nSend the update `answer` with one of\n\n"
            .formatted(
                cell(first.vm())
                    + (several ? " and " + (same.size() - 1) + " more wait" : " waits"),
                cell(first.step()),
                escaped(shortened(first.message(), MOST_OF_A_MESSAGE))));
    first
        .copyable(several ? Answer.EVERY : first.vm())
        .forEach(json -> text.append("```\n").append(json).append("\n```\n"));
    text.append('\n');
  }

  /** As many rows, from the first, as there is room for after {@code text}. */
  private static List<String> fitting(List<String> rows, StringBuilder text) {
    int room = LIMIT - text.toString().getBytes(UTF_8).length;
    List<String> shown = new ArrayList<>();
    for (String row : rows) {
      room -= row.getBytes(UTF_8).length;
      if (room < 0) {
        break;
      }
      shown.add(row);
    }
    return shown;
  }

  /**
   * Names come from vCenters: what markdown or HTML would take for its own is told apart by a
   * backslash.
   */
  static String escaped(String name) {
    return MARKUP.matcher(name.replace('\n', ' ')).replaceAll("\\\\$0");
  }

  private static String cell(String words) {
    return escaped(shortened(words, MOST_WORDS));
  }

  private static String shortened(String words, int most) {
    return words.length() <= most ? words : words.substring(0, most - 1) + "…";
  }

  private static String seconds(long millis) {
    return "%d.%d s".formatted(millis / 1000, millis % 1000 / 100);
  }
}
