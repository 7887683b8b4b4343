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

      * *Remote:* both ends share these processors, so a row takes half of its CPU seconds at the least; what it took beyond that
        it waited. To read both images takes the CPU seconds of the row *reading both images*, and each tagging of an image about half as many
        again. That is no floor that forbids the aims: a prototype with nothing around it (no journal, no stored tags, no frames with
        checksums, no undo, nothing done again after a fault) took 1.0 s for 8 GiB on two such processors, and the aims are above that. What this
        costs more is work that the prototype left out and waiting, not the exchange of digests as such:
        with a journal the target is tagged twice, because the key of the tags that are stored must not be the one that the proof shows;
        what was written is read back under both keys; and no more than two units of 16 MiB
        are under way, because more would be read again after a crash, so while one of them is asked for what differs in
        it, a way to the source and back that nothing else fills, only the other one keeps the processors busy. The rows *with and
        without journal* show what these come to together. Which share of the rest is whose was not taken apart. rsync neither syncs, nor journals.
      * *Stored digests* save reading and tagging the target. What is left is the source, which is read and tagged, and what
        changed, which is journalled, written, synced and read back under both keys.
      * *Cold cache:* each reader is held against ours that reads as many pieces at once: two with a journal, twice the processors without.
        The plain reader's pieces are of 1 MiB and it does nothing with them. Ours are of 256 KiB, and each thread compares and tags what it
        has read before it reads on: for that long it asks the device for nothing. Where the aim is missed, it is by that.
      * *Killed:* over a stream a question is about a 512th of the disk, one unit of 16 MiB up to 16 GiB, and 2 GiB at most. Two are
        under way, and what was asked and not answered is read again. So two units are the bound up to 16 GiB, as here; of a
        larger disk, while it is compared, it is a 256th: of 1 TiB at most 4 GiB at either end, and never more. Smaller questions would be more of them: each costs some 50 bytes of the
        1.1 MiB per TiB that equal disks may cost, and a way there and back. Disks of one machine, and whatever is copied, are noted unit by unit: two at any size. Holes are not read, so not
        again either.
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
