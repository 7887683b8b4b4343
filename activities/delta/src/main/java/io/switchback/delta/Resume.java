package io.switchback.delta;

import io.switchback.delta.TransferJournal.Applied;
import io.switchback.delta.TransferJournal.Audited;
import io.switchback.delta.TransferJournal.Begun;
import io.switchback.delta.TransferJournal.Compared;
import io.switchback.delta.TransferJournal.Disbelieved;
import io.switchback.delta.TransferJournal.Note;
import io.switchback.delta.TransferJournal.With;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far earlier attempts of a transfer came, and the way to tell later ones. Without a journal at
 * the sink nothing is known and nothing is told.
 */
final class Resume {
  /** So much may have to be sent again: what is under way, and what no flush has made last. */
  private static final long AGAIN_BYTES = 2L * Geometry.SUPER_BYTES;

  private final DiskSink sink;
  private final Optional<TransferJournal> journal;
  private final TagKey key;
  private final Map<With, Map<Long, Compared>> compared = new EnumMap<>(With.class);
  private final Map<Long, byte[]> applied = new HashMap<>();
  private OptionalInt audited = OptionalInt.empty();
  private Optional<String> disbelieved = Optional.empty();

  /** Another thread's flush after one that failed tells nothing of what either has sent. */
  private final Flushes flushes = Flushes.named("the disk");

  private final List<Note> unflushed = new ArrayList<>();
  private long unflushedBytes;
  private long againBytes;

  private Resume(DiskSink sink, Optional<TransferJournal> journal, Begun begun) {
    this.sink = sink;
    this.journal = journal;
    this.key = begun.key();
    for (Note note : begun.notes()) {
      switch (note) {
        case Audited one -> audited = OptionalInt.of(one.leaves());
        case Disbelieved one -> disbelieved = Optional.of(one.reason());
        case Compared one ->
            compared.computeIfAbsent(one.with(), _ -> new HashMap<>()).put(one.superIndex(), one);
        case Applied one -> applied.put(one.superIndex(), HexFormat.of().parseHex(one.digest()));
      }
    }
  }

  /**
   * @param fresh the key of a transfer that is new
   */
  static Resume at(DiskSink sink, ChangedAreas changes, TagKey fresh) throws IOException {
    Optional<TransferJournal> journal = sink.journal();
    if (journal.isEmpty()) {
      return new Resume(sink, journal, new Begun(fresh, List.of()));
    }
    // What an earlier attempt left unflushed may be found equal now: it has to stay so.
    sink.flush();
    Begun begun =
        journal
            .get()
            .begin(
                new TransferJournal.Pass(
                    sink.capacityBytes(), digest(changes, sink.capacityBytes()), fresh));
    return new Resume(sink, journal, begun);
  }

  private static String digest(ChangedAreas changes, long capacityBytes) {
    MessageDigest sha256 = SuperDigest.sha256();
    switch (changes) {
      case ChangedAreas.Unknown _ -> add(sha256, "unknown");
      case ChangedAreas.Compared compared ->
          add(sha256, compared.inFull() ? "compared in full" : "compared");
      case ChangedAreas.Listed listed -> {
        add(sha256, "listed");
        // Both lists as one: the sink's own grows by what each attempt writes of the source's.
        listed.union(capacityBytes).forEach(range -> add(sha256, range.toString()));
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void add(MessageDigest sha256, String text) {
    sha256.update(text.getBytes(StandardCharsets.US_ASCII));
  }

  TagKey key() {
    return key;
  }

  /** Whether anybody is told how far this attempt comes. */
  boolean isTold() {
    return journal.isPresent();
  }

  OptionalInt audited() {
    return audited;
  }

  Optional<String> disbelieved() {
    return disbelieved;
  }

  /** Whether earlier attempts compared the source with that. */
  boolean isComparedWith(With with) {
    return compared.containsKey(with);
  }

  Optional<Compared> compared(With with, long superIndex) {
    return Optional.ofNullable(compared.getOrDefault(with, Map.of()).get(superIndex));
  }

  /** What was sent was sent for another plan than this attempt has. */
  void forgetApplied() {
    applied.clear();
  }

  Optional<byte[]> applied(long superIndex) {
    return Optional.ofNullable(applied.get(superIndex));
  }

  void tellAudited(int leaves) throws IOException {
    tell(new Audited(leaves));
  }

  void tellDisbelieved(String reason) throws IOException {
    tell(new Disbelieved(reason));
  }

  void tellEqual(With with, long superIndex, byte[] tag) throws IOException {
    tell(Compared.equal(with, superIndex, HexFormat.of().formatHex(tag)));
  }

  /**
   * @param tag of the source's super
   */
  void tellDiffering(With with, byte[] tag, DifferingSuper found) throws IOException {
    SuperRanges leaves = found.differing();
    tell(
        new Compared(
            with,
            leaves.superIndex(),
            HexFormat.of().formatHex(tag),
            leaves.ranges(),
            found.digest()));
  }

  private void tell(Note note) throws IOException {
    if (journal.isPresent()) {
      journal.get().add(List.of(note));
    }
  }

  /**
   * Before {@code bytes} more are sent: when they would be too much to send again, what was sent
   * before them is flushed and told.
   */
  void beforeSending(long bytes) throws IOException {
    if (journal.isEmpty()) {
      return;
    }
    List<Note> flushed;
    long flushedBytes;
    synchronized (this) {
      againBytes += bytes;
      if (againBytes <= AGAIN_BYTES) {
        return;
      }
      flushed = List.copyOf(unflushed);
      flushedBytes = unflushedBytes;
      unflushed.clear();
      unflushedBytes = 0;
    }
    // Even with nothing of its own it waits for whoever flushes: that is to be sent again till
    // then.
    flushes.flush(sink::flush);
    journal.get().add(flushed);
    synchronized (this) {
      againBytes -= flushedBytes;
    }
  }

  /** That was sent; the journal has it after the next flush. */
  synchronized void sent(SuperRanges ranges, byte[] digest) {
    if (journal.isEmpty()) {
      return;
    }
    unflushed.add(new Applied(ranges.superIndex(), HexFormat.of().formatHex(digest)));
    unflushedBytes += ranges.lengthBytes();
  }

  /** The sink has flushed everything. */
  void tellFlushed() throws IOException {
    if (journal.isPresent()) {
      flushes.check();
      List<Note> flushed;
      synchronized (this) {
        flushed = List.copyOf(unflushed);
        unflushed.clear();
      }
      journal.get().add(flushed);
    }
  }

  /** What is known led to a disk that is not like the source: the next attempt begins anew. */
  void forget() throws IOException {
    if (journal.isPresent()) {
      journal.get().clear();
    }
  }
}
