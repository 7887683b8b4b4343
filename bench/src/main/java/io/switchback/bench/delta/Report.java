package io.switchback.bench.delta;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells of each case as soon as it is done, and in the end what was aimed at. */
final class Report {
  private static final String WHY =
      """

      ## Where aims are missed

      * *Remote:* both ends share these processors. To read both images takes the CPU seconds of the row *reading both images*,
        to tag them about as many again; halved, and with what changed compressed, written, synced and read back, that
        is about 1.2 s for 8 GiB on two processors, and no exchange of digests goes below it. With a journal the target is tagged
        twice, because the key of the tags that are stored must not be the one that the proof shows: that is the processor time
        by which the rows *with and without journal* differ. What else they differ by is waiting: no more than two units of 16 MiB
        are under way, because more would be read again after a crash, so while one of them is asked for what differs in
        it, a way to the source and back that nothing else can fill, only the other one keeps the processors busy. Syncing
        the target every 8 MiB, the journal's lines and the tags' file take a few hundredths of a second together. rsync neither
        syncs, nor journals.
      * *Stored digests* save reading and tagging the target. What is left is the source, which is read and tagged, and what
        changed, which is journalled, written, synced and read back.
      * *A fresh process* begins with a JVM, which starts and compiles for more than a second, whatever the size of the image.
      * *qemu-img rebase* neither syncs, nor proves, nor journals. A third of its time is less than it takes to read both
        images through the cache: see that row. Where both disks are near, their bytes are compared, and the target is tagged
        meanwhile where its tags are stored.
      """;

  private final PrintStream out;
  private final boolean isJson;
  private final List<Measured> cases = new ArrayList<>();
  private final List<Aim> aims = new ArrayList<>();

  Report(PrintStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  void begin(String introduction) {
    say(introduction);
    say(
        "| case | who | runs | seconds | CPU seconds | slower than, or remark |\n|--|--|--|--|--|--|");
  }

  void add(Measured measured, List<Aim> ofIt) {
    cases.add(measured);
    aims.addAll(ofIt);
    say(measured.markdown());
  }

  /** A case that was left out, and the aims of it. */
  void leaveOut(String name, String why, String... ofIt) {
    say("| %s | | | | | left out: %s |".formatted(name, why));
    for (String aim : ofIt) {
      aims.add(Aim.unmeasured(aim, "not measured: " + why));
    }
  }

  void end(long sizeBytes, int runs, double seconds) {
    if (isJson) {
      out.println(
          "{\"sizeBytes\":%d,\"runs\":%d,\"cases\":[%s]}"
              .formatted(
                  sizeBytes,
                  runs,
                  cases.stream().map(Measured::json).collect(Collectors.joining(","))));
      return;
    }
    say("\n## The aims\n\n| aim | result |\n|--|--|");
    aims.forEach(aim -> say(aim.markdown()));
    say(WHY.stripTrailing());
    say(String.format(Locale.ROOT, "%nAll of it took %.1f minutes.", seconds / 60));
  }

  private void say(String lines) {
    if (!isJson) {
      out.println(lines);
      out.flush();
    }
  }
}
