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

      *Out of reach* says a line when work that is part of ours, done alone on this machine and in the same run, misses the aim already; the
      others that are missed name that work as well, so that it shows how much of the way is left to go.

      * *Remote:* both ends share these processors, so a row takes half of its CPU seconds at the least; what it took beyond that
        it waited. The rows *reading and tagging* are what an exchange of digests must do: a thread for each processor reads both images and
        tags them, and does nothing else. Without a journal there comes to it what differs: asked for, read again, compressed, sent, written,
        synced and read back. What a journal with stored tags costs is the difference between the rows with and without one: the target is tagged with a
        second key, because the key of tags that are stored must not be the one that the proof shows; what was written is read back
        under both; disk and journal are synced before more than two units of 16 MiB would have to be sent again; and no more than two
        are under way. Where an aim is not out of reach by the least work alone, add to that what the row without a journal takes beyond
        its own: so long it takes on these processors to move what differs, journal or not.
      * *Stored digests* save reading and tagging the target. What is left is the source, which is read and tagged, and what
        changed, which is journalled, written, synced and read back under both keys.
      * *Cold cache:* each reader is held against ours that has as many bytes under way: 2 MiB with a journal, twice the processors without.
        The plain reader's pieces are of 1 MiB and it does nothing with them. Ours are of a quarter of that, and on either side the next two come
        while the last one is compared and tagged; at the start of each unit of 16 MiB there is nothing to compare meanwhile.
      * *Killed:* over a stream a question is about a 512th of the disk, one unit of 16 MiB up to 16 GiB, and 2 GiB at most. Two are
        under way, and what was asked and not answered is read again. So two units are the bound up to 16 GiB, as here; of a
        larger disk, while it is compared, it is a 256th: of 1 TiB at most 4 GiB at either end, and never more. Smaller questions would be more of them: each costs some 50 bytes of the
        1.1 MiB per TiB that equal disks may cost, and a way there and back. Disks of one machine, and whatever is copied, are noted unit by unit: two at any size. Holes are not read, so not
        again either.
      * *A fresh process* begins with a JVM, which starts and compiles for more than a second, whatever the size of the image. The rows *in a
        fresh process* do nothing but tag, at one end in a new JVM: by what they take longer than the same in a warm one an exchange of digests
        must take longer, too. What a warm worker takes beyond its least work comes to that, by code that is loaded and compiled meanwhile.
      * *qemu-img rebase* neither syncs, nor proves, nor journals, and of two processors it uses one. Where both disks are near, their
        bytes are compared, and meanwhile the source is tagged for the proof, and the target where its tags are stored.
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
