package io.switchback.delta;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the system has of files in memory. */
final class PageCache {
  private static final Logger LOG = LoggerFactory.getLogger(PageCache.class);
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int DONT_NEED = 4;

  private PageCache() {}

  /**
   * Makes the system read {@code file} from its device again. What waits to be written stays. Where
   * the system cannot, nothing happens: it is a help against a device that fails, not a promise.
   */
  static void drop(Path file) {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
        || ValueLayout.ADDRESS.byteSize() != 8) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) Calls.OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
      if (descriptor >= 0) {
        int _ = (int) Calls.FADVISE.invokeExact(descriptor, 0L, 0L, DONT_NEED);
        int _ = (int) Calls.CLOSE.invokeExact(descriptor);
      }
    } catch (Throwable thrown) {
      if (thrown instanceof Error error) {
        throw error;
      }
      LOG.warn("what is in memory of a file could not be dropped file={}", file, thrown);
    }
  }

  /** Apart, so that nothing is linked on a platform that lacks the calls. */
  private static final class Calls {
    static final MethodHandle OPEN =
        link(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle FADVISE =
        link(
            "posix_fadvise",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    static final MethodHandle CLOSE =
        link("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static MethodHandle link(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
  }
}
