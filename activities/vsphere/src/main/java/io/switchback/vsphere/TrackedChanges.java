package io.switchback.vsphere;

import com.vmware.vim25.DiskChangeExtent;
import com.vmware.vim25.DiskChangeInfo;
import com.vmware.vim25.FileFault;
import com.vmware.vim25.InvalidArgument;
import com.vmware.vim25.MethodFault;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.vsphere.soap.FaultString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What vSphere says was written to a disk between an earlier change id and a snapshot.
 *
 * @see <a
 *     href="https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.VirtualMachine.html#queryChangedDiskAreas">vSphere
 *     API, QueryChangedDiskAreas</a>: answers a prefix, to be asked until the end of the disk
 */
final class TrackedChanges {
  private TrackedChanges() {}

  /**
   * @throws ChangesUnknownException when tracking is off, or was reset since
   */
  static List<ByteRange> of(FrozenDisk frozen, String since, ByteRange within) throws IOException {
    Optional<String> now = DiskFiles.changeId(frozen.disk());
    if (now.isEmpty()) {
      throw new ChangesUnknownException("changes of this disk are not tracked");
    }
    // Ids of one tracking have equal beginnings; another one knows nothing of what was before it.
    if (!tracking(now.get()).equals(tracking(since))) {
      throw new ChangesUnknownException(
          "change tracking was reset: '%s' is of another one than '%s'"
              .formatted(since, now.get()));
    }
    List<ByteRange> found = new ArrayList<>();
    long at = within.offsetBytes();
    while (at < within.endBytes()) {
      DiskChangeInfo part = ask(frozen, since, at);
      add(found, part.getChangedArea(), within);
      long next = part.getStartOffset() + part.getLength();
      if (next <= at) {
        throw new ChangesUnknownException("vCenter's list of changes does not go on");
      }
      at = next;
    }
    return found;
  }

  private static String tracking(String changeId) {
    int slash = changeId.indexOf('/');
    return slash < 0 ? changeId : changeId.substring(0, slash);
  }

  private static DiskChangeInfo ask(FrozenDisk frozen, String since, long at) throws IOException {
    try {
      return frozen
          .vm()
          .vcenter()
          .read(
              live ->
                  live.vim()
                      .queryChangedDiskAreas(
                          frozen.vm().reference(),
                          frozen.snapshot().reference(),
                          frozen.disk().getKey(),
                          at,
                          since));
    } catch (FileFault | InvalidArgument unknown) {
      throw reset(unknown);
    }
  }

  private static ChangesUnknownException reset(MethodFault unknown) {
    ChangesUnknownException reset =
        new ChangesUnknownException("change tracking was reset: " + FaultString.of(unknown));
    reset.initCause(unknown);
    return reset;
  }

  private static void add(
      List<ByteRange> found,
      DiskChangeExtent @org.jspecify.annotations.Nullable [] areas,
      ByteRange within) {
    if (areas == null) {
      return;
    }
    for (DiskChangeExtent area : areas) {
      long start = Math.max(area.getStart(), within.offsetBytes());
      long end = Math.min(area.getStart() + area.getLength(), within.endBytes());
      if (start < end) {
        found.add(ByteRange.between(start, end));
      }
    }
  }
}
