package io.switchback.delta.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of Linux that {@link LinuxFile} makes. Apart, so that nothing is linked on a platform
 * that lacks them.
 */
final class LinuxCalls {
  static final StructLayout STATE = Linker.Option.captureStateLayout();
  static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final Linker.Option TELLS_ERRNO = Linker.Option.captureCallState("errno");
  private static final FunctionDescriptor PREADS =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);

  static final MethodHandle OPEN =
      link(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          TELLS_ERRNO,
          Linker.Option.firstVariadicArg(2));
  static final MethodHandle LSEEK =
      link("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT), TELLS_ERRNO);
  static final MethodHandle PREAD = link("pread", PREADS, TELLS_ERRNO);
  static final MethodHandle PREAD_CACHED = link("pread", PREADS, Linker.Option.critical(true));
  static final MethodHandle SYSCALL =
      link(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
          TELLS_ERRNO,
          Linker.Option.firstVariadicArg(1));
  static final MethodHandle FALLOCATE =
      link(
          "fallocate",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
          TELLS_ERRNO);
  static final MethodHandle FLOCK =
      link("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), TELLS_ERRNO);
  static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private LinuxCalls() {}

  private static MethodHandle link(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
