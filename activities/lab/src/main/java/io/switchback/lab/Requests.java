package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.tag.TagLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bodies of the daemon's calls. A call's name is its path: {@code POST /powerOn}. */
final class Requests {
  private Requests() {}

  record OfSite() {}

  record OfVm(String vm, @Nullable Stamp stamp) {}

  /**
   * @param force also when somebody looks after the VM
   */
  record PowerOn(String vm, boolean force, @Nullable Stamp stamp) {}

  record Reconfigure(String vm, VmChange change, @Nullable Stamp stamp) {}

  record AddDisk(String vm, DiskDefinition disk, @Nullable Stamp stamp) {}

  record SnapshotTogether(List<GroupMember> members, boolean quiesce) {}

  record ReplaceGuest(String vm, GuestDefinition guest, @Nullable Stamp stamp) {}

  record OfDisk(String vm, String disk, @Nullable Stamp stamp) {}

  record FenceId(String id, Stamp stamp) {}

  record CreateVm(VmDefinition definition, @Nullable Stamp stamp) {}

  /**
   * @param vm to copy
   * @param snapshot whose bytes the copy begins with
   */
  record CopyVm(String vm, String snapshot, VmCopy copy, @Nullable Stamp stamp) {}

  record MakeNetworks(String drill, String host, List<String> networks, @Nullable Stamp stamp) {}

  record MadeNetworks(List<IsolatedNetwork> networks, boolean changed) {}

  record RemoveNetworks(String drill, String host, @Nullable Stamp stamp) {}

  /**
   * @param reaches empty = nothing any more
   */
  record ConnectNetwork(String network, String reaches) {}

  record Networks(List<IsolatedNetwork> networks) {}

  record CreateSnapshot(String vm, String name, boolean quiesce, @Nullable Stamp stamp) {}

  record OfSnapshot(String vm, String snapshot, @Nullable Stamp stamp) {}

  record ChangedAreas(String vm, String disk, String since, String snapshot) {}

  /** What is written, by disk. */
  record WriteInGuest(String vm, long offsetBytes, Map<String, byte[]> bytes) {}

  record GrowDisk(String vm, String disk, long capacityBytes, @Nullable Stamp stamp) {}

  /**
   * @param lifetime absent = it never expires
   */
  record MakeToken(TokenKind kind, @Nullable Duration lifetime) {
    MakeToken {
      Objects.requireNonNull(kind, "kind");
    }
  }

  record OfToken(String id) {}

  record Tokens(List<TokenView> tokens) {}

  record OfScript(String id) {}

  record AwaitScript(String id, int calls, long limitMillis) {}

  record Areas(List<ByteRange> areas) {}

  record Snapshots(List<SnapshotView> snapshots) {}

  record Done(boolean done) {}

  record Refusal(String fault, String message) {}

  /**
   * The head of a frame on the data path.
   *
   * @param kind write, read, tags, beginTransfer, tellTransfer, forgetTransfer or one of {@link
   *     TagCalls}
   * @param token of the caller
   * @param zeros stretches that a write turns into zeros
   * @param tagging how to tag, for tags
   * @param attempt that writes or tells; absent = none that could go on
   * @param beginning of a transfer; absent = of one that nobody remembers
   * @param notes to be told, a line each
   * @param storing of tags
   */
  record Frame(
      String kind,
      @Nullable String token,
      String vm,
      String disk,
      @Nullable String snapshot,
      List<ByteRange> ranges,
      @Nullable List<ByteRange> zeros,
      @Nullable Stamp stamp,
      @Nullable Tagging tagging,
      @Nullable String attempt,
      @Nullable Beginning beginning,
      @Nullable List<String> notes,
      @Nullable Storing storing) {
    @Override
    public String toString() {
      return "Frame[kind=%s, vm=%s, disk=%s]".formatted(kind, vm, disk);
    }
  }

  /** With which key, and what each tag stands for. */
  record Tagging(String key, TagLevel level) {
    @Override
    public String toString() {
      return "Tagging[level=%s]".formatted(level);
    }
  }

  /** What an attempt of a transfer has to be of, to go on with what is known of it. */
  record Beginning(String source, long capacityBytes, String changes, String key) {
    @Override
    public String toString() {
      return "Beginning[source=%s]".formatted(source);
    }
  }

  /**
   * What a call of stored tags is about; empty where it does not matter.
   *
   * @param leafTags in hexadecimal digits
   */
  record Storing(String pass, String key, long superIndex, String leafTags) {
    static Storing of(String pass) {
      return new Storing(pass, "", 0, "");
    }

    static Storing of(long superIndex, String leafTags) {
      return new Storing("", "", superIndex, leafTags);
    }

    Storing with(String newKey) {
      return new Storing(pass, newKey, superIndex, leafTags);
    }

    @Override
    public String toString() {
      return "Storing[pass=%s, superIndex=%d]".formatted(pass, superIndex);
    }
  }

  /** The head of the answer to a frame; the bytes read follow, if any were asked for. */
  record FrameAnswer(@Nullable String fault, @Nullable String message, long bytes) {}
}
